"""A whole round, chapter by chapter: people in three languages, staff in their roles, their mails."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from oda_portal.accounts.models import User
from oda_portal.certificates import tasks
from oda_portal.certificates.models import Batch, Certificate
from oda_portal.mail import links
from oda_portal.mail.models import Message
from oda_portal.reviews.models import Review, ReviewState, Rubric
from tests.admin.forms import filled
from tests.factories import (
    CallFactory,
    CityFactory,
    CriterionFactory,
    OfficeFactory,
    OpeningFactory,
    RubricFactory,
)
from tests.files.samples import pdf, upload
from tests.reviews import rounds as reviewing
from tests.volunteers.applicants import ABOUT, CONSENTS, answers, person, written
from tests.volunteers.departures import TYPED, departure, state_of
from tests.volunteers.interviewed import held, taken
from tests.volunteers.served import sheet, with_page
from tests.volunteers.staff import page_of, said, signed_in_as
from volunteers import actions, sending
from volunteers.models import (
    Application,
    Call,
    ChecklistItem,
    InterviewSlot,
    Opening,
)

LANGUAGES = ("ko", "en", "zh-hans")
NAMED = (
    ("홍길동", "HONG GILDONG", "ko"), ("Айдана Серік", "SERIK AIDANA", "en"),
    ("王小明", "WANG XIAOMING", "zh-hans"), ("이영희", "LEE YEONGHUI", "ko"),
    ("Bat Erdene", "BAT ERDENE", "en"), ("李梅", "LI MEI", "zh-hans"),
    ("박서준", "PARK SEOJUN", "ko"), ("Ann Lee", "LEE ANN", "en"), ("张伟", "ZHANG WEI", "zh-hans"),
    ("최지우", "CHOI JIWOO", "ko"), ("John Park", "PARK JOHN", "en"), ("赵敏", "ZHAO MIN", "zh-hans"),
)  # fmt: skip
# Forty in all: 김가, 김갸 … , who are called KIM A, KIM B … here.
PEOPLE = (
    *NAMED,
    *((f"김{chr(0xAC00 + 28 * n)}", f"KIM {chr(65 + n % 26) * (1 + n // 26)}", LANGUAGES[n % 3])
      for n in range(40 - len(NAMED))),
)  # fmt: skip
PLACES = 4
UNDER_REVIEW = {
    "ko": "심사하고 있습니다",
    "en": "We are reviewing your application",
    "zh-hans": "申请正在评审中",
}
VALID = {"ko": "유효", "en": "Valid", "zh-hans": "有效"}


def days_later(clock: time_machine.Coordinates, opening: Opening, days: float) -> None:
    """So many days after the call opened, a week before the story begins."""
    clock.move_to(opening.call.opens_at + timedelta(days=days))


# --- people, staff and mails ----------------------------------------------------------------------


def browser(application: Application) -> Client:
    client = Client()
    client.force_login(application.volunteer.user)
    return client


def office(role: str = "volunteer_coordinator") -> Client:
    client = Client()
    signed_in_as(client, role)
    return client


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def own(application: Application, name: str, *args: Any) -> str:
    """A page of theirs, in their language."""
    with translation.override(application.language):
        return reverse(f"volunteers:{name}", args=[application.uuid, *args])


def told(kind: str) -> dict[int | None, str]:
    """Who got a mail of this kind, and in which language; nobody got two."""
    rows = list(Message.objects.filter(kind=kind).values_list("about_id", "language"))
    assert len(rows) == len(dict(rows)), kind
    return dict(rows)


def languages_of(*people: Application) -> dict[int, str]:
    return {row.pk: row.language for row in people}


def link(kind: str, application: Application) -> str:
    message = Message.objects.get(kind=kind, about_id=application.pk)
    return "/mail/" + links.issue(message).partition("/mail/")[2]


def in_bulk(client: Client, act: str, *people: Application, **typed: str) -> Any:
    """Chosen in the list, read through, confirmed; the page that was read through."""
    url = page_of("application_changelist", language="en")
    chosen = {"action": f"move_{act}", "_selected_action": [str(row.pk) for row in people]}
    page = client.post(url, chosen)
    assert {notice.application.pk for notice in page.context["notices"]} == {
        row.pk for row in people
    }
    assert page.context["plan"].refused == page.context["plan"].without == []
    answer = client.post(url, filled(page, **typed), follow=True)
    assert len(said(answer)) == 1, said(answer)
    return page


# --- the chapters ---------------------------------------------------------------------------------


def a_call() -> Opening:
    """Open for a week more, with interviews, results in 25 days and departure in 80."""
    OfficeFactory()
    now = timezone.now()
    call = CallFactory(
        closes_at=now + timedelta(days=7),
        interview_choose_by=now + timedelta(days=14),
        released_at=now + timedelta(days=25),
        confirm_by=now + timedelta(days=28),
    )
    today = timezone.localdate()
    opening = OpeningFactory(
        call=call,
        city=CityFactory(name_ko="프놈펜", name_en="Phnom Penh", name_zh_hans="金边"),
        pool__capacity=PLACES,
        departs_on=today + timedelta(days=80),
        returns_on=today + timedelta(days=84),
    )
    return with_page(opening)


def apply(opening: Opening) -> list[Application]:
    """Everybody writes and submits; the fifth does not agree to a transfer abroad."""
    people = []
    for number, (name, roman, language) in enumerate(PEOPLE):
        user = person(name=name, preferred_language=language)
        row = written(opening.call, opening, user=user)
        about = {**ABOUT, "name": name, "name_roman": roman, "language": language}
        overseas = "no.1" if number == 4 else "yes.1"
        consents = {**answers()["consents"], **CONSENTS, "consent_overseas": overseas}
        for step, values in (("about", about), ("consents", consents)):
            assert row.write(step, values, base=row.base_of(step))
        assert actions.send(row, sending.steps_of(row), by=user)
        people.append(fresh(row))
    assert told("application_received") == languages_of(*people)
    return people


def review(
    call: Call, stage: str, reviewers: list[User], scores: dict[int, tuple[int, int]]
) -> Any:
    """Assigned by the office, scored by two each; the first finds a conflict in the documents.

    The lines of the ranking page.
    """
    opens_at = timezone.now()
    rubric = RubricFactory(
        round=call, stage=stage, is_blind=stage == "documents",
        opens_at=opens_at, closes_at=opens_at + timedelta(days=5),
    )  # fmt: skip
    for position, weight in enumerate((60, 40)):
        CriterionFactory(rubric=rubric, weight=weight, position=position)
    staff = office()
    assign(staff, rubric, reviewers[:2])
    if stage == "documents":
        conflict(rubric, reviewers[0], next(iter(scores)))
        assign(staff, rubric, reviewers)
    for row in Review.objects.counted().filter(rubric=rubric).select_related("reviewer"):
        score(row, scores[row.object_id])
    return staff.get(reverse("admin:reviews_rubric_ranking", args=[rubric.pk])).context["lines"]


def assign(staff: Client, rubric: Rubric, reviewers: list[User]) -> None:
    url = reverse("admin:reviews_rubric_assign", args=[rubric.pk])
    page = staff.post(url, {"reviewers": [one.pk for one in reviewers], "look": "1"})
    staff.post(url, filled(page, sure="1"))


def conflict(rubric: Rubric, reviewer: User, pk: int) -> None:
    row = Review.objects.get(rubric=rubric, reviewer=reviewer, object_id=pk)
    client = Client()
    reviewing.sign_in_staff(client, reviewer)
    client.post(reviewing.page_of(row, "review_conflict"), {"conflict": "on"})
    assert client.get(reviewing.page_of(row)).status_code == 404


def score(row: Review, values: tuple[int, int]) -> None:
    client = Client()
    assert row.reviewer is not None
    reviewing.sign_in_staff(client, row.reviewer)
    url = reviewing.page_of(row)
    page = client.get(url)
    shown = page.content.decode()
    name = fresh(row.subject).volunteer.name  # type: ignore[arg-type]
    assert (name in shown) != row.rubric.is_blind
    client.post(url, filled(page, **reviewing.typed(row.rubric, *values), submit="1"))
    row.refresh_from_db()
    assert row.state == ReviewState.SUBMITTED


def offer_interviews(staff: Client, call: Call) -> list[InterviewSlot]:
    """Four on one day, with three places each."""
    url = page_of("interviewslot_add")
    typed = {
        "call": str(call.pk), "day": str(timezone.localdate() + timedelta(days=9)),
        "first": "10:00", "last": "11:20", "minutes": "20", "places": "3",
        "place_ko": "회의실", "place_en": "Room 2", "place_zh_hans": "会议室",
    }  # fmt: skip
    staff.post(url, filled(staff.post(url, {**typed, "look": "1"}), sure="1"))
    return list(InterviewSlot.objects.order_by("starts_at"))


def choose(people: list[Application], slots: list[InterviewSlot]) -> None:
    """All but the last want the first time; who comes too late is told, and takes another."""
    for number, row in enumerate(people):
        client, url = browser(row), own(row, "interview")
        wanted = client.post(url, {"slot": str(slots[0].pk)})
        assert wanted.status_code == (302 if number < 3 else 409)
        if wanted.status_code == 409:
            client.post(url, {"slot": str(slots[number // 3].pk)})
    assert [taken(slot) for slot in slots] == [3, 3, 3, 1]
    assert held(people[3]) == slots[1]
    assert told("interview_chosen") == languages_of(*people)


def get_ready(going: list[Application], staff: Client) -> None:
    """Each hands in what is theirs, the office accepts it and ticks off what is its own."""
    opening = going[0].opening
    assert opening is not None
    for row in going:
        client = browser(row)
        for kind, typed in TYPED.items():
            url = departure(row, kind, language=row.language)
            sent = client.post(url, {**filled(client.get(url)), **typed})
            assert sent.status_code == 302, (kind, sent.context["form"].errors)
        url = departure(row, ChecklistItem.Kind.INSURANCE, language=row.language)
        client.post(url, {"file": upload("보험.pdf", pdf())})
        accept(staff, row)
    url = page_of("call_readiness_accept", opening.call_id)
    everybody = {"kind": "orientation", "person": [str(row.pk) for row in going]}
    staff.post(url, filled(staff.post(url, everybody)))


def accept(staff: Client, row: Application) -> None:
    assert row.opening is not None
    page = staff.get(page_of("call_readiness_person", row.opening.call_id, row.pk))
    assert "M123A4567" not in page.content.decode()
    for kind in ("passport", "vaccination", "insurance"):
        seen = row.readiness.get(item__kind=kind).at.isoformat()
        url = page_of("call_readiness_settle", row.opening.call_id, row.pk, kind, "accept")
        staff.post(url, {"seen": seen})
        assert state_of(row, kind) == "accepted"


def certify(staff: Client, opening: Opening, people: list[Application]) -> list[Certificate]:
    """Begun by the office, worked off by a worker; a second batch would give nobody another."""
    for _twice in range(2):
        url = sheet(opening, "_certificates")
        chosen = [row.pk for row in people]
        staff.post(url, {**filled(staff.get(url)), "_selected_action": chosen, "sure": "yes"})
        for batch in Batch.objects.all():
            tasks.issue_batch(batch.pk)
    return [Certificate.objects.get(object_id=row.pk) for row in people]


def taken_places(opening: Opening) -> int:
    opening.pool.refresh_from_db()
    return opening.pool.taken


def says(client: Client, row: Application, certificate: Certificate) -> None:
    """The file has name, number, days and hours; the public page says that it is valid."""
    prefix = "" if row.language == "ko" else f"/{row.language}"
    public = client.get(f"{prefix}/certificates/{certificate.code}/").content.decode()
    assert VALID[row.language] in public
    assert row.volunteer.name not in public
    file = client.get(f"{prefix}/certificates/{certificate.code}/pdf/")
    content = b"".join(file.streaming_content) if file.streaming else file.content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for words in (row.volunteer.name, row.volunteer.name_roman, certificate.code, "40"):
        assert words.casefold() in text.casefold(), words
