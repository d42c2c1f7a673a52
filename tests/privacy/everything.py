"""One person with everything that the portal can hold about somebody, and the words to look for."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from forums.models import Need
from oda_portal.accounts.models import User
from oda_portal.audit.models import record_transition
from oda_portal.certificates.models import Certificate
from oda_portal.jobs.models import Job
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.previewing.models import KeptText
from oda_portal.privacy import actions as asking
from oda_portal.privacy.access import record_look
from oda_portal.privacy.models import Act
from tests import factories
from tests.consents import texts_in_force
from tests.files.samples import picture, upload
from tests.forums import papers, registering
from tests.news.subscribers import subscriber
from tests.volunteers.applicants import person
from tests.volunteers.departures import with_checklist
from tests.volunteers.served import approved, back, past_opening, with_page
from volunteers.models import (
    Application,
    ApplicationFile,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    SurveyAnswer,
    TravelDocument,
)

EMAIL = "jegal.narae@example.org"
NAME, ROMAN, HANJA = "제갈나래", "JEGAL NARAE", "諸葛나래"
PHONE, STREET, PASSPORT = "010-7351-9264", "봉래나루로 9264", "M735A9264"
BYTES = b"bytes-of-jegal-9264"
# Each of them stands in several columns or files; none may be anywhere afterwards.
NEEDLES = (EMAIL, NAME, ROMAN, HANJA, PHONE, STREET, PASSPORT, BYTES.decode(), "나래의")
PASSWORD = "a-long-password-9264"


def everything(client: Client) -> User:
    factories.OfficeFactory()
    user = person(email=EMAIL, name=NAME)
    user.set_password(PASSWORD)
    user.save()
    application = _served(user)
    _at_forums(user)
    _in_the_network(user)
    _letters(user)
    _written_by_staff(user, application)
    _signed_in(client, application)
    return user


def _served(user: User) -> Application:
    opening = with_checklist(with_page(past_opening()))
    about = {
        "volunteer__name": NAME, "volunteer__name_roman": ROMAN, "volunteer__name_hangul": NAME,
        "volunteer__mobile": PHONE, "volunteer__residence": STREET, "volunteer__email": EMAIL,
        "volunteer__affiliation": "나래의 학교", "volunteer__born_on": date(1999, 3, 7),
        "motivation": "나래의 동기", "draft": json.dumps({"about": {"name": NAME, "mobile": PHONE}}),
        "guardian_name": NAME, "guardian_mobile": PHONE,
    }  # fmt: skip
    application = approved(back(opening, user=user, **about))
    ApplicationFile.objects.create(
        application=application, name=f"{NAME}.pdf", size=9, file=_file(), **_document(application)
    )
    _journey(application)
    SurveyAnswer.objects.create(
        application=application, opening=opening, preparation=4, work=4, support=4, again=4,
        text="나래의 의견", language="ko",
    )  # fmt: skip
    factories.StoryFactory(
        application=application,
        title_ko="나래의 이야기",
        text_ko=f"{NAME}가 썼다.",
        shown_as="name",
    )
    return application


def _document(application: Application) -> dict[str, Any]:
    return {"document": factories.RequiredDocumentFactory(call=application.call)}


def _file() -> ContentFile[bytes]:
    return ContentFile(BYTES, name="x.pdf")


def _journey(application: Application) -> None:
    TravelDocument.objects.create(
        application=application, number=PASSPORT, name=ROMAN, nationality="Korea",
        expires_text="2031-08-31",
    )  # fmt: skip
    HealthNote.objects.create(application=application, vaccinations="나래의 접종", to_know=NAME)
    EmergencyContact.objects.create(
        application=application, name=NAME, relation="언니", telephone=PHONE
    )
    InsuranceCertificate.objects.create(
        application=application, name=f"{NAME}.pdf", size=9, file=_file()
    )


def _at_forums(user: User) -> None:
    row = registering.registered(
        registering.open_forum(), EMAIL, name=NAME, affiliation="나래의 회사"
    )
    Need.objects.create(registration=row, text="나래의 알레르기")
    paper = papers.confirmed(
        papers.a_call(), user=user, email=EMAIL, name=NAME, title="나래의 발표", slides_name=NAME
    )
    paper.slides.save("x.pdf", _file())


def _in_the_network(user: User) -> None:
    membership = factories.MembershipFactory(user=user, post="나래의 직위", telephone=PHONE)
    factories.InvitationFactory(email=EMAIL)
    factories.MeetingAnswerFactory(membership=membership, note="나래의 답")
    factories.ActionItemFactory(owner=membership)
    factories.SuggestionFactory(by=user, note="나래의 제안")
    proposal = factories.ProposalFactory(author=user)
    factories.ProposalCommentFactory(
        proposal=proposal, author=user, organisation=proposal.organisation, text="나래의 말"
    )
    Certificate.objects.create(
        code="AAAA-9264", kind="volunteers.service", user=user, name_hangul=NAME, name_hanzi=HANJA,
        name_latin=ROMAN, sheets={"ko": {"subject": "나래의 봉사"}}, subject=membership,
    )  # fmt: skip


def _letters(user: User) -> None:
    texts_in_force()
    subscriber(EMAIL)
    factories.InquiryFactory(email=EMAIL, text=f"{NAME}입니다. {PHONE}")
    asking.ask(by=user, kind="see", text=f"{STREET}에 사는 {NAME}입니다.")
    post("request_closed", to=EMAIL.upper(), language="ko", context={}, name=NAME)


def _written_by_staff(user: User, application: Application) -> None:
    """Words about the person in the trail, the admin's log, an export and a look."""
    staff = factories.StaffFactory()
    letter = Message.objects.filter(to=EMAIL).latest("pk")
    for row in (application, application.volunteer, letter):
        record_transition(row, "state", "a", "b", by=staff, reason=f"{NAME} 님 요청")
    LogEntry.objects.create(
        user=staff, content_type=ContentType.objects.get_for_model(Application),
        object_id=str(application.pk), object_repr=NAME, change_message=EMAIL, action_flag=CHANGE,
    )  # fmt: skip
    record_look(staff, Act.EXPORT, [user, application], reason="감사 자료")
    job = Job.objects.create(
        kind="spreadsheets.export", title="Applications", asked_by=staff,
        arguments={"model": "volunteers.application"}, finished_at=timezone.now(),
    )  # fmt: skip
    job.keep_keys([application.pk])
    job.result.save("x.csv", _file())
    text = KeptText(by=user, model="news.article", saved_at=timezone.now())
    text.sealed = json.dumps([["title", NAME]], ensure_ascii=False)
    text.save()


def _signed_in(client: Client, application: Application) -> None:
    """Sessions, limits, a kept public page with the story, a draft of a file."""
    client.post("/accounts/login/", {"login": EMAIL, "password": "wrong"})
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    Client().get(application.opening.program.get_absolute_url())
    client.get("/accounts/")
    client.post("/accounts/profile/", {"avatar": upload("x.png", picture("PNG")), "name": NAME})
