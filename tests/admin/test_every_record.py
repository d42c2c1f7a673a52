"""What holds for the admin of every registered model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from forums.models import Forum, ForumSession, Registration, Series, Speaker, Submission
from news.models import Article, Subscription
from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition, record_transition
from oda_portal.jobs.models import Job
from oda_portal.mail.models import MailTemplate, Message
from oda_portal.pages.models import (
    Banner,
    Department,
    Faq,
    Inquiry,
    MenuEntry,
    Office,
    Page,
    SatisfactionAnswer,
    Service,
    Strand,
)
from oda_portal.publishing.models import Source
from oda_portal.reviews.models import Review, Rubric
from oda_portal.translating.models import TranslationState
from oda_portal.translating.states import after_saving, texts_of
from partners.models import (
    ActionItem,
    Agreement,
    City,
    Country,
    IatiFile,
    Invitation,
    MeetingAnswer,
    Membership,
    NetworkMeeting,
    NetworkMember,
    Organisation,
    PartnerActivity,
    Suggestion,
)
from programs.models import (
    Identifier,
    Indicator,
    MonitoringVisit,
    Program,
    Proposal,
    Publication,
    Publisher,
    Run,
    Sector,
    Theme,
)
from tests import factories
from tests.admin.forms import filled
from tests.care.samples import RECORDS as CARE
from tests.certificates.samples import RECORDS as CERTIFICATES
from tests.doors import sign_in_staff
from tests.library.samples import RECORDS as LIBRARY
from tests.mail.examples import a_mail
from tests.news.subscribers import subscriber
from tests.privacy.samples import RECORDS as PRIVACY
from tests.programs.reporting import name_publisher
from volunteers.models import (
    Application,
    Call,
    DeploymentReport,
    InterviewSlot,
    Story,
    Volunteer,
)

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")


def a_long_job() -> Job:
    return Job.objects.create(kind="publishing.bulk", title="글 60건 게시", language="ko")


def an_answer() -> SatisfactionAnswer:
    return SatisfactionAnswer.objects.create(page="/about/", language="ko", score=4)


def a_transition() -> Transition:
    return record_transition(factories.PageFactory(), "status", "draft", "published", by=None)


def an_application() -> Application:
    """One that was handed in: staff know of no others."""
    return factories.ApplicationFactory(
        state="submitted", receipt="ABCDE-23456", sent_at=timezone.now()
    )


def a_volunteer() -> Volunteer:
    return an_application().volunteer


def a_paper() -> Submission:
    """One that was handed in: staff know of no others."""
    return factories.SubmissionFactory(state="submitted", sent_at=timezone.now())


def a_review() -> Review:
    return factories.ReviewFactory(subject=an_application())


def an_own_text() -> MailTemplate:
    return MailTemplate.objects.create(
        kind="staff_mail_failed", language="ko", subject="제목", body="{failed}건"
    )


def a_session() -> ForumSession:
    """On a day of its edition, without which its form refuses it."""
    forum = factories.ForumFactory()
    on = timezone.make_aware(datetime.combine(forum.program.starts_on, time(10)))
    return factories.ForumSessionFactory(forum=forum, starts_at=on)


def a_proposal() -> Proposal:
    """One that was submitted: staff know of no others."""
    return factories.ProposalFactory(state="submitted")


def an_outdated_text() -> TranslationState:
    faq = factories.FaqFactory()
    before = texts_of(faq)
    faq.question_ko = "새 질문"
    faq.save()
    after_saving(before, faq, by=None)
    return TranslationState.objects.get(language="en")


def an_identifier() -> Identifier:
    return Identifier.objects.create(program=factories.ProgramFactory(), value="XI-IATI-EXAMPLE-1")


def a_publication() -> Publication:
    found = {
        "severity": "error", "rule": "6.2.2", "identifier": "XI-IATI-EXAMPLE-1", "line": 7,
        "message": "A date is missing.",
    }  # fmt: skip
    return Publication.objects.create(kind="activities", findings=[found])


# How to make a row of each registered model, and a text field that an editor may change.
RECORDS: dict[type[models.Model], tuple[Callable[[], models.Model], str | None]] = {
    ActionItem: (factories.ActionItemFactory, None),
    Agreement: (factories.AgreementFactory, "title_ko"),
    Article: (factories.ArticleFactory, "title_ko"),
    Application: (an_application, None),
    Call: (factories.CallFactory, "title_ko"),
    City: (factories.CityFactory, "name_ko"),
    Country: (factories.CountryFactory, "name_ko"),
    Department: (factories.DepartmentFactory, "name_ko"),
    DeploymentReport: (factories.DeploymentReportFactory, "title_ko"),
    Job: (a_long_job, None),
    Banner: (factories.BannerFactory, "text_ko"),
    Faq: (factories.FaqFactory, "question_ko"),
    MenuEntry: (factories.MenuEntryFactory, "label_ko"),
    Forum: (factories.ForumFactory, "theme_ko"),
    ForumSession: (a_session, "title_ko"),
    IatiFile: (factories.IatiFileFactory, None),
    Identifier: (an_identifier, None),
    Indicator: (factories.IndicatorFactory, "name_ko"),
    MailTemplate: (an_own_text, "subject"),
    Inquiry: (factories.InquiryFactory, None),
    InterviewSlot: (factories.InterviewSlotFactory, "place_ko"),
    Invitation: (factories.InvitationFactory, None),
    Membership: (factories.MembershipFactory, None),
    MeetingAnswer: (factories.MeetingAnswerFactory, None),
    Message: (a_mail, None),
    NetworkMeeting: (factories.NetworkMeetingFactory, "title_ko"),
    NetworkMember: (factories.NetworkMemberFactory, None),
    MonitoringVisit: (factories.MonitoringVisitFactory, "findings_ko"),
    Office: (factories.OfficeFactory, "name_ko"),
    Organisation: (factories.OrganisationFactory, "name_ko"),
    # What it says comes from its file; staff say whether it is public.
    PartnerActivity: (factories.PartnerActivityFactory, None),
    Page: (factories.PageFactory, "title_ko"),
    Program: (factories.ProgramFactory, "title_ko"),
    Proposal: (a_proposal, None),
    Publication: (a_publication, None),
    Publisher: (name_publisher, None),
    Registration: (factories.RegistrationFactory, None),
    Review: (a_review, None),
    Rubric: (factories.RubricFactory, "guide_ko"),
    Run: (factories.RunFactory, "note_ko"),
    SatisfactionAnswer: (an_answer, None),
    Sector: (factories.SectorFactory, "name_ko"),
    Series: (factories.SeriesFactory, "name_ko"),
    Service: (factories.ServiceFactory, "title_ko"),
    Source: (factories.SourceFactory, "what"),
    Speaker: (factories.SpeakerFactory, "name_ko"),
    # Nobody adds one in the back office.
    Story: (factories.StoryFactory, None),
    Submission: (a_paper, None),
    Subscription: (subscriber, None),
    Suggestion: (factories.SuggestionFactory, None),
    Strand: (factories.StrandFactory, "title_ko"),
    Theme: (factories.ThemeFactory, "name_ko"),
    Transition: (a_transition, None),
    TranslationState: (an_outdated_text, None),
    User: (factories.UserFactory, "name"),
    Volunteer: (a_volunteer, None),
    **CARE,
    **CERTIFICATES,
    **LIBRARY,
    **PRIVACY,
}
OURS = [model for model in admin.site._registry if not model.__module__.startswith("allauth")]
EDITABLE = [model for model in OURS if RECORDS.get(model, (None, None))[1]]


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_that_is_registered_has_an_example_here():
    assert set(OURS) == set(RECORDS)


@pytest.mark.sqlite_too
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_pages_of_every_record_open(client: Client, model: type[models.Model], language: str):
    sign_in_staff(client, factories.StaffFactory())
    record = RECORDS[model][0]()
    with translation.override(language):
        pages = [address(model, "changelist"), address(model, "history", record.pk)]
        pages.append(address(model, "change", record.pk))
        if RECORDS[model][1] and model is not Office:
            pages.append(address(model, "add"))
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page, follow=True)

        assert response.status_code == 200, page
        assert f'<html lang="{language}"' in response.content.decode()
        asked = [query for query in queries if 'cache"' not in query["sql"]]
        assert len(asked) <= 44, (page, len(asked))


@pytest.mark.sqlite_too
@pytest.mark.parametrize("model", EDITABLE, ids=lambda model: model.__name__)
def test_a_change_of_every_kind_appears_in_its_history(client: Client, model: type[models.Model]):
    staff = factories.StaffFactory(name="김담당")
    sign_in_staff(client, staff)
    make, field = RECORDS[model]
    record = make()
    page = address(model, "change", record.pk)

    response = client.post(
        page, filled(client.get(page), **{str(field): "새로 고친 말"}), follow=True
    )

    assert "errors" not in response.context or not response.context["errors"]
    record.refresh_from_db()
    assert getattr(record, str(field)) == "새로 고친 말"
    history = client.get(address(model, "history", record.pk)).content.decode()
    assert "김담당" in history
    if hasattr(model, "history"):
        assert "새로 고친 말" in history
    assert LogEntry.objects.filter(user=staff, object_id=str(record.pk)).count() == 1


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_staff_without_permission_are_refused(client: Client, model: type[models.Model]):
    sign_in_staff(client, factories.StaffFactory(is_superuser=False))
    record = RECORDS[model][0]()

    for page in ("changelist", "add", "change", "delete", "history"):
        args = [] if page in ("changelist", "add") else [record.pk]
        # Where an empty form has no sense, its address leads back to the list, for anybody.
        answer = client.get(address(model, page, *args), follow=True)
        assert answer.status_code == 403, page
