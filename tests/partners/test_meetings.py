"""Meetings of the network: who sees what, who is told, who comes."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.mail.models import Message
from oda_portal.privacy.models import AccessRecord
from oda_portal.publishing.models import Status
from partners.meetings import acts
from partners.models import MeetingAnswer, MeetingDocument, NetworkMeeting
from tests.doors import sign_in_staff
from tests.factories import (
    MeetingAnswerFactory,
    MembershipFactory,
    NetworkMeetingFactory,
    OfficeFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)
from tests.files import samples
from tests.letters import delivered

pytestmark = pytest.mark.django_db


def a_member(**values: object) -> User:
    return MembershipFactory(user=UserFactory(**values)).user


def page_of(meeting: NetworkMeeting) -> str:
    return reverse("meetings:member_meeting", args=[meeting.slug])


def a_document(meeting: NetworkMeeting, **values: object) -> MeetingDocument:
    file = ContentFile(samples.pdf(), name="minutes.pdf")
    return MeetingDocument.objects.create(meeting=meeting, title_ko="자료집", file=file, **values)


# --- what everybody sees --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "title", "heading"),
    [("", "회의 제목", "안건"), ("/en", "The title", "Agenda"), ("/zh-hans", "会议标题", "议程")],
)
def test_meeting_detail_shows_the_public_part_alone(client, prefix, title, heading):
    OfficeFactory()
    meeting = NetworkMeetingFactory(
        title_ko="회의 제목", title_en="The title", title_zh_hans="会议标题",
        agenda_ko="<p>안건 하나</p>", minutes_ko="<p>공개 회의록</p>",
        members_minutes_ko="<p>비공개 회의록</p>",
    )  # fmt: skip
    a_document(meeting, for_members_only=True)

    page = client.get(f"{prefix}{meeting.get_absolute_url()}").content.decode()

    assert title in page
    assert "공개 회의록" in page.replace("비공개 회의록", "")
    assert "비공개 회의록" not in page
    assert "자료집" not in page


def test_meeting_detail_that_members_know_is_unknown_to_others_until_published(client):
    meeting = NetworkMeetingFactory(status=Status.DRAFT)

    assert client.get(meeting.get_absolute_url()).status_code == 404
    client.force_login(a_member())
    assert client.get(page_of(meeting)).status_code == 200


def test_meeting_list_asks_as_much_for_many_as_for_one(client, uncached_queries):
    NetworkMeetingFactory()
    one = uncached_queries(client, reverse("meetings:meeting_list"))
    NetworkMeetingFactory.create_batch(15)

    assert uncached_queries(client, reverse("meetings:meeting_list")) == one <= 8


def test_meeting_list_with_a_page_that_is_no_number_shows_the_first(client):
    NetworkMeetingFactory(title_ko="첫 회의")

    assert "첫 회의" in client.get(reverse("meetings:meeting_list"), {"page": "x"}).content.decode()


def test_a_document_is_public_only_if_it_is_for_everybody(client):
    meeting = NetworkMeetingFactory()
    secret, shown = a_document(meeting), a_document(meeting, for_members_only=False)

    assert client.get(reverse("files:download", args=[secret.uuid])).status_code == 404
    assert client.get(reverse("files:download", args=[shown.uuid])).status_code == 200


# --- what members see -----------------------------------------------------------------------------


def test_member_meeting_is_not_there_for_others(client):
    meeting = NetworkMeetingFactory()
    assert client.get(page_of(meeting)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(page_of(meeting)).status_code == 404


def test_member_meeting_that_was_not_called_is_not_there(client):
    client.force_login(a_member())

    assert client.get(page_of(NetworkMeetingFactory(called_at=None))).status_code == 404


def test_member_document_of_a_meeting_that_was_called_is_theirs(client):
    document = a_document(NetworkMeetingFactory())
    address = reverse("meetings:member_document", args=[document.uuid])
    client.force_login(a_member())
    assert client.get(address).status_code == 200
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_document_list_holds_all_of_meetings_that_were_called(client, uncached_queries):
    OfficeFactory()
    user = a_member()
    client.force_login(user)
    address = f"/en{reverse('meetings:document_list')}"
    meeting = NetworkMeetingFactory(title_en="Meeting in May")
    shown = a_document(meeting)
    hidden = a_document(NetworkMeetingFactory(called_at=None))

    page = client.get(address).content.decode()
    one = uncached_queries(client, address)
    for _number in range(5):
        a_document(NetworkMeetingFactory(), for_members_only=False)

    assert "Meeting in May" in page
    assert str(shown.uuid) in page
    assert str(hidden.uuid) not in page
    assert uncached_queries(client, address) == one


def test_document_list_says_that_there_is_nothing(client):
    client.force_login(a_member())

    page = client.get(f"/en{reverse('meetings:document_list')}").content.decode()

    assert "There are no documents of meetings yet." in page


def test_member_meeting_says_its_day_once_and_asks_nobody_when_it_is_over(client):
    OfficeFactory()
    client.force_login(a_member())
    begins = timezone.make_aware(datetime(2026, 5, 12, 14))
    meeting = NetworkMeetingFactory(starts_at=begins, ends_at=begins + timedelta(hours=2))

    page = client.get(f"/en{page_of(meeting)}").content.decode()

    assert "14:00–16:00 (Korea time)" in page
    assert page.count("12 May 2026") == 1
    assert "Who comes" not in page
    assert "Calendar file" not in page


@pytest.mark.thorough
def test_member_meeting_asks_as_much_for_many_answers_as_for_one(
    client, django_assert_max_num_queries
):
    meeting = NetworkMeetingFactory()
    client.force_login(a_member())
    MeetingAnswerFactory.create_batch(12, meeting=meeting)
    client.get(page_of(meeting))

    with django_assert_max_num_queries(18):
        page = client.get(page_of(meeting)).content.decode()
    assert "참석합니다" in page or "I will come" in page


def test_member_answers_and_changes_their_mind(client):
    member, meeting = a_member(), NetworkMeetingFactory()
    client.force_login(member)

    client.post(page_of(meeting), {"answer": "yes", "note": "둘이 갑니다"})
    client.post(page_of(meeting), {"answer": "no", "note": ""})

    [said] = MeetingAnswer.objects.all()
    assert (said.answer, said.membership.user) == ("no", member)


def test_member_answer_after_the_beginning_is_not_taken(client):
    now = timezone.now()
    meeting = NetworkMeetingFactory(starts_at=now - timedelta(minutes=1))
    client.force_login(a_member())

    page = client.post(page_of(meeting), {"answer": "yes"}, follow=True).content.decode()

    assert not MeetingAnswer.objects.exists()
    assert 'name="answer"' not in page


def test_member_answer_without_a_choice_says_so_and_keeps_the_note(client):
    client.force_login(a_member())

    page = client.post(page_of(NetworkMeetingFactory()), {"note": "동료가 갑니다"}).content.decode()

    assert "동료가 갑니다" in page
    assert not MeetingAnswer.objects.exists()


def test_member_of_two_organisations_says_for_which(client):
    member, meeting = a_member(), NetworkMeetingFactory()
    second = MembershipFactory(user=member)
    client.force_login(member)

    client.post(page_of(meeting), {"answer": "yes", "note": "", "membership": str(second.pk)})

    assert MeetingAnswer.objects.get().membership == second


def test_member_calendar_keeps_a_cancelled_meeting(client):
    meeting = NetworkMeetingFactory(cancelled_at=timezone.now())
    client.force_login(a_member())

    content = client.get(reverse("meetings:calendar", args=[meeting.slug])).content

    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["status"] == "CANCELLED"
    assert event["dtstart"].params["TZID"] == "Asia/Seoul"
    assert max(map(len, content.split(b"\r\n"))) <= 75


# --- staff ----------------------------------------------------------------------------------------


def staff_in(client: Client) -> User:
    staff = StaffFactory()
    sign_in_staff(client, staff)
    return staff


def admin_page(meeting: NetworkMeeting, page: str) -> str:
    return reverse(f"admin:partners_networkmeeting_{page}", args=[meeting.pk])


def test_staff_see_the_letter_before_members_are_invited(client):
    a_member(preferred_language="ko")
    a_member(preferred_language="en")
    meeting = NetworkMeetingFactory(called_at=None, title_ko="오월 회의", title_en="May meeting")
    staff_in(client)

    shown = client.get(admin_page(meeting, "call")).content.decode()

    assert "오월 회의" in shown
    assert "You are invited to a network meeting: May meeting" in shown
    assert not Message.objects.exists()


def test_members_are_invited_once_in_their_language(client):
    a_member(preferred_language="ko")
    a_member(preferred_language="zh-hans")
    MembershipFactory(state="pending", approved_at=None)
    meeting = NetworkMeetingFactory(called_at=None, title_ko="오월 회의", title_zh_hans="五月会议")
    staff_in(client)

    client.post(admin_page(meeting, "call"))
    client.post(admin_page(meeting, "call"))

    assert Message.objects.count() == 2
    subjects = {letter.subject for letter in delivered()}
    assert subjects == {
        "네트워크 회의에 초대합니다: 오월 회의", "诚邀您参加实务网络会议：五月会议",
    }  # fmt: skip
    assert Transition.objects.filter(field="called_at").count() == 1


def test_a_change_is_told_once_for_each_version():
    a_member()
    meeting = NetworkMeetingFactory()

    assert acts.tell_changes(meeting) == 1
    assert acts.tell_changes(meeting) == 0
    meeting.place_ko = "다른 곳"
    meeting.changed_at += timedelta(seconds=2)
    assert acts.tell_changes(meeting) == 1


def test_a_meeting_is_cancelled_once_and_members_are_told(client):
    a_member(preferred_language="en")
    meeting = NetworkMeetingFactory(title_en="May meeting")
    staff_in(client)

    client.post(admin_page(meeting, "cancel"), {"reason": "태풍"})
    client.post(admin_page(meeting, "cancel"), {"reason": "태풍"})

    assert [letter.subject for letter in delivered()] == ["Cancelled: May meeting"]
    assert Transition.objects.get(field="cancelled_at").reason == "태풍"


def test_a_meeting_that_nobody_knew_of_is_cancelled_in_silence():
    a_member()
    meeting = NetworkMeetingFactory(called_at=None)

    assert acts.cancel(meeting, by=StaffFactory(), reason="x")
    assert not Message.objects.exists()


def test_whoever_left_the_network_gets_no_letter_that_was_waiting():
    member = a_member()
    acts.call(NetworkMeetingFactory(called_at=None), by=StaffFactory())
    member.memberships.get().end(by=None)

    assert delivered() == []


def test_looking_at_who_comes_leaves_a_look(client):
    said = MeetingAnswerFactory()
    staff_in(client)

    page = client.get(reverse("admin:partners_meetinganswer_changelist")).content.decode()

    assert str(said.membership.user) in page
    assert AccessRecord.objects.filter(what__contains="meetinganswer").exists()


def test_organisations_that_attended_are_shown_if_they_are_public(client):
    meeting = NetworkMeetingFactory()
    meeting.attending.add(
        OrganisationFactory(name_ko="참석 기관"),
        OrganisationFactory(name_ko="숨은 기관", status=Status.DRAFT),
    )

    page = client.get(meeting.get_absolute_url()).content.decode()

    assert "참석 기관" in page
    assert "숨은 기관" not in page
