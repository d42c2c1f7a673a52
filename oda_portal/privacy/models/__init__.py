"""One file a subject; everything is imported from here."""

from .access import AccessRecord, AccessSubject, Act, Seal
from .consents import Consent, ConsentText, Kind, ShownText
from .holds import Hold
from .requests import IllegalMoveError, PrivacyRequest
from .retention import DestructionLedger, RetentionNotice, RetentionRule

__all__ = [
    "AccessRecord",
    "AccessSubject",
    "Act",
    "Consent",
    "ConsentText",
    "DestructionLedger",
    "Hold",
    "IllegalMoveError",
    "Kind",
    "PrivacyRequest",
    "RetentionNotice",
    "RetentionRule",
    "Seal",
    "ShownText",
]
