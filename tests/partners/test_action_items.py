"""Action items: whose they are, and reminders on Mondays that stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from partners.meetings.reminders import monday_of, remind_of_items
from partners.models import ActionItem
from tests.doors import sign_in_staff
from tests.factories import ActionItemFactory, MembershipFactory, OfficeFactory, StaffFactory
from tests.letters import delivered

pytestmark = pytest.mark.django_db

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2027, 5, 10, 9, tzinfo=SEOUL)


def done_page(item: ActionItem) -> str:
    return reverse("meetings:item_done", args=[item.pk])


def test_the_owner_marks_it_done_and_open_again(client):
    item = ActionItemFactory()
    client.force_login(item.owner.user)

    client.post(done_page(item), {"done": "1"})
    client.post(done_page(item), {"done": "1"})
    item.refresh_from_db()
    assert item.done_at is not None
    client.post(done_page(item), {"reopen": "1"})
    item.refresh_from_db()

    assert item.done_at is None
    trail = Transition.objects.order_by("pk").values_list("from_state", "to_state")
    assert list(trail) == [("open", "done"), ("done", "open")]


def test_somebody_elses_item_is_not_there(client):
    item = ActionItemFactory()
    client.force_login(MembershipFactory(organisation=item.owner.organisation).user)

    assert client.post(done_page(item), {"done": "1"}).status_code == 404
    item.refresh_from_db()
    assert item.done_at is None


def test_the_members_home_shows_ones_own_that_are_open(client):
    item = ActionItemFactory(what="강사 명단 보내기", due_on=date(2020, 1, 1))
    ActionItemFactory(what="남의 일")
    client.force_login(item.owner.user)

    page = client.get(reverse("network:member_home")).content.decode()

    assert "강사 명단 보내기" in page
    assert "기한 지남" in page or "Overdue" in page
    assert "남의 일" not in page


def test_item_list_shows_what_is_open_first_and_names_who_is_in_the_directory(
    client, uncached_queries
):
    OfficeFactory()
    reader = MembershipFactory()
    client.force_login(reader.user)
    address = f"/en{reverse('meetings:item_list')}"
    listed = MembershipFactory(user__name="Kim Mina", in_directory=True)
    hidden = MembershipFactory(user__name="Lee Jun")
    ActionItemFactory(what="Done", owner=hidden, due_on=date(2020, 1, 1), done_at=timezone.now())
    ActionItemFactory(what="Later", owner=listed, due_on=date(2099, 1, 2))
    ActionItemFactory(what="Sooner", owner=reader, due_on=date(2099, 1, 1))
    ActionItemFactory(what="Unknown", meeting__called_at=None)

    response = client.get(address)
    page = response.content.decode()
    one = uncached_queries(client, address)
    ActionItemFactory.create_batch(6)

    assert [row.item.what for row in response.context["rows"]] == ["Sooner", "Later", "Done"]
    assert [row.is_own for row in response.context["rows"]] == [True, False, False]
    assert ("Kim Mina" in page, "Lee Jun" in page) == (True, False)
    assert page.count('name="done"') == 1
    assert uncached_queries(client, address) == one


def test_the_next_item_of_a_meeting_is_for_the_same_meeting(client):
    item = ActionItemFactory()
    sign_in_staff(client, StaffFactory())
    chosen = urlencode({"_changelist_filters": f"meeting__id__exact={item.meeting_id}"})
    address = reverse("admin:partners_actionitem_add")

    page = client.get(f"{address}?{chosen}")

    assert page.context["adminform"].form.initial["meeting"] == str(item.meeting_id)
    strange = urlencode({"_changelist_filters": f"meeting__id__exact={'9' * 40}"})
    assert client.get(f"{address}?{strange}").status_code == 200


def test_reminders_come_once_a_week_until_it_is_done():
    owner = MembershipFactory(user__preferred_language="ko")
    item = ActionItemFactory(owner=owner, what="강사 명단 보내기", due_on=date(2027, 5, 12))
    ActionItemFactory(owner=owner, what="장소 알아보기", due_on=date(2027, 5, 20))
    with time_machine.travel(MONDAY, tick=False):
        assert (remind_of_items(), remind_of_items()) == (1, 0)
        [letter] = delivered()
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        assert remind_of_items() == 1
        item.finish(by=owner.user)
        ActionItem.objects.get(what="장소 알아보기").finish(by=owner.user)
    with time_machine.travel(MONDAY + timedelta(days=14), tick=False):
        assert remind_of_items() == 0

    assert letter.subject == "이번 주 후속 조치를 확인해 주세요"
    assert letter.body.index("강사 명단 보내기") < letter.body.index("장소 알아보기")


def test_whoever_left_is_not_reminded():
    item = ActionItemFactory()
    item.owner.end(by=None)

    assert remind_of_items() == 0
    assert not Message.objects.filter(kind="action_items").exists()


@pytest.mark.parametrize(("day", "monday"), [(9, 3), (10, 10), (16, 10)])
def test_weeks_begin_on_monday(day, monday):
    assert monday_of(date(2027, 5, day)) == date(2027, 5, monday)


def test_staff_add_one_for_somebody_of_the_network_only(client):
    item = ActionItemFactory()
    left = MembershipFactory()
    left.end(by=None)
    sign_in_staff(client, StaffFactory())
    values = {"meeting": item.meeting_id, "what": "보고서", "due_on": "2027-06-01"}
    address = reverse("admin:partners_actionitem_add")

    client.post(address, {**values, "owner": left.pk})
    assert not ActionItem.objects.filter(what="보고서").exists()
    client.post(address, {**values, "owner": item.owner_id})

    assert ActionItem.objects.get(what="보고서").owner == item.owner


def test_overdue_is_by_koreas_day():
    with time_machine.travel(datetime(2027, 5, 10, 0, 30, tzinfo=SEOUL), tick=False):
        assert timezone.localdate() == date(2027, 5, 10)
        item = ActionItemFactory(due_on=date(2027, 5, 9))
        assert item.is_overdue
        assert list(ActionItem.objects.overdue()) == [item]
