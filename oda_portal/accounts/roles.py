"""The roles of the staff as data; `manage.py roles` makes Django's groups out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import CharField, Value
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from oda_portal.audit.models import record_transition

from .areas import keep_areas

if TYPE_CHECKING:
    from .models import User

ALL = "view add change delete"
WRITE = "view add change"
EDIT = "view change"
VIEW = "view"
PUBLISH = "view add"
REVEAL = "reveal"

# Of the programmes what the public reads; what members of the network propose is not among it.
PROGRAMS = (
    "programs.theme", "programs.sector", "programs.program", "programs.countryshare",
    "programs.sectorshare", "programs.sdgtarget", "programs.role", "programs.budgetline",
    "programs.run", "programs.session", "programs.participantgroup", "programs.photo",
    "programs.document", "programs.indicator", "programs.measurement",
    "programs.monitoringvisit", "programs.work", "programs.milestone",
)  # fmt: skip
# Whether and how a programme is reported to IATI, and who answered for what is said of it.
REPORTING = ("programs.reporting", "programs.confirmation", "programs.publisherbudget")
# Written by members of the network; staff take it further.
PROPOSALS = ("programs.proposal", "programs.proposalpartner", "programs.proposalcomment")
# People of the network, and what they suggest: by states and acts, for who works with them.
NETWORK = (
    "partners.membership", "partners.invitation", "partners.suggestion",
    "partners.meetinganswer", "partners.actionitem",
)  # fmt: skip
# What was talked about, with a part for members alone: nobody else reads it here either.
MEETINGS = ("partners.networkmeeting", "partners.meetingdocument")
# What is written for the public, in three languages: all models of three apps, and some more.
CONTENT = (
    *PROGRAMS, "publishing.source",
    "partners.country", "partners.city", "partners.organisation", "partners.agreement",
)  # fmt: skip
# The archive of the forums. What was put right in a closed edition is written with the correction.
FORUMS = (
    "forums.series", "forums.forum", "forums.room", "forums.forumsession",
    "forums.sessionlanguage", "forums.speaker", "forums.appearance", "forums.material",
)  # fmt: skip
CORRECTIONS = ("forums.correction",)
# Sent by speakers; whoever runs a forum has them reviewed, and decides.
PAPERS = ("forums.submission",)
# Files of partners that report to IATI themselves, and the activities in them.
IATI = ("partners.iatifile", "partners.partneractivity")
# Pictures and documents that records show; their versions are written by uploading alone.
LIBRARY = ("library.picture", "library.document", "library.subject")
VERSIONS = ("library.documentversion",)
NEWS = ("news.article", "news.articlephoto", "news.attachment")
PAGES = (
    "pages.office", "pages.department", "pages.strand", "pages.service", "pages.page",
    "pages.pageversion", "pages.faq", "pages.banner", "pages.menuentry",
)  # fmt: skip
CALLS = (
    "volunteers.call", "volunteers.opening", "volunteers.stage", "volunteers.condition",
    "volunteers.requireddocument", "volunteers.question", "volunteers.callanswer",
    "volunteers.interviewslot",
    "reviews.rubric", "reviews.criterion",
)  # fmt: skip
# What people sent. Nobody adds or deletes it by hand: they send it, and its time runs out.
APPLICATIONS = (
    "volunteers.volunteer", "volunteers.application", "volunteers.choice", "volunteers.answer",
    "volunteers.applicationfile", "volunteers.staffquestion",
)  # fmt: skip
# What is kept for the journey alone: for those who prepare it, and for nobody else.
JOURNEY = (
    "volunteers.checklistitem", "volunteers.readiness", "volunteers.traveldocument",
    "volunteers.healthnote", "volunteers.emergencycontact", "volunteers.insurancecertificate",
)  # fmt: skip

# What comes after a deployment: who was there and for how long, and what they thought of it.
SERVICE = (
    "volunteers.trainingday", "volunteers.attendance", "volunteers.servicerecord",
    "volunteers.surveyanswer",
)  # fmt: skip
# Written by volunteers; staff put right, translate and publish.
STORIES = ("volunteers.story",)
REPORTS = ("volunteers.deploymentreport",)
# Asked by readers: whoever knows the subject answers.
INQUIRIES = ("pages.inquiry",)
# Which texts are out of date, counted for whoever writes them.
TRANSLATIONS = ("translating.translationstate",)
# What the worker found that texts and records lack; whoever writes them says what is fine.
CARE = ("care.finding",)
# Who gets news by email: ended for whoever asks the office to.
SUBSCRIPTIONS = ("news.subscription",)


# Whose masked data somebody with the role may see for a reason (privacy/masked_fields.py).
REVEALED = (
    "volunteers.volunteer", "volunteers.application", "forums.registration", "forums.submission",
    "partners.membership", "partners.invitation", "pages.inquiry", "news.subscription",
    "mail.message", "accounts.user",
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    """`may`: acts ("view change …") → models ("app.model", or "app.*" for all of an app)."""

    name: str
    label: str | Promise
    may: Mapping[str, tuple[str, ...]]
    # A translator changes the columns of this language alone.
    language: str = ""


def _translator(language: str, label: str | Promise) -> Role:
    written = (
        *CONTENT, *FORUMS, *MEETINGS, *LIBRARY, *NEWS, *PAGES, *CALLS, *REPORTS, *STORIES,
        "mail.mailtemplate",
    )  # fmt: skip
    may = {EDIT: written, VIEW: (*CORRECTIONS, *VERSIONS, *TRANSLATIONS, *CARE)}
    return Role(f"translator_{language.replace('-', '_')}", label, may, language)


ROLES: tuple[Role, ...] = (
    Role(
        "editor",
        pgettext_lazy("role", "Editor"),
        {
            ALL: (*CONTENT, *FORUMS, *MEETINGS, *LIBRARY, *NEWS, *PAGES, *REPORTS, *REPORTING),
            WRITE: ("mail.mailtemplate", "programs.publisher", *IATI),
            EDIT: (*STORIES, *INQUIRIES, *SUBSCRIPTIONS, *CARE),
            REVEAL: INQUIRIES,
            PUBLISH: ("programs.publication",),
            VIEW: (
                "pages.satisfactionanswer",
                "audit.transition",
                "programs.identifier",
                *CALLS,
                *CORRECTIONS,
                *VERSIONS,
                *TRANSLATIONS,
            ),
        },
    ),
    _translator("ko", pgettext_lazy("role", "Translator, Korean")),
    _translator("en", pgettext_lazy("role", "Translator, English")),
    _translator("zh-hans", pgettext_lazy("role", "Translator, Chinese")),
    # What they review they read on their own pages: the back office would tell them whose it is.
    Role(
        "reviewer",
        pgettext_lazy("role", "Reviewer"),
        {VIEW: CALLS, "score": ("reviews.review",)},
    ),
    Role(
        "volunteer_coordinator",
        pgettext_lazy("role", "Volunteer coordinator"),
        {
            ALL: (*CALLS, *REPORTS),
            WRITE: ("mail.mailtemplate", "volunteers.staffquestion", "certificates.batch"),
            EDIT: (
                *APPLICATIONS,
                *JOURNEY,
                *SERVICE,
                *STORIES,
                *INQUIRIES,
                *CARE,
                "mail.message",
                "certificates.certificate",
            ),
            "assign": ("reviews.review",),
            REVEAL: (
                "volunteers.volunteer",
                "volunteers.application",
                *INQUIRIES,
                "mail.message",
            ),
            VIEW: (
                *CONTENT,
                *TRANSLATIONS,
                "reviews.review",
                "seats.pool",
                "seats.seat",
                "audit.transition",
            ),
        },
    ),
    Role(
        "network_manager",
        pgettext_lazy("role", "Network manager"),
        {
            ALL: ("partners.*", "publishing.source"),
            EDIT: (*PROPOSALS, *CARE),
            REVEAL: ("partners.membership", "partners.invitation"),
            VIEW: (*PROGRAMS, *TRANSLATIONS, "audit.transition"),
        },
    ),
    Role(
        "forum_manager",
        pgettext_lazy("role", "Forum manager"),
        {
            # Who held an edition and its pictures are edited with it, on its own page.
            ALL: (
                *FORUMS,
                *LIBRARY,
                "programs.role",
                "programs.photo",
                "programs.document",
                "reviews.rubric",
                "reviews.criterion",
            ),
            # Registrations are changed at the door as well: whoever comes is checked in.
            EDIT: ("forums.registration", *PAPERS, "certificates.certificate"),
            WRITE: ("certificates.batch",),
            "assign": ("reviews.review",),
            REVEAL: ("forums.registration", *PAPERS),
            VIEW: (
                *CONTENT,
                *CORRECTIONS,
                *VERSIONS,
                *TRANSLATIONS,
                "forums.arrival",
                "reviews.review",
                "audit.transition",
            ),
        },
    ),
    Role(
        "privacy_officer",
        pgettext_lazy("role", "Privacy officer"),
        {
            WRITE: ("privacy.consenttext", "privacy.retentionrule", "privacy.hold"),
            EDIT: ("privacy.privacyrequest", "privacy.retentionnotice", *SUBSCRIPTIONS),
            REVEAL: REVEALED,
            VIEW: (
                "privacy.*",
                *CALLS,
                *APPLICATIONS,
                *STORIES,
                *INQUIRIES,
                "forums.registration",
                *PAPERS,
                *PROPOSALS,
                *NETWORK,
                "reviews.review",
                "certificates.certificate",
                "accounts.user",
                "audit.transition",
            ),
        },
    ),
    Role(
        "administrator",
        pgettext_lazy("role", "Administrator"),
        {
            WRITE: ("accounts.user", "mail.mailtemplate"),
            EDIT: ("pages.office", "pages.department", "mail.message"),
            REVEAL: ("accounts.user", "mail.message"),
            VIEW: (
                "audit.transition",
                "pages.satisfactionanswer",
                "jobs.job",
                "watching.condition",
            ),
        },
    ),
)
BY_NAME = {role.name: role for role in ROLES}


# --- groups ----------------------------------------------------------------------------------


@cache
def permissions_of(name: str) -> frozenset[tuple[str, str]]:
    """App label and codename of each of a role's permissions; `view` comes with its history."""
    found = set()
    for acts, names in BY_NAME[name].may.items():
        for model in (model for name in names for model in _models(name)):
            options = model._meta
            found |= {(options.app_label, f"{act}_{options.model_name}") for act in acts.split()}
            if hasattr(model, "history"):
                found.add((options.app_label, f"view_historical{options.model_name}"))
    return frozenset(found)


def _models(name: str) -> list[type[models.Model]]:
    """Raises LookupError for an app or a model that does not exist."""
    label, _dot, model = name.partition(".")
    if model != "*":
        return [apps.get_model(name)]
    every = apps.get_app_config(label).get_models()
    return [found for found in every if not str(found._meta.model_name).startswith("historical")]


@transaction.atomic
def set_up_roles() -> list[str]:
    """Give each role's group exactly its permissions; the names of those that were changed."""
    _make_permissions_to_reveal()
    columns = ("content_type__app_label", "codename", "pk")
    known = {(app, name): pk for app, name, pk in Permission.objects.values_list(*columns)}
    groups = {group.name: group for group in Group.objects.prefetch_related("permissions")}
    changed = []
    for role in ROLES:
        group = groups.get(role.name) or Group.objects.get_or_create(name=role.name)[0]
        wanted = {known[key] for key in permissions_of(role.name)}
        if {row.pk for row in group.permissions.all()} != wanted:
            group.permissions.set(wanted)
            changed.append(role.name)
    return changed


def _make_permissions_to_reveal() -> None:
    """They belong to no model’s own options: what is masked is a matter of the back office."""
    kinds = ContentType.objects.get_for_models(*map(apps.get_model, REVEALED))
    revealing = Permission.objects.filter(codename__startswith=f"{REVEAL}_")
    there = set(revealing.values_list("codename", flat=True))
    Permission.objects.bulk_create(
        Permission(content_type=kind, codename=name, name=f"Can reveal {model._meta.model_name}")
        for model, kind in kinds.items()
        if (name := f"{REVEAL}_{model._meta.model_name}") not in there
    )


# --- people ----------------------------------------------------------------------------------


def roles_of(user: User) -> set[str]:
    """Names of the person's roles; asked of the database once for each user object."""
    if not hasattr(user, "_role_names"):
        names = groups_of(user) if user.is_staff else []
        user._role_names = {name for name in names if name in BY_NAME}  # type: ignore[attr-defined]
    return user._role_names  # type: ignore[attr-defined]


def groups_of(user: User) -> list[str]:
    """Names of all groups the person is in; asked of the database once for each user object."""
    if not hasattr(user, "_group_names"):
        user._group_names = sorted(user.groups.values_list("name", flat=True))  # type: ignore[attr-defined]
    return user._group_names  # type: ignore[attr-defined]


def rights_of(user: User) -> set[str]:
    """All permissions of an active person, “app.act_model”; their groups and areas are kept."""
    nothing = Value(None, CharField())
    columns = ("permissions__content_type__app_label", "permissions__codename")
    theirs = Group.objects.filter(user=user).values_list("name", *columns, nothing)
    columns = ("content_type__app_label", "codename")
    own = Permission.objects.filter(user=user).values_list(nothing, *columns, nothing)
    areas = user.work_areas.values_list(nothing, nothing, nothing, "kind")
    rows = list(theirs.order_by().union(own.order_by(), areas.order_by(), all=True))
    user._group_names = sorted({name for name, *_rest in rows if name})  # type: ignore[attr-defined]
    keep_areas(user, (kind for *_rest, kind in rows if kind))
    return {f"{app}.{codename}" for _name, app, codename, _kind in rows if codename}


def may_grant_roles(user: User) -> bool:
    return user.is_superuser or "administrator" in roles_of(user)


def record_roles(user: User, before: set[str], after: set[str], *, by: User) -> None:
    """Write down each role that was given or taken; the caller has just saved them."""
    for name in sorted(after - before):
        record_transition(user, "roles", "", name, by=by)
    for name in sorted(before - after):
        record_transition(user, "roles", name, "", by=by)


def languages_to_write(user: User, model: type[models.Model]) -> set[str] | None:
    """The languages whose columns a translator may change; None for whoever may change all."""
    languages = {BY_NAME[name].language for name in roles_of(user)} - {""}
    options = model._meta
    if not languages or user.has_perm(f"{options.app_label}.add_{options.model_name}"):
        return None
    return languages
