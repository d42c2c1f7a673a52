"""Who needs an organisation's IATI identifier to stay as it is; apps to the right say so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What no identifier may hold, by the rules of IATI.
_BAD = re.compile(r"[/&|?\s]")
# What one sees and nothing else: no letters of other scripts that look alike, nothing invisible.
_PLAIN = re.compile(r"[ -~]*")

# Whether identifiers that were published begin with that of the organisation with this key.
Keeps = Callable[[int], bool]

_keepers: list[Keeps] = []


def keep(keeps: Keeps) -> None:
    _keepers.append(keeps)


def is_legal(reference: str) -> bool:
    return not _BAD.search(reference)


def is_plain(reference: str) -> bool:
    return bool(_PLAIN.fullmatch(reference))


def folded(reference: str) -> str:
    """The same for identifiers that people take for one: in other letters, wide, or with spaces."""
    return "".join(unicodedata.normalize("NFKC", reference).casefold().split())


def check(organisation: int | None, before: str | None, after: str | None) -> None:
    """Raise ValidationError where an organisation may not have this identifier."""
    if after and not is_legal(after):
        raise ValidationError(
            {"org_ref": _("An identifier has no spaces and none of the signs / & | ? in it.")}
        )
    if organisation and before and after != before and any(keep(organisation) for keep in _keepers):
        sentence = _("Identifiers that were published begin with this one. It cannot be changed.")
        raise ValidationError({"org_ref": sentence})
