"""The registry of mails: every mail that the portal can send has its kind here.

Each app registers its own in `AppConfig.ready()`, through a module `mails.py`. The texts stand in
`templates/mail/<language>/<name>.txt`; staff may put their own in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .models import Message

Words: TypeAlias = "str | Promise"

OPEN = _("Open the page")
LINK, PERSONAL_LINK = "link", "personal_link"
CHANGE_LINK = "change_link"

# What every text may say besides the placeholders of its kind.
COMMON: dict[str, Words] = {
    "name": _("the recipient’s name, which may be empty"),
    "office": _("the office’s name"),
}


class Leave(NamedTuple):
    """Where the receiver changes or stops such mails, and where one POST stops them (RFC 8058)."""

    page: str
    one_click: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    label: Words
    group: Words
    # What the text may say, and what each of them is in words for staff.
    placeholders: Mapping[str, Words] = field(default_factory=dict)
    # A value for each placeholder, for previews.
    sample: Mapping[str, Words] = field(default_factory=dict)
    # Placeholders without which a text of staff's own is refused.
    required: Collection[str] = ()
    # What the link that looks like a button says.
    button: Words = field(default_factory=lambda: OPEN)
    # The mail holds a link that only its receiver may follow: `{personal_link}`. `opens` answers
    # whoever follows it, for `lifetime` from the sending; it must change nothing on GET. `renew`
    # names the address where a new one can be asked for.
    personal: bool = False
    lifetime: timedelta = timedelta(days=7)
    opens: Callable[[HttpRequest, Message], HttpResponse] | None = None
    renew: str = ""
    # Mails that people asked for and may stop: `{change_link}`, and the headers of one click. The
    # addresses are the receiver's own; they are made at delivery and shown to nobody else.
    leave: Callable[[Message], Leave] | None = None
    # Placeholders whose values hold addresses of the portal: in HTML they become links.
    linked: Collection[str] = ()
    # The context holds a secret (a link of allauth's): kept encrypted, wiped once sent, and never
    # shown to anybody.
    secret: bool = False
    # Somebody waits for it at the screen: it goes out before the others.
    urgent: bool = False
    # Nobody needs to know later to whom it went: its row goes as soon as it is sent.
    forgotten: bool = False
    # Asked at delivery: what it is about is no more, so that it goes unsent.
    is_void: Callable[[Message], bool] | None = None

    @property
    def link(self) -> str:
        """The placeholder that stands for the address of the mail's page."""
        return PERSONAL_LINK if self.personal else LINK

    @property
    def known(self) -> dict[str, Words]:
        """Every placeholder that a text of this kind may hold, with its meaning."""
        meaning = _("the personal link") if self.personal else _("the address of the page")
        found = {**COMMON, **self.placeholders, self.link: meaning}
        if self.leave:
            found[CHANGE_LINK] = _("where the recipient changes or stops such emails")
        return found

    @property
    def needed(self) -> set[str]:
        """Placeholders that a text of this kind must hold in its body."""
        own_link = [self.link] if self.personal or self.secret else []
        return {*self.required, *own_link, *([CHANGE_LINK] if self.leave else [])}


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of mail known; raises ValueError when its name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"the mail {kind.name} is registered twice")
    _kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """The kind with this name; raises KeyError when no app registered it."""
    return _kinds[name]


def registered() -> list[Kind]:
    return list(_kinds.values())


def label_of(name: str) -> str:
    """What staff call it; a kind that is no longer registered keeps its name."""
    return str(_kinds[name].label) if name in _kinds else name


def is_secret(name: str) -> bool:
    """Whether its text is shown to nobody; of a kind that is no longer registered neither."""
    return _kinds[name].secret if name in _kinds else True
