"""The first page of the back office: what waits, what is planned, what went on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forums.models import Submission
from news.models import DailyViews
from oda_portal.desk.planned import Kind
from oda_portal.jobs.models import Job
from oda_portal.mail.models import Message
from oda_portal.pages.models import Inquiry, SatisfactionAnswer
from oda_portal.privacy.models import PrivacyRequest
from partners.models import IatiFile
from programs.models import Reporting
from tests import factories
from tests.doors import sign_in_staff
from tests.mail.examples import a_secret_mail
from tests.volunteers.staff import signed_in_as
from volunteers.models import Application, Call, InterviewSlot

pytestmark = pytest.mark.django_db

INDEX = "/en/admin/"


def hours(number: float) -> Any:
    return timezone.now() + timedelta(hours=number)


def a_review(days: int = 2) -> None:
    review = factories.ReviewFactory(subject=an_application("screening"))
    type(review.rubric).objects.filter(pk=review.rubric_id).update(closes_at=hours(24 * days))


def an_application(state: str, **call: Any) -> Application:
    number = Application.objects.count() + 23456
    application = factories.ApplicationFactory(
        state=state, receipt=f"ABCDE-{number}", sent_at=timezone.now()
    )
    Call.objects.filter(pk=application.call_id).update(**call)
    return application


def closed_call() -> None:
    an_application("submitted", opens_at=hours(-48), closes_at=hours(-1))


def results_near() -> None:
    an_application(
        "screening", opens_at=hours(-96), closes_at=hours(-72), released_at=hours(50),
        confirm_by=hours(24 * 60),
    )  # fmt: skip


def a_failed_mail() -> None:
    mail = a_secret_mail()
    Message.objects.filter(pk=mail.pk).update(state="failed", claimed_at=timezone.now())


def a_late_mail() -> None:
    Message.objects.filter(pk=a_secret_mail().pk).update(queued_at=hours(-2))


def a_poor_answer() -> None:
    SatisfactionAnswer.objects.create(page="/about/", language="ko", score=1)
    old = SatisfactionAnswer.objects.create(page="/about/", language="ko", score=1)
    SatisfactionAnswer.objects.filter(pk=old.pk).update(at=hours(-24 * 8))
    SatisfactionAnswer.objects.create(page="/about/", language="ko", score=3)


def a_failed_job() -> None:
    Job.objects.create(
        kind="x", title="x", language="ko", error="Broken.", finished_at=timezone.now()
    )
    Job.objects.create(kind="x", title="y", language="ko", finished_at=timezone.now())


def a_paper() -> None:
    paper = factories.SubmissionFactory(state="submitted", sent_at=timezone.now())
    Submission.objects.filter(pk=paper.pk).update(state="submitted")


def a_programme_to_confirm() -> None:
    program = factories.ProgramFactory()
    Reporting.objects.update_or_create(program=program, defaults={"wanted": True})


def an_iati_file() -> None:
    IatiFile.objects.filter(pk=factories.IatiFileFactory().pk).update(state="read")


def a_request() -> None:
    PrivacyRequest.objects.create(user=factories.UserFactory(), kind="see")


def agreements() -> None:
    today = timezone.localdate()
    factories.AgreementFactory(valid_until=today + timedelta(days=60))
    factories.AgreementFactory(valid_until=today + timedelta(days=100))
    factories.AgreementFactory(valid_until=None)


def an_overdue_item() -> None:
    factories.ActionItemFactory(due_on=timezone.localdate() - timedelta(days=1))
    factories.ActionItemFactory(due_on=timezone.localdate() + timedelta(days=40))


def a_visit() -> None:
    factories.MonitoringVisitFactory(
        planned_on=timezone.localdate() - timedelta(days=1), visited_on=None
    )


# What may wait, and a part of what the first page says of it.
WAITING: dict[str, tuple[Callable[[], Any], str]] = {
    "inquiry": (factories.InquiryFactory, "inquiry is waiting for an answer"),
    "request": (a_request, "request about personal data"),
    "failed mail": (a_failed_mail, "Failed: 1. Outcome unknown: 0."),
    "late mail": (a_late_mail, "email is not going out"),
    "poor answer": (a_poor_answer, "reader was not satisfied"),
    "proposal": (lambda: factories.ProposalFactory(state="submitted"), "proposal of the network"),
    "member": (lambda: factories.MembershipFactory(state="pending"), "asks to join"),
    "suggestion": (factories.SuggestionFactory, "change that a partner suggests"),
    "closed call": (closed_call, "application to a closed call"),
    "undecided": (results_near, "application is undecided"),
    "review": (a_review, "review is not finished"),
    "agreement": (agreements, "agreement ends within three months"),
    "action item": (an_overdue_item, "action item of the network is overdue"),
    "visit": (a_visit, "monitoring visit is overdue"),
    "paper": (a_paper, "paper or topic is undecided"),
    "to confirm": (a_programme_to_confirm, "is not confirmed yet"),
    "file": (an_iati_file, "file of a partner has been read"),
    "job": (a_failed_job, "piece of long work has stopped"),
}
URGENT = {"failed mail", "late mail", "undecided", "review", "action item", "visit", "job"}


def reminder_of(client: Client, words: str) -> Any:
    found = [one for one in client.get(INDEX).context["reminders"] if words in one.sentence]
    assert len(found) == 1, words
    return found[0]


@pytest.mark.sqlite_too
@pytest.mark.parametrize("name", WAITING)
def test_what_waits_is_as_many_as_its_list_has(client: Client, name: str):
    make, words = WAITING[name]
    sign_in_staff(client, factories.StaffFactory())
    assert not any(words in one.sentence for one in client.get(INDEX).context["reminders"])
    make()

    reminder = reminder_of(client, words)

    listed = client.get(reminder.url, follow=True).context["cl"]
    assert reminder.count == listed.result_count == 1
    assert "1" in reminder.sentence
    assert reminder.is_urgent is (name in URGENT)


@pytest.mark.parametrize("name", WAITING)
def test_nothing_waits_for_who_may_not_see_it(client: Client, name: str):
    WAITING[name][0]()
    sign_in_staff(client, factories.StaffFactory(is_superuser=False))

    page = client.get(INDEX)

    assert page.context["reminders"] == page.context["charts"] == page.context["planned_days"] == []
    assert "Nothing is waiting for you." in page.content.decode()


def test_urgent_things_come_first_and_say_so_in_a_word(client: Client):
    factories.SuggestionFactory()
    a_visit()
    sign_in_staff(client, factories.StaffFactory())

    page = client.get(INDEX)

    assert [one.is_urgent for one in page.context["reminders"]] == [True, False]
    shown = page.content.decode()
    assert "Urgent" in shown[: shown.index("monitoring visit is overdue")]
    assert "1 is urgent" in shown


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("/en", "The first is due on"), ("/zh-hans", None), ("", None)],
)
def test_a_clock_says_how_many_days_are_left(client: Client, prefix: str, words: str | None):
    a_request()
    PrivacyRequest.objects.update(due_on=timezone.localdate() + timedelta(days=4))
    sign_in_staff(client, factories.StaffFactory())

    page = client.get(f"{prefix}/admin/")

    (reminder,) = page.context["reminders"]
    assert (reminder.count, reminder.days_left, reminder.is_urgent) == (1, 4, False)
    assert words is None or words in page.content.decode()
    PrivacyRequest.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    (late,) = client.get(f"{prefix}/admin/").context["reminders"]
    assert late.is_urgent
    assert late.days_left == -1


def everything() -> None:
    for make, _words in WAITING.values():
        make()


@pytest.mark.thorough
def test_the_page_asks_the_database_as_often_for_many_as_for_one(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    everything()
    planned_things()
    client.get(INDEX)
    cache.clear()
    with CaptureQueriesContext(connection) as one:
        client.get(INDEX)
    for _number in range(3):
        everything()
        planned_things()

    cache.clear()
    with CaptureQueriesContext(connection) as many:
        page = client.get(INDEX)

    def counted(queries: CaptureQueriesContext) -> int:
        return sum('cache"' not in query["sql"] for query in queries)

    assert reminder_of(client, "inquiries are waiting").count == 4
    assert page.context["planned_more"] > 0
    assert counted(many) == counted(one), [q["sql"][:150] for q in many]
    assert counted(many) <= 28


# --- planned --------------------------------------------------------------------------------------


def planned_things() -> None:
    today = timezone.localdate()
    factories.ArticleFactory(title_en="Soon public", publish_at=hours(30))
    factories.PageFactory(title_en="Soon gone", expire_at=hours(40))
    factories.CallFactory(
        title_en="Autumn call", opens_at=hours(-48), closes_at=hours(60),
        age_on=today, released_at=hours(100), confirm_by=hours(24 * 40),
    )  # fmt: skip
    forum = factories.ForumFactory(program__title_en="Great forum")
    type(forum.program).objects.filter(pk=forum.program_id).update(
        starts_on=today + timedelta(days=5), ends_on=today + timedelta(days=5), precision="day"
    )
    factories.NetworkMeetingFactory(starts_at=hours(50), ends_at=hours(52), title_en="Meeting")
    factories.AgreementFactory(valid_until=today + timedelta(days=3), title_en="Agreement")


def test_what_is_planned_stands_day_by_day_with_links(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    planned_things()
    draft = factories.ArticleFactory(title_en="Only a draft", publish_at=hours(20), status="draft")

    page = client.get("/en/admin/planned/?days=14")

    said = {entry.sentence: entry for _day, entries in page.context["days"] for entry in entries}
    assert any("“Soon public” (Article) will be published." in one for one in said), said
    assert any("“Soon gone” (Fixed page) will be taken down." in one for one in said)
    assert {
        "“Autumn call” closes for applications.",
        "The results of “Autumn call” are announced. 0 decisions are held until then.",
        "“Great forum” takes place.",
        "“Meeting” begins.",
        "“Agreement” ends.",
    } <= said.keys()
    assert draft.title_en not in page.content.decode()
    days = [day for day, _entries in page.context["days"]]
    assert days == sorted(days)
    for entry in said.values():
        assert client.get(entry.url, follow=True).status_code == 200, entry


def test_the_deadlines_of_the_week_are_those_that_the_page_lists(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    planned_things()
    factories.AgreementFactory(valid_until=timezone.localdate() + timedelta(days=9))

    reminder = reminder_of(client, "within the next seven days")

    page = client.get(reminder.url)
    assert reminder.count == page.context["count"] == 2
    kinds = {entry.kind for _day, entries in page.context["days"] for entry in entries}
    assert kinds == {Kind.DEADLINE}


@pytest.mark.parametrize("query", ["kind=nothing", "days=x", "days=99999999999", "kind=%27&days="])
def test_what_is_asked_and_unknown_is_as_if_it_were_not_there(client: Client, query: str):
    sign_in_staff(client, factories.StaffFactory())
    planned_things()

    page = client.get(f"/en/admin/planned/?{query}")

    assert page.status_code == 200
    assert (page.context["kind"], page.context["stretch"]) == ("", 14)
    assert page.context["count"] > 5


def test_interviews_are_one_line_a_day(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    slot = factories.InterviewSlotFactory()
    start = hours(24 * 3)
    InterviewSlot.objects.filter(pk=slot.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=20)
    )

    page = client.get("/en/admin/planned/?kind=interview")

    ((_day, (entry,)),) = page.context["days"]
    assert entry.sentence == f"1 interview slot of “{slot.call.title_en}”."
    listed = client.get(entry.url).context["cl"]
    assert [*listed.queryset] == [slot]


# --- the last thirty days ---------------------------------------------------------------------------


def test_charts_count_the_last_thirty_days(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    an_application("submitted")
    old = an_application("submitted")
    Application.objects.filter(pk=old.pk).update(sent_at=hours(-24 * 31))
    article, today = factories.ArticleFactory(), timezone.localdate()
    DailyViews.objects.create(article=article, day=today, count=5)
    DailyViews.objects.create(article=article, day=today - timedelta(days=29), count=7)
    DailyViews.objects.create(article=article, day=today - timedelta(days=30), count=11)
    a_failed_mail()
    a_poor_answer()
    factories.InquiryFactory()
    factories.RegistrationFactory()

    page = client.get(INDEX)

    sums = {one.chart.name: [number for _l, number in one.sums] for one in page.context["charts"]}
    assert sums == {
        "applications": [1],
        "readers": [12],
        "mail": [0, 1],
        "satisfaction": [1, 2],
        "inquiries": [1],
        "registrations": [1],
    }
    readers = next(one for one in page.context["charts"] if one.chart.name == "readers")
    assert readers.rows == [(today, [5]), (today - timedelta(days=29), [7])]
    shown = page.content.decode()
    assert 'id="days-readers-t"' in shown
    assert "In all: readers: 12." in shown


def test_an_editor_sees_the_charts_of_what_they_may_see(client: Client):
    signed_in_as(client, "editor")
    factories.InquiryFactory()

    names = [one.chart.name for one in client.get(INDEX).context["charts"]]

    assert {"inquiries", "satisfaction", "readers"} == set(names)
    assert Inquiry.objects.exists()


# --- ways -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("editor", ["Deleted records", "Links to previews"]),
        ("reviewer", ["Links to previews"]),
        ("administrator", ["Deleted records", "Links to previews", "Roles"]),
    ],
)
def test_the_first_page_leads_to_pages_of_no_model(client: Client, role: str, names: list[str]):
    signed_in_as(client, role)
    page = client.get(INDEX).content.decode()
    ways = page[page.index('class="desk-ways"') :].split("</p>")[0]

    assert re.findall(r">([^<]+)</a>", ways) == names
    for address in re.findall(r'href="([^"]+)"', ways):
        assert client.get(address).status_code == 200, address
