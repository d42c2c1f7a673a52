"""Which certificates there are: an app registers its kinds in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

Words: TypeAlias = "str | Promise"
# Texts by language code: "ko", "en", "zh-hans". What is missing is taken from another language.
Texts: TypeAlias = Mapping[str, str]

STATEMENT = _("We certify that the person named above took part as stated here.")


class Script(models.TextChoices):
    """The writings in which somebody may have a name."""

    HANGUL = "hangul", _("Hangul")
    HANZI = "hanzi", _("Chinese characters")
    LATIN = "latin", _("Roman letters")
    CYRILLIC = "cyrillic", _("Cyrillic letters")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a certificate says of its subject; it is copied when the certificate is issued.

    `names`: the holder's, by `Script`, at least one. `subject`: what they took part in.
    """

    names: Mapping[str, str]
    subject: Texts
    starts_on: date | None = None
    ends_on: date | None = None
    hours: Decimal | int | None = None
    place: Texts = field(default_factory=dict)
    role: Texts = field(default_factory=dict)


class Reader(NamedTuple):
    """Who is told of a certificate by mail; an account, or an address without one."""

    email: str
    name: str
    language: str
    user: User | None = None


@dataclass(frozen=True, kw_only=True)
class CertificateKind:
    """One sort of certificate about the rows of one model.

    `rule(subject)`: "" when it may be issued, else the reason why not yet, in words for staff.
    `language_of(subject)`: the language in which the holder reads; Korean stands on every page.
    `people(subjects)`: whose data a list of these shows, for the access record; as many questions
    to the database for many as for one.
    `mail`: a kind of the outbox that takes the placeholders `certificate` and `number`.
    `reader(subject)`: to whom it goes; without it, to the holder’s account if there is one. Who
    may have no account needs a mail with a personal link.
    `seen_with`: the permission without which staff are shown none of its certificates.
    """

    name: str
    label: Words
    model: type[models.Model]
    rule: Callable[[Any], str]
    facts: Callable[[Any], Facts]
    holder: Callable[[Any], User | None]
    language_of: Callable[[Any], str]
    people: Callable[[Iterable[Any]], Iterable[models.Model]]
    statement: Words = STATEMENT
    mail: str = "certificate_issued"
    reader: Callable[[Any], Reader | None] | None = None
    seen_with: str = ""

    def reader_of(self, subject: models.Model) -> Reader | None:
        if self.reader is not None:
            return self.reader(subject)
        user = self.holder(subject)
        if user is None:
            return None
        return Reader(user.email, user.name, user.preferred_language, user)


_kinds: dict[str, CertificateKind] = {}


def register(kind: CertificateKind) -> CertificateKind:
    """Make a kind known; raises ValueError when its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"the certificate {kind.name} is registered twice")
    _kinds[kind.name] = kind
    return kind


def forget(name: str) -> None:
    """Take a kind away again; what was issued stays."""
    _kinds.pop(name, None)


def kind_of(name: str) -> CertificateKind:
    """Raises KeyError when no app registered it."""
    return _kinds[name]


def is_registered(name: str) -> bool:
    return name in _kinds


def kinds() -> list[CertificateKind]:
    return list(_kinds.values())


def choices() -> list[tuple[str, Words]]:
    return [(kind.name, kind.label) for kind in _kinds.values()]


def label_of(name: str) -> str:
    """What staff call it; a kind that is no longer registered keeps its name."""
    return str(_kinds[name].label) if name in _kinds else name
