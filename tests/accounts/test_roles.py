"""What each role may do in the back office, and who gives roles away."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import models, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import ROLES, set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.mail.models import MailTemplate
from oda_portal.publishing.models import Publishable, Status
from tests import factories
from tests.admin.forms import filled
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

# v sees lists, records and their history; a adds, c changes, d deletes. Nobody else sees anything.
TRANSLATORS = ("translator_ko", "translator_en", "translator_zh_hans")
READERS = {"volunteer_coordinator": "v", "forum_manager": "v"}
WRITTEN = {"editor": "vacd", **dict.fromkeys(TRANSLATORS, "vc")}
PARTNERS = {**WRITTEN, **READERS, "network_manager": "vacd"}
PROGRAMS = {**WRITTEN, **READERS, "network_manager": "v"}
FORUMS = {**WRITTEN, "forum_manager": "vacd"}
TRAIL = dict.fromkeys(
    ("editor", "volunteer_coordinator", "network_manager", "forum_manager", "privacy_officer",
     "administrator"), "v",
)  # fmt: skip
CALLS = {
    "editor": "v", **dict.fromkeys(TRANSLATORS, "vc"), "reviewer": "v",
    "volunteer_coordinator": "vacd", "privacy_officer": "v",
}  # fmt: skip
APPLICATIONS = {"volunteer_coordinator": "v", "privacy_officer": "v"}
LETTERS = {"editor": "vac", **dict.fromkeys(TRANSLATORS, "vc"), "volunteer_coordinator": "vac"}
CERTIFICATES = {"volunteer_coordinator": "v", "forum_manager": "v", "privacy_officer": "v"}
MAY: dict[str, dict[str, str]] = {
    "accounts.user": {"administrator": "vac", "privacy_officer": "v"},
    "audit.transition": TRAIL,
    "care.finding": {
        **dict.fromkeys(("editor", *TRANSLATORS, "volunteer_coordinator", "network_manager"), "v"),
    },
    "certificates.batch": {"volunteer_coordinator": "v", "forum_manager": "v"},
    "certificates.certificate": CERTIFICATES,
    "forums.forum": FORUMS,
    "forums.forumsession": FORUMS,
    "forums.registration": {"forum_manager": "v", "privacy_officer": "v"},
    "forums.series": FORUMS,
    "forums.speaker": FORUMS,
    "forums.submission": {"forum_manager": "v", "privacy_officer": "v"},
    # The example is a Korean text: other translators only read it.
    "mail.mailtemplate": {
        **LETTERS,
        "translator_en": "v",
        "translator_zh_hans": "v",
        "administrator": "vac",
    },
    "library.document": FORUMS,
    "library.picture": FORUMS,
    "library.subject": FORUMS,
    "jobs.job": {"administrator": "v"},
    "mail.message": {"volunteer_coordinator": "vc", "administrator": "vc"},
    "news.article": WRITTEN,
    "news.subscription": {"editor": "v", "privacy_officer": "v"},
    "pages.department": {**WRITTEN, "administrator": "vc"},
    "pages.banner": WRITTEN,
    "pages.faq": WRITTEN,
    "pages.menuentry": WRITTEN,
    "pages.inquiry": {"editor": "vc", "volunteer_coordinator": "vc", "privacy_officer": "v"},
    "pages.office": {**WRITTEN, "administrator": "vc"},
    "pages.page": WRITTEN,
    "pages.satisfactionanswer": {"editor": "v", "administrator": "v"},
    "pages.service": WRITTEN,
    "pages.strand": WRITTEN,
    "partners.actionitem": {"network_manager": "vacd", "privacy_officer": "v"},
    "partners.agreement": PARTNERS,
    "partners.city": PARTNERS,
    "partners.country": PARTNERS,
    "partners.iatifile": {"editor": "va", "network_manager": "va"},
    "partners.invitation": {"network_manager": "v", "privacy_officer": "v"},
    "partners.meetinganswer": {"network_manager": "v", "privacy_officer": "v"},
    "partners.membership": {"network_manager": "v", "privacy_officer": "v"},
    "partners.networkmeeting": {**WRITTEN, "network_manager": "vacd"},
    "partners.networkmember": {"network_manager": "vac"},
    "partners.organisation": PARTNERS,
    "partners.partneractivity": {"editor": "vc", "network_manager": "vc"},
    "partners.suggestion": {"network_manager": "v", "privacy_officer": "v"},
    "programs.identifier": {"editor": "v"},
    "programs.indicator": PROGRAMS,
    "programs.monitoringvisit": PROGRAMS,
    "programs.program": PROGRAMS,
    "programs.proposal": {"network_manager": "vc", "privacy_officer": "v"},
    "programs.publication": {"editor": "v"},
    "programs.publisher": {"editor": "vac"},
    "programs.run": PROGRAMS,
    "programs.sector": PROGRAMS,
    "programs.theme": PROGRAMS,
    "publishing.source": PARTNERS,
    "reviews.review": {"volunteer_coordinator": "v", "forum_manager": "v", "privacy_officer": "v"},
    "reviews.rubric": {**CALLS, "forum_manager": "vacd"},
    "translating.translationstate": {
        **dict.fromkeys(("editor", *TRANSLATORS, "volunteer_coordinator"), "v"),
        "network_manager": "v",
        "forum_manager": "v",
    },
    "volunteers.application": APPLICATIONS,
    "volunteers.call": CALLS,
    "volunteers.deploymentreport": {**WRITTEN, "volunteer_coordinator": "vacd"},
    "volunteers.interviewslot": CALLS,
    "volunteers.story": {
        **dict.fromkeys(("editor", "volunteer_coordinator", *TRANSLATORS), "vc"),
        "privacy_officer": "v",
    },
    "volunteers.volunteer": APPLICATIONS,
    "privacy.accessrecord": {"privacy_officer": "v"},
    "privacy.consent": {"privacy_officer": "v"},
    "privacy.consenttext": {"privacy_officer": "vac"},
    "privacy.destructionledger": {"privacy_officer": "v"},
    "privacy.hold": {"privacy_officer": "va"},
    "privacy.privacyrequest": {"privacy_officer": "vc"},
    "privacy.retentionnotice": {"privacy_officer": "v"},
    "privacy.retentionrule": {"privacy_officer": "vac"},
    "privacy.seal": {"privacy_officer": "v"},
}
NAMES = [role.name for role in ROLES]
# What a new one is made for, where its form is not there without.
ASKED = {MailTemplate: {"kind": "staff_mail_failed", "language": "ko"}}
MODELS = sorted(RECORDS, key=lambda model: model._meta.label_lower)


def member(*roles: str) -> User:
    """Somebody of the staff with these roles and nothing else."""
    if not Group.objects.exists():
        set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def acts_allowed(user: User, model: type[models.Model], row: models.Model) -> str:
    """The letters of what the person may do, as the functions say that every page asks."""
    request, pages = HttpRequest(), admin.site.get_model_admin(model)
    request.user = user
    answers = {
        "v": pages.has_view_permission(request) and pages.has_view_permission(request, row),
        "a": pages.has_add_permission(request),
        "c": pages.has_change_permission(request, row),
        "d": pages.has_delete_permission(request, row),
    }
    return "".join(act for act, is_allowed in answers.items() if is_allowed)


def acts_shown(client: Client, model: type[models.Model], row: models.Model) -> str:
    """The same, as the pages of the back office tell the person who is signed in."""
    pages = [address(model, "changelist"), address(model, "history", row.pk)]
    # A list of one record leads straight to it.
    shown = {client.get(page).status_code for page in pages} - {302}
    assert shown in ({200}, {403}), model
    found = "v" if shown == {200} else ""
    found += "a" * (client.get(address(model, "add"), ASKED.get(model)).status_code == 200)
    form = client.get(address(model, "change", row.pk))
    may_change = form.status_code == 200 and form.context["has_change_permission"]
    delete = client.get(address(model, "delete", row.pk))
    return found + "c" * bool(may_change) + "d" * (delete.status_code == 200)


def examples(model: type[models.Model]) -> list[models.Model]:
    """A row in every state, or one where there are none."""
    states = Status.values if issubclass(model, Publishable) else [None]
    rows = [RECORDS[model][0]() for _state in states]
    for row, state in zip(rows, states, strict=True):
        if state:
            model._base_manager.filter(pk=row.pk).update(status=state)
            row.refresh_from_db()
    return rows


def is_first_with_these_rights(role: str, model: type[models.Model]) -> bool:
    """Whoever may nothing is refused in tests/admin/test_every_record.py."""
    may = MAY[model._meta.label_lower]
    return role in may and role == next(name for name in NAMES if may.get(name) == may[role])


def test_every_model_of_the_back_office_has_a_row_here():
    ours = {model for model in admin.site._registry if not model.__module__.startswith("allauth")}

    assert {model._meta.label_lower for model in ours} == set(MAY)


@pytest.mark.parametrize("role", NAMES)
def test_each_role_may_what_the_table_says(client: Client, role: str):
    """Each model in every state as its functions answer; each set of rights on the pages too."""
    factories.OfficeFactory()
    user, above = member(role), factories.StaffFactory()
    sign_in_staff(client, user)
    wanted, said, shown = {}, {}, {}
    for model in MODELS:
        label = model._meta.label_lower
        with transaction.atomic():
            for row in examples(model):
                key = label, getattr(row, "status", "")
                # Some things nobody does by hand, whatever the role.
                possible = acts_allowed(above, model, row)
                wanted[key] = "".join(act for act in MAY[label].get(role, "") if act in possible)
                said[key] = acts_allowed(user, model, row)
            if is_first_with_these_rights(role, model):
                shown[key] = acts_shown(client, model, row)
            transaction.set_rollback(True)  # the examples of the next model stand alone
    assert said == wanted
    assert shown == {key: wanted[key] for key in shown}


# --- roles as data -----------------------------------------------------------------------------


def test_every_permission_of_a_role_exists():
    set_up_roles()

    assert set(Group.objects.values_list("name", flat=True)) == set(NAMES)


def test_roles_are_set_up_once_and_mended_when_changed():
    Group.objects.all().delete()
    out = StringIO()
    call_command("roles", stdout=out)
    assert out.getvalue().count("\n") == len(ROLES)
    editor = Group.objects.get(name="editor")
    editor.permissions.add(Permission.objects.get(codename="delete_user"))
    editor.permissions.remove(Permission.objects.get(codename="change_page"))

    again = StringIO()
    call_command("roles", stdout=again)

    assert again.getvalue() == "Role editor: permissions brought up to date.\n"
    codenames = set(editor.permissions.values_list("codename", flat=True))
    assert "change_page" in codenames
    assert "delete_user" not in codenames


def test_no_role_reaches_what_makes_somebody_more():
    set_up_roles()

    reached = Permission.objects.filter(group__name__in=NAMES).values_list(
        "content_type__app_label", "codename"
    )

    closed = {"auth", "admin", "contenttypes", "sessions", "account", "mfa"}
    assert {app for app, _codename in reached} & closed == set()
    users = Group.objects.filter(permissions__codename="change_user")
    assert list(users.values_list("name", flat=True)) == ["administrator"]


# --- giving and taking -------------------------------------------------------------------------


def give(client: Client, user: User, *roles: str, **more: str):  # type: ignore[no-untyped-def]
    page = reverse("admin:accounts_user_change", args=[user.pk])
    groups = [str(pk) for pk in Group.objects.filter(name__in=roles).values_list("pk", flat=True)]
    return client.post(page, filled(client.get(page), groups=groups, **more))


def trail(user: User) -> list[tuple[str, str, User | None]]:
    rows = Transition.objects.filter(field="roles", object_id=user.pk).order_by("pk")
    return [(row.from_state, row.to_state, row.by) for row in rows]


def test_giving_and_taking_a_role_is_recorded(client: Client):
    factories.OfficeFactory()
    boss, user = member("administrator"), factories.UserFactory()
    sign_in_staff(client, boss)

    give(client, user, "editor", is_staff="on")
    give(client, user, "reviewer", is_staff="on")

    user.refresh_from_db()
    assert [group.name for group in user.groups.all()] == ["reviewer"]
    assert trail(user) == [
        ("", "editor", boss),
        ("", "is_staff", boss),
        ("", "reviewer", boss),
        ("editor", "", boss),
    ]


def test_saving_without_a_change_of_roles_records_nothing(client: Client):
    factories.OfficeFactory()
    user = member("editor")
    sign_in_staff(client, factories.StaffFactory())

    give(client, user, "editor", name="새 이름")

    user.refresh_from_db()
    assert user.name == "새 이름"
    assert trail(user) == []


@pytest.mark.parametrize("role", [name for name in NAMES if name != "administrator"])
def test_no_other_role_gives_roles(client: Client, role: str):
    factories.OfficeFactory()
    somebody = member(role)
    somebody.user_permissions.add(*Permission.objects.filter(codename__endswith="_user"))
    sign_in_staff(client, somebody)
    user = factories.UserFactory()

    give(client, user, "administrator", is_staff="on", is_superuser="on")

    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


def test_administrators_raise_neither_themselves_nor_anybody_to_superuser(client: Client):
    factories.OfficeFactory()
    boss, user = member("administrator"), factories.UserFactory()
    sign_in_staff(client, boss)

    give(client, boss, "administrator", "editor", is_superuser="on")
    give(client, user, "editor", is_staff="on", is_superuser="on")

    boss.refresh_from_db()
    user.refresh_from_db()
    assert [group.name for group in boss.groups.all()] == ["administrator"]
    assert (boss.is_superuser, user.is_superuser, user.is_staff) == (False, False, True)


def test_not_even_superusers_change_their_own_powers(client: Client):
    factories.OfficeFactory()
    boss = factories.StaffFactory()
    sign_in_staff(client, boss)

    give(client, boss, "editor", is_superuser="")

    boss.refresh_from_db()
    assert boss.is_superuser
    assert not boss.groups.exists()


def test_the_address_of_an_account_is_changed_by_its_owner_alone(client: Client):
    factories.OfficeFactory()
    user = factories.UserFactory(email="mine@example.org")
    sign_in_staff(client, factories.StaffFactory())

    give(client, user, email="thief@example.org")

    user.refresh_from_db()
    assert user.email == "mine@example.org"


@pytest.mark.parametrize("page", ["change", "delete", "password", "second-step"])
def test_administrators_do_not_reach_superusers(client: Client, page: str):
    factories.OfficeFactory()
    sign_in_staff(client, member("administrator"))
    superuser = factories.StaffFactory()

    answer = client.post(f"/admin/accounts/user/{superuser.pk}/{page}/", {"name": "x"})

    assert answer.status_code == 403


def test_a_resident_number_is_no_name(client: Client):
    factories.OfficeFactory()
    user = factories.UserFactory(name="before")
    sign_in_staff(client, factories.StaffFactory())

    answer = give(client, user, name="900101-1234567")

    assert answer.context["errors"]
    user.refresh_from_db()
    assert user.name == "before"


# --- translators -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "column"),
    [
        ("translator_ko", "title_ko"),
        ("translator_en", "title_en"),
        ("translator_zh_hans", "title_zh_hans"),
    ],
)
def test_a_translator_writes_one_language_and_publishes_nothing(
    client: Client, role: str, column: str
):
    factories.OfficeFactory()
    page = factories.PageFactory(status=Status.DRAFT)
    before = {name: getattr(page, name) for name in ("title_ko", "title_en", "title_zh_hans")}
    sign_in_staff(client, member(role))
    url = address(type(page), "change", page.pk)
    shown = client.get(url)
    assert 'name="_publish"' not in shown.content.decode()
    changed = {name: f"{value} 새로" for name, value in before.items()}

    client.post(url, filled(shown, **changed, slug="stolen", _publish="1"))

    page.refresh_from_db()
    assert {name: getattr(page, name) for name in before} == {**before, column: changed[column]}
    assert page.status == Status.DRAFT
    assert page.slug != "stolen"


def test_a_translator_takes_nothing_down(client: Client):
    factories.OfficeFactory()
    page = factories.PageFactory()
    sign_in_staff(client, member("translator_en"))

    answer = client.post(address(type(page), "take_down", page.pk), {"reason": "x"})
    selected = {
        "action": "take_down_selected",
        "_selected_action": [page.pk],
        "sure": "1",
        "reason": "x",
    }
    client.post(address(type(page), "changelist"), selected)

    page.refresh_from_db()
    assert (answer.status_code, page.status) == (403, Status.PUBLISHED)


def test_whoever_also_edits_is_not_held_to_one_language(client: Client):
    factories.OfficeFactory()
    page = factories.PageFactory()
    sign_in_staff(client, member("translator_en", "editor"))
    url = address(type(page), "change", page.pk)

    client.post(url, filled(client.get(url), title_ko="새 제목"))

    page.refresh_from_db()
    assert page.title_ko == "새 제목"
