"""A letter as the line carries it.

Django's own way from a message to bytes takes as long as a mail server on the same machine needs
to take the letter. These letters have one shape: two alternatives, each in base64.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from email.header import Header
from email.utils import formatdate, parseaddr
from functools import lru_cache

from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.message import sanitize_address

# It would be more than one address, or more than an address, to the mail server.
NO_ADDRESS = re.compile(r"[\s<>,\x00-\x1f\x7f]")


class Letter(EmailMultiAlternatives):
    """Text and one HTML alternative to one person. Other backends take it like any other mail."""

    wire: bytes

    @property
    def sender(self) -> str:
        return _envelope(self.from_email)

    @property
    def receiver(self) -> str:
        return address(self.to[0])

    def put_together(self) -> None:
        """Make `wire`, the letter ready to send; BadHeaderError for what no header may hold."""
        ((html, _type),) = self.alternatives
        mark = f"=_{self.extra_headers['Message-ID'].strip('<>').split('@')[0]}"
        headers = {
            "Subject": _encoded(self.subject),
            "From": _mailbox(self.from_email),
            "To": address(self.to[0]),
            "Date": formatdate(),
            **self.extra_headers,
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{mark}"',
        }
        head = "\n".join(f"{name}: {_checked(name, value)}" for name, value in headers.items())
        parts = (_part(mark, "plain", str(self.body)), _part(mark, "html", str(html)))
        whole = f"{head}\n\n{''.join(parts)}--{mark}--\n"
        self.wire = whole.replace("\n", "\r\n").encode("ascii")


def _part(mark: str, kind: str, content: str) -> str:
    coded = encodebytes(content.replace("\n", "\r\n").encode()).decode("ascii")
    return (
        f"--{mark}\nContent-Type: text/{kind}; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{coded}\n"
    )


@lru_cache(maxsize=500)
def _encoded(text: str) -> str:
    return text if text.isascii() and len(text) < 60 else Header(text, "utf-8").encode()


@lru_cache(maxsize=20)
def _mailbox(text: str) -> str:
    name, place = parseaddr(text)
    return f"{_encoded(name)} <{address(place)}>" if name else address(place)


def address(text: str) -> str:
    """An address in ASCII, international domains included; BadHeaderError when it is none."""
    if NO_ADDRESS.search(text):
        raise BadHeaderError("an address holds what no address may hold")
    return text if text.isascii() else sanitize_address(text, "utf-8")


@lru_cache(maxsize=20)
def _envelope(text: str) -> str:
    """The bare address of a mailbox with a name."""
    return address(parseaddr(text)[1])


def _checked(name: str, value: str) -> str:
    # Header folds long texts itself, with a space at the beginning of the next line.
    if not value.replace("\n ", "").isprintable():
        raise BadHeaderError(f"{name} holds what no header may hold")
    return value
