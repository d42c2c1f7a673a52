"""Logs that a machine can read, one JSON object a line, and that tell of no person."""

import json
import logging
import re
from datetime import UTC, datetime

from oda_portal.watching import ids

# Whoever has one of these addresses has what lies behind it: a mailed link, a new password,
# the answer to an inquiry, a page that is not public yet.
_SECRET = re.compile(
    r"(/mail/(?:[a-z]+/)?)[\w-]{20,}(?:/[\w-]{20,})?"
    r"|(/accounts/(?:password/reset/key|confirm-email)/)[^\s/?\"'<>]+"
    r"|(/contact/)[2-9A-Za-z]{4}(?:-[2-9A-Za-z]{4}){2}"
    r"|(/previews/)[\w-]{32}"
)
# What somebody searched for, or came back from.
_QUERY = re.compile(r"\?[\w.%-]+=[^\s\"'<>]*")
_PERSONAL = re.compile(
    # An email address. A word that somebody makes long is not gone through again from each letter.
    r"(?:(?<![\w.+-])[\w.+-]+|[\w.+-]{1,64})@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.-])(?:\+\d{1,3}[ -]?)?0?\d{1,2}[ -]\d{3,4}[ -]\d{4}(?![\w-])"  # a telephone
    r"|(?<![\w.-])01\d{8,9}(?!\w)"
    # The logs are in English: other letters are somebody's own words, in an address too.
    r"|[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]+"
    r"|(?:%[eE][3-9a-dA-D](?:%[89abAB][0-9a-fA-F]){2})+"
)
# PostgreSQL tells the values of the row that it refuses.
_ROW = re.compile(
    r"(DETAIL: +(?:Key|Failing row)[^=\n]*?)(?:=\(| contains \().*?\)(?=[ .]|$)", re.M
)
# What an error says of a value: whatever is not a plain name of the code may be somebody's.
_QUOTED = re.compile(r"(?<!\w)(['\"])((?:(?!\1).)*)\1(?!\w)")
_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)


def without_secrets(text: str) -> str:
    """The text without what opens something, queries, or what tells of a person."""
    text = _SECRET.sub(lambda found: f"{next(filter(None, found.groups()))}…", text)
    text = _QUERY.sub("?…", text)
    return _PERSONAL.sub("…", _ROW.sub(r"\1 …", text))


def without_values(text: str) -> str:
    """The text with the values cut out of what errors say; lines of code in a traceback stay."""
    lines = text.split("\n")
    return "\n".join(line if line.startswith(" ") else _QUOTED.sub(_value, line) for line in lines)


def _value(found: re.Match[str]) -> str:
    return found[0] if _NAME.fullmatch(found[2]) else "'…'"


class WithoutSecrets(logging.Filter):
    """Cleans whatever a record says, its traceback too; stands at the handler, so before all."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_values(without_secrets(record.getMessage())), ()
        if record.exc_info and not record.exc_text:
            # Formatters take it from here.
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_values(without_secrets(record.exc_text))
        return True


class WithNumber(logging.Filter):
    """Gives each record the number of its request or task; a dash to what belongs to none."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes about an answer when the request is over.
        request = getattr(record, "request", None)
        record.number = getattr(request, "number", "") or ids.present() or "-"
        return True


class JsonFormatter(logging.Formatter):
    """Time (UTC, ISO 8601), level, logger, number of the request or task, message, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "number", "-"),
            "message": record.getMessage(),
        }
        if (status := getattr(record, "status_code", None)) is not None:
            entry["status"] = status
        if record.exc_info:
            entry["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
