"""In place of a puzzle: each form carries a sealed stamp that says when it was opened.

A machine answers at once. Whoever is refused by this keeps all they wrote and sends it once more.
"""

from __future__ import annotations

import secrets
from enum import Enum

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

QUICKEST = 3  # seconds in which nobody reads and fills in the form
OLDEST = 24 * 60 * 60

_signer = TimestampSigner(salt="oda_portal.pages.inquiring")


class Verdict(Enum):
    GOOD = "good"
    TOO_QUICK = "too quick"
    NOT_OURS = "not ours, or too old"


def new_stamp() -> str:
    return _signer.sign(secrets.token_urlsafe(12))


def verdict_on(stamp: str) -> Verdict:
    try:
        _signer.unsign(stamp, max_age=OLDEST)
    except BadSignature:  # one that is too old among them
        return Verdict.NOT_OURS
    try:
        _signer.unsign(stamp, max_age=QUICKEST)
    except SignatureExpired:
        return Verdict.GOOD
    return Verdict.TOO_QUICK
