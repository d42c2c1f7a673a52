"""Work that is limited to some kinds of programme: given, recorded, and kept to."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forums.admin.paper_filters import ForumFilter as HandedInFor
from forums.admin.registrations import ForumFilter as RegisteredFor
from forums.models import Forum
from oda_portal.accounts.areas import FIELD, areas_of, is_theirs, limit
from oda_portal.accounts.models import User, WorkArea
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition, record_transition
from oda_portal.seats.models import Pool
from programs.models import Program, Run
from tests import factories
from tests.admin.forms import filled
from tests.admin.pictures import a_picture
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def member(*roles: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def for_training_alone(client: Client, role: str) -> User:
    """Somebody with this role, signed in."""
    factories.OfficeFactory()
    person = member(role)
    limit(person, ["training"], by=factories.StaffFactory())
    sign_in_staff(client, person)
    return person


@pytest.fixture
def limited(client: Client) -> User:
    return for_training_alone(client, "editor")


def address(page: str, *args: Any, model: str = "program") -> str:
    return reverse(f"admin:programs_{model}_{page}", args=args)


def trail(user: User) -> list[tuple[str, str]]:
    rows = Transition.objects.filter(field=FIELD, object_id=user.pk).order_by("pk")
    return list(rows.values_list("from_state", "to_state"))


# --- giving --------------------------------------------------------------------------------------


def test_an_administrator_limits_somebody_on_the_persons_page(client: Client):
    factories.OfficeFactory()
    boss, user = member("administrator"), member("editor")
    sign_in_staff(client, boss)
    page = reverse("admin:accounts_user_change", args=[user.pk])

    client.post(page, filled(client.get(page), areas=["training", "forum"]))
    client.post(page, filled(client.get(page), areas=["training"]))

    assert areas_of(User.objects.get(pk=user.pk)) == {"training"}
    assert trail(user) == [("", "forum"), ("", "training"), ("forum", "")]
    roles = client.get(reverse("admin:accounts_user_roles")).context["holders"]
    assert len(next(one for one in roles if one.person == user).areas) == 1
    client.post(page, filled(client.get(page), areas=[]))
    assert areas_of(User.objects.get(pk=user.pk)) is None


def test_nobody_widens_their_own_work(client: Client):
    factories.OfficeFactory()
    boss = member("administrator")
    limit(boss, ["training"], by=factories.StaffFactory())
    sign_in_staff(client, boss)
    page = reverse("admin:accounts_user_change", args=[boss.pk])

    client.post(page, filled(client.get(page), areas=["training", "forum"]))

    assert areas_of(User.objects.get(pk=boss.pk)) == {"training"}


def test_a_kind_that_is_none_is_refused(client: Client):
    factories.OfficeFactory()
    user = member("editor")
    sign_in_staff(client, member("administrator"))
    page = reverse("admin:accounts_user_change", args=[user.pk])

    answer = client.post(page, filled(client.get(page), areas=["elsewhere"]))

    assert "areas" in answer.context["adminform"].form.errors
    assert not WorkArea.objects.exists()


def taken_away_meanwhile(client: Client, **changes: Any) -> tuple[User, Any]:
    """Of a tab that was opened before rights were taken: what it answers, asked to save this."""
    factories.OfficeFactory()
    user, later = member("editor"), Client()
    sign_in_staff(client, member("administrator"))
    sign_in_staff(later, member("administrator"))
    page = reverse("admin:accounts_user_change", args=[user.pk])
    old_tab = filled(later.get(page))
    now = filled(client.get(page), areas=["training"])
    client.post(page, {name: value for name, value in now.items() if name != "groups"})
    answer = later.post(page, {**old_tab, "name": "새 이름", **changes})
    user = User.objects.get(pk=user.pk)
    assert (areas_of(user), list(user.groups.all())) == ({"training"}, [])
    assert user.name != "새 이름"
    return user, later.post(page, filled(answer)) if answer.status_code == 200 else answer


def test_an_old_tab_gives_nothing_back_that_was_taken_away(client: Client):
    user, saved = taken_away_meanwhile(client)

    user = User.objects.get(pk=user.pk)
    assert saved.status_code == 302
    # The second time it saves what was typed, and the rights as they are.
    assert (user.name, areas_of(user), list(user.groups.all())) == ("새 이름", {"training"}, [])


def test_what_an_old_tab_changed_itself_is_asked_once_and_kept(client: Client):
    user, _saved = taken_away_meanwhile(client, areas=["forum"])

    assert areas_of(User.objects.get(pk=user.pk)) == {"forum"}
    assert not user.groups.exists()


@pytest.mark.parametrize("sent", ["", "[1", "[]", '{"groups": 3}'])
def test_rights_are_not_saved_by_a_form_that_does_not_say_when_it_was_opened(
    client: Client, sent: str
):
    factories.OfficeFactory()
    user = member("editor")
    sign_in_staff(client, member("administrator"))
    page = reverse("admin:accounts_user_change", args=[user.pk])

    answer = client.post(page, filled(client.get(page), version=sent, areas=["forum"]))

    assert "areas" in answer.context["adminform"].form.errors
    assert areas_of(User.objects.get(pk=user.pk)) is None


def test_limiting_twice_is_one_step_and_one_row():
    user, boss = factories.StaffFactory(), factories.StaffFactory()
    for _time in range(2):
        limit(user, ["training"], by=boss)

    assert trail(user) == [("", "training")]
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkArea.objects.create(user=user, kind="training")


def test_a_superuser_is_never_limited():
    boss = factories.StaffFactory(is_superuser=True)
    limit(boss, ["training"], by=boss)

    assert areas_of(boss) is None


# --- keeping to it -------------------------------------------------------------------------------


def test_of_other_kinds_nothing_is_seen_and_nothing_changed(client: Client, limited: User):
    own = factories.ProgramFactory(kind="training", title_ko="연수")
    other = factories.ProgramFactory(kind="sister_village", title_ko="마을")

    assert list(client.get(address("changelist")).context["cl"].queryset) == [own]
    assert client.get(address("change", own.pk)).status_code == 200
    for page in ("change", "history", "delete", "take_down", "hand_over"):
        assert client.get(address(page, other.pk)).status_code in (403, 404), page
        assert client.post(address(page, other.pk), {"post": "yes"}).status_code in (403, 404), page
    chosen = {"action": "take_down_selected", "_selected_action": [other.pk], "sure": "yes",
              "reason": "x"}  # fmt: skip
    client.post(address("changelist"), chosen)

    other.refresh_from_db()
    assert other.title_ko == "마을"
    assert Program.objects.filter(pk=other.pk, status=other.status).exists()


def test_a_new_programme_is_of_the_persons_kinds(client: Client, limited: User):
    form = client.get(address("add"))
    kinds = [value for value, _label in form.context["adminform"].form.fields["kind"].choices]
    assert [kind for kind in kinds if kind] == ["training"]

    client.post(address("add"), filled(form, kind="forum", title_ko="몰래", code="x-1"))

    assert not Program.objects.exists()


def test_what_hangs_on_a_programme_goes_with_it(client: Client, limited: User):
    own = factories.ProgramFactory(kind="training")
    other = factories.ProgramFactory(kind="forum")
    run, foreign = (factories.RunFactory(program=program) for program in (own, other))

    listed = client.get(address("changelist", model="run")).context["cl"].queryset
    assert list(listed) == [run]
    assert client.get(address("change", foreign.pk, model="run")).status_code == 404
    page = address("change", run.pk, model="run")
    client.post(page, filled(client.get(page), program=other.pk))
    assert Run.objects.get(pk=run.pk).program == own


def test_search_boxes_offer_only_these_kinds(client: Client, limited: User):
    own = factories.ProgramFactory(kind="training")
    factories.ProgramFactory(kind="forum")
    query = {"app_label": "programs", "model_name": "run", "field_name": "program", "term": ""}

    found = client.get(reverse("admin:autocomplete"), query).json()["results"]

    assert [row["id"] for row in found] == [str(own.pk)]


def test_forums_are_closed_to_whoever_works_on_training(client: Client, limited: User):
    forum = factories.ForumFactory()

    assert client.get(reverse("admin:forums_forum_change", args=[forum.pk])).status_code == 404
    listed = client.get(reverse("admin:forums_forum_changelist")).context["cl"].queryset
    assert not listed.exists()


def test_a_filter_names_no_forum_of_other_kinds(client: Client):
    meet_up, forum = (
        factories.ForumFactory(program__kind=kind, program__title_ko=title)
        for kind, title in (("network", "교류의 날"), ("forum", "다른 포럼"))
    )
    for held in (meet_up, forum):
        Forum.objects.filter(pk=held.pk).update(pool=Pool.objects.create(capacity=10))
        factories.RegistrationFactory(forum=held)
        factories.SubmissionFactory(forum=held, state="submitted", sent_at=timezone.now())
    staff = member("forum_manager")
    limit(staff, ["network"], by=factories.StaffFactory())
    sign_in_staff(client, staff)

    for name in ("registration", "submission"):
        page = client.get(reverse(f"admin:forums_{name}_changelist"))
        specs = page.context["cl"].filter_specs
        named = next(spec for spec in specs if isinstance(spec, (RegisteredFor, HandedInFor)))
        assert [key for key, _label in named.lookup_choices] == [str(meet_up.pk)], name


def test_whoever_is_not_limited_sees_all(client: Client):
    factories.OfficeFactory()
    sign_in_staff(client, member("editor"))
    factories.ProgramFactory(kind="training")
    factories.ProgramFactory(kind="forum")

    assert client.get(address("changelist")).context["cl"].result_count == 2


@pytest.mark.thorough
def test_a_limit_costs_the_list_one_question(client: Client, limited: User, uncached_queries):
    factories.ProgramFactory(kind="training")
    one = uncached_queries(client, address("changelist"))
    for _number in range(10):
        factories.ProgramFactory(kind="training")

    assert uncached_queries(client, address("changelist")) == one


def test_files_of_other_kinds_are_not_there(client: Client, limited: User):
    for kind, answer in (("training", 200), ("sister_village", 404)):
        photo = factories.PhotoFactory(
            program=factories.ProgramFactory(kind=kind), image=a_picture()
        )
        original = reverse("files:original", args=["programs.photo", photo.pk])
        assert client.get(original).status_code == answer, kind


def test_the_trail_tells_nothing_of_other_kinds(client: Client, limited: User):
    own, other, gone = (
        factories.ProgramFactory(kind=kind) for kind in ("training", "forum", "training")
    )
    for program in (own, other, gone):
        record_transition(program, "status", "published", "draft", by=None, reason="내부 사정")
    gone.delete()
    trail = reverse("admin:audit_transition_changelist")

    listed = client.get(f"{trail}?field=status").context["cl"].queryset

    assert {row.object_id for row in listed} == {own.pk}
    sign_in_staff(client, member("editor"))
    assert client.get(f"{trail}?field=status").context["cl"].queryset.count() == 3


def test_an_article_names_programmes_of_these_kinds_and_keeps_what_it_names(
    client: Client, limited: User
):
    own = factories.ProgramFactory(kind="training")
    other, named = (factories.ProgramFactory(kind="forum") for _number in range(2))
    article = factories.ArticleFactory(status="draft")
    article.programs.add(named)
    page = reverse("admin:news_article_change", args=[article.pk])

    refused = client.post(page, filled(client.get(page), programs=[named.pk, other.pk]))
    assert "programs" in refused.context["adminform"].form.errors
    client.post(page, filled(client.get(page), programs=[named.pk, own.pk]))

    assert set(article.programs.all()) == {named, own}


def test_whatever_writes_for_somebody_can_ask_whether_it_is_theirs():
    editor = member("editor")
    limit(editor, ["training"], by=editor)
    own = factories.ProgramFactory(kind="training")
    other = factories.RunFactory(program=factories.ProgramFactory(kind="forum"))

    assert is_theirs(editor, own)
    assert is_theirs(editor, Run(program=own))
    assert not is_theirs(editor, other)
    other.program = own  # taken over from a programme that is not theirs
    assert not is_theirs(editor, other)
    own.kind = "forum"  # handed to one
    assert not is_theirs(editor, own)
    assert is_theirs(editor, factories.PageFactory())
