"""Logs that a machine can read, one JSON object a line, and that hold no secret of a reader."""

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


def without_secrets(text: str) -> str:
    """The text with what opens something, and every query, left out of its addresses."""
    text = _SECRET.sub(lambda found: f"{next(filter(None, found.groups()))}…", text)
    return _QUERY.sub("?…", text)


class WithoutSecrets(logging.Filter):
    """Cleans whatever a record says, its traceback too; stands at the handler, so before all."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            # Formatters take it from here.
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
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
