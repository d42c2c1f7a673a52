"""What each role may do, in words; who has which, since when and from whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.admin import APP_ORDER
from oda_portal.audit.models import Transition

from .areas import FIELD as AREAS
from .areas import offered
from .models import User
from .roles import BY_NAME, ROLES, Role, permissions_of

MOST_STEPS = 200
Words = str | Promise

# Sets of acts, the strongest first, and what they are called; the rest adds words of its own.
RIGHTS: list[tuple[set[str], Words]] = [
    ({"view", "add", "change", "delete"}, _("everything, including deletion")),
    ({"view", "add", "change"}, _("add and edit")),
    ({"view", "change"}, _("edit")),
    ({"view", "add"}, _("add")),
    ({"view"}, pgettext_lazy("right", "read")),
]
MORE: dict[str, Words] = {
    "reveal": _("show masked data"),
    "assign": _("assign reviewers"),
    "score": _("score"),
}
TRANSLATE = _("translate")


class Group(NamedTuple):
    """An app of the back office: its name, and its kinds of record with a cell for each role."""

    label: str
    rows: list[tuple[str, list[str]]]


@dataclass
class Held:
    """A role that somebody has; without a step it was given before steps were written down."""

    label: Words
    since: datetime | None = None
    by: User | None = None


@dataclass
class Holder:
    person: User
    roles: list[Held] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)


class Step(NamedTuple):
    at: datetime
    person: User | None
    number: int
    label: str
    is_given: bool
    is_area: bool
    by: User | None


def matrix(site: admin.AdminSite, roles: Iterable[Role] = ROLES) -> list[Group]:
    """The kinds of record that have pages in the back office, app by app."""
    roles = list(roles)
    pairs = [(role, _acts_of(role)) for role in roles]
    groups: dict[str, Group] = {}
    place = {label: number for number, label in enumerate(APP_ORDER)}
    models = sorted(site._registry, key=lambda one: place.get(one._meta.app_label, len(place)))
    for model in models:
        options = model._meta
        key = (options.app_label, options.model_name or "")
        cells = [_cell(role, by[key]) if key in by else "" for role, by in pairs]
        if any(cells):
            label = str(options.app_config.verbose_name) if options.app_config else key[0]
            group = groups.setdefault(options.app_label, Group(label, []))
            group.rows.append((str(capfirst(options.verbose_name_plural)), cells))
    return list(groups.values())


def _acts_of(role: Role) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for label, codename in permissions_of(role.name):
        act, _sep, model = codename.partition("_")
        found.setdefault((label, model), set()).add(act)
    return found


def _cell(role: Role, acts: set[str]) -> str:
    plain = next((words for right, words in RIGHTS if right <= acts), "")
    if role.language and "change" in acts:
        plain = TRANSLATE
    return ", ".join(str(words) for words in (plain, *_more(acts)) if words)


def _more(acts: set[str]) -> list[Words]:
    return [words for act, words in MORE.items() if act in acts]


# --- people ----------------------------------------------------------------------------------


def holders() -> list[Holder]:
    """Everybody of the staff with their roles; the same number of questions for all."""
    people = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    people = people.prefetch_related("groups", "work_areas").order_by("name", "email")
    newest: dict[tuple[int, str], Transition] = {}
    for step in _trail().filter(object_id__in=people.values("pk"), to_state__gt="").order_by("pk"):
        newest[step.object_id, step.to_state] = step
    names = dict(offered())
    return [_holder(person, newest, names) for person in people]


def _holder(
    person: User, newest: dict[tuple[int, str], Transition], names: dict[str, str]
) -> Holder:
    given = [group.name for group in person.groups.all() if group.name in BY_NAME]
    held = [name for name in BY_NAME if name in given]
    held += ["is_superuser"] if person.is_superuser else []
    roles = []
    for name in held:
        step = newest.get((person.pk, name))
        roles.append(Held(label_of(name), step.at if step else None, step.by if step else None))
    areas = [str(names.get(row.kind, row.kind)) for row in person.work_areas.all()]
    return Holder(person, roles, areas)


def label_of(name: str) -> Words:
    flags: dict[str, Words] = {
        "is_superuser": _("Everything (superuser)"),
        "is_staff": _("Staff, may enter the back office"),
    }
    return BY_NAME[name].label if name in BY_NAME else flags.get(name, name)


def steps(role: str = "") -> list[Step]:
    """What was given and taken, the newest first."""
    rows = _trail().order_by("-pk")
    if role:
        rows = rows.filter(Q(from_state=role) | Q(to_state=role))
    rows = rows[:MOST_STEPS]
    people = User.objects.in_bulk({row.object_id for row in rows})
    kinds: dict[str, Any] = dict(offered())
    return [_step(row, people.get(row.object_id), kinds) for row in rows]


def _step(row: Transition, person: User | None, kinds: dict[str, Any]) -> Step:
    name, is_area = row.to_state or row.from_state, row.field == AREAS
    label = kinds.get(name, name) if is_area else label_of(name)
    return Step(row.at, person, row.object_id, str(label), bool(row.to_state), is_area, row.by)


def _trail() -> Any:
    kind = ContentType.objects.get_for_model(User)
    rows = Transition.objects.filter(content_type=kind, field__in=("roles", AREAS))
    return rows.select_related("by")
