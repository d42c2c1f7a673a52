"""Objects for tests, named for what they are. Called in the body of a test, never in a fixture."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from forums.models import (
    Appearance,
    Forum,
    ForumSession,
    Material,
    Registration,
    Room,
    Series,
    Speaker,
    Submission,
)
from news.models import Article
from oda_portal.accounts.models import User
from oda_portal.pages.models import Department, Faq, Inquiry, Office, Page, Service, Strand
from oda_portal.publishing.models import Source, Status
from oda_portal.reviews.models import Criterion, Review, Rubric
from oda_portal.seats.models import Pool
from partners.models import (
    ActionItem,
    Agreement,
    City,
    Country,
    Invitation,
    MeetingAnswer,
    Membership,
    NetworkMeeting,
    NetworkMember,
    Organisation,
    Suggestion,
)
from programs.models import (
    Indicator,
    Measurement,
    Milestone,
    MonitoringVisit,
    ParticipantGroup,
    Photo,
    Program,
    Proposal,
    ProposalComment,
    ProposalPartner,
    Role,
    Run,
    Sector,
    SectorShare,
    Theme,
    Work,
)
from volunteers.models import (
    Application,
    Call,
    Choice,
    Condition,
    DeploymentReport,
    InterviewSlot,
    Opening,
    Question,
    RequiredDocument,
    Story,
    Volunteer,
)


def in_three(field: str, ko: str, en: str, zh: str) -> dict[str, Any]:
    """Declarations for a translated field: `{n}` is the row's number."""
    texts = {f"{field}_ko": ko, f"{field}_en": en, f"{field}_zh_hans": zh}
    return {
        column: factory.Sequence(lambda n, text=text: text.format(n=n))
        for column, text in texts.items()
    }


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password("long-Enough-1")


class StaffFactory(UserFactory):
    is_staff = True
    is_superuser = True


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office
        django_get_or_create = ("pk",)

    pk = 1
    name_ko, name_en, name_zh_hans = "시험 포털", "Test portal", "测试门户"
    short_name_ko, short_name_en, short_name_zh_hans = "시험", "Test", "测试"
    city_name_ko, city_name_en, city_name_zh_hans = "부산", "Busan", "釜山"
    hero_title_ko, hero_title_en, hero_title_zh_hans = "제목", "Title", "标题"
    hero_lead_ko, hero_lead_en, hero_lead_zh_hans = "머리말", "Lead", "导语"
    latitude, longitude = 35.1796, 129.0756


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    locals().update(in_three("name", "부서{n}", "Department {n}", "部门{n}"))


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    url = factory.Sequence(lambda n: f"https://example.org/{n}")
    what = factory.Sequence(lambda n: f"Report {n}")


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = Country

    # AA, AB, … : as many as a test asks for, none of them twice.
    code = factory.Sequence(lambda n: chr(65 + n // 26 % 26) + chr(65 + n % 26))
    alpha3 = factory.LazyAttribute(lambda country: country.code + "X")
    locals().update(in_three("name", "나라{n}", "Country {n}", "国家{n}"))


class PublishedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    status = Status.PUBLISHED


class CityFactory(PublishedFactory):
    class Meta:
        model = City

    slug = factory.Sequence(lambda n: f"city-{n}")
    relation = City.Relation.SISTER
    country = factory.SubFactory(CountryFactory)
    agreed_on = date(2010, 5, 1)
    latitude = factory.Sequence(lambda n: n % 60)
    longitude = factory.Sequence(lambda n: n % 170)
    locals().update(in_three("name", "도시{n}", "City {n}", "城市{n}"))
    locals().update(in_three("intro", "소개{n}", "Introduction {n}", "介绍{n}"))


class OrganisationFactory(PublishedFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    kind = Organisation.Kind.ACADEMIC
    country = factory.SubFactory(CountryFactory)
    locals().update(in_three("name", "기관{n}", "Organisation {n}", "机构{n}"))


class AgreementFactory(PublishedFactory):
    class Meta:
        model = Agreement

    slug = factory.Sequence(lambda n: f"agreement-{n}")
    signed_on = date(2020, 5, 29)
    locals().update(in_three("title", "협약{n}", "Agreement {n}", "协议{n}"))


class StrandFactory(DjangoModelFactory):
    class Meta:
        model = Strand

    slug = factory.Sequence(lambda n: f"strand-{n}")
    locals().update(in_three("title", "묶음{n}", "Strand {n}", "分组{n}"))


class ServiceFactory(PublishedFactory):
    class Meta:
        model = Service

    slug = factory.Sequence(lambda n: f"service-{n}")
    strand = factory.SubFactory(StrandFactory)
    locals().update(in_three("title", "주요 사업{n}", "Service {n}", "业务{n}"))
    locals().update(in_three("summary", "설명{n}", "About service {n}", "说明{n}"))


class PageFactory(PublishedFactory):
    class Meta:
        model = Page

    slug = factory.Sequence(lambda n: f"page-{n}")
    locals().update(in_three("title", "안내{n}", "Page {n}", "页面{n}"))
    locals().update(in_three("body", "<p>본문{n}</p>", "<p>Text {n}</p>", "<p>正文{n}</p>"))


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    locals().update(in_three("name", "주제{n}", "Theme {n}", "主题{n}"))


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector

    code = factory.Sequence(lambda n: f"{10000 + n}")
    locals().update(in_three("name", "분야{n}", "Sector {n}", "领域{n}"))


class ProgramFactory(PublishedFactory):
    class Meta:
        model = Program

    code = factory.Sequence(lambda n: f"program-{n}")
    kind = "training"
    arrangement = "own"
    starts_on, ends_on = date(2019, 3, 1), date(2019, 3, 20)
    locals().update(in_three("title", "사업{n}", "Programme {n}", "项目{n}"))
    locals().update(in_three("summary", "요약{n}", "Summary {n}", "摘要{n}"))


class RunFactory(DjangoModelFactory):
    class Meta:
        model = Run

    program = factory.SubFactory(ProgramFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_on, ends_on = date(2019, 3, 1), date(2019, 3, 20)


class ParticipantGroupFactory(DjangoModelFactory):
    class Meta:
        model = ParticipantGroup

    run = factory.SubFactory(RunFactory)
    total = 15


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    program = factory.SubFactory(ProgramFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = Role.Kind.IMPLEMENTS


class SectorShareFactory(DjangoModelFactory):
    class Meta:
        model = SectorShare

    program = factory.SubFactory(ProgramFactory)
    sector = factory.SubFactory(SectorFactory)


class PhotoFactory(DjangoModelFactory):
    """A caption without a picture; give `image` for one with."""

    class Meta:
        model = Photo

    program = factory.SubFactory(ProgramFactory)
    locals().update(in_three("caption", "사진{n}", "Photo {n}", "图片{n}"))


class WorkFactory(DjangoModelFactory):
    class Meta:
        model = Work

    program = factory.SubFactory(ProgramFactory, kind="sister_village")
    locals().update(in_three("name", "유치원{n}", "Kindergarten {n}", "幼儿园{n}"))


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    program = factory.SubFactory(ProgramFactory)
    on = date(2020, 5, 21)
    locals().update(in_three("text", "걸음{n}", "Step {n}", "步骤{n}"))


class MonitoringVisitFactory(DjangoModelFactory):
    class Meta:
        model = MonitoringVisit

    program = factory.SubFactory(ProgramFactory, kind="sister_village")
    planned_on = date(2027, 1, 10)


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    program = factory.SubFactory(ProgramFactory)
    locals().update(in_three("name", "지표{n}", "Indicator {n}", "指标{n}"))


class MeasurementFactory(DjangoModelFactory):
    class Meta:
        model = Measurement

    indicator = factory.SubFactory(IndicatorFactory)
    value = 25


class CallFactory(PublishedFactory):
    """A call that is open from a week ago to a week ahead."""

    class Meta:
        model = Call

    slug = factory.Sequence(lambda n: f"call-{n}")
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    age_on = date(2027, 7, 1)
    locals().update(in_three("title", "모집{n}", "Call {n}", "招募{n}"))
    locals().update(in_three("summary", "요약{n}", "Summary {n}", "摘要{n}"))


class OpeningFactory(DjangoModelFactory):
    """An opening decided by selection; `pool__capacity` places."""

    class Meta:
        model = Opening

    call = factory.SubFactory(CallFactory)
    team = Opening.Team.EDUCATION
    city = factory.SubFactory(CityFactory)
    departs_on = date(2027, 7, 20)
    returns_on = date(2027, 7, 27)
    mode = Opening.Mode.SELECTED
    pool = factory.SubFactory("tests.factories.PoolFactory")
    locals().update(in_three("tasks", "하는 일{n}", "Tasks {n}", "任务{n}"))


class PoolFactory(DjangoModelFactory):
    class Meta:
        model = Pool

    capacity = 10


class InterviewSlotFactory(DjangoModelFactory):
    """An hour in ten days, of a call that lets choose until three days before."""

    class Meta:
        model = InterviewSlot

    call = factory.SubFactory(
        CallFactory,
        interview_choose_by=factory.LazyFunction(lambda: timezone.now() + timedelta(days=7)),
    )
    starts_at = factory.LazyFunction(
        lambda: (
            timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
            + timedelta(days=10)
        )
    )
    ends_at = factory.LazyAttribute(lambda slot: slot.starts_at + timedelta(minutes=20))
    pool = factory.SubFactory("tests.factories.PoolFactory")
    locals().update(in_three("place", "회의실{n}", "Room {n}", "会议室{n}"))


class ConditionFactory(DjangoModelFactory):
    class Meta:
        model = Condition

    call = factory.SubFactory(CallFactory)
    locals().update(in_three("statement", "조건{n}", "Condition {n}", "条件{n}"))
    locals().update(in_three("refusal", "안 됨{n}", "Refused {n}", "不行{n}"))


class RequiredDocumentFactory(DjangoModelFactory):
    class Meta:
        model = RequiredDocument

    call = factory.SubFactory(CallFactory)
    locals().update(in_three("name", "서류{n}", "Document {n}", "材料{n}"))


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    call = factory.SubFactory(CallFactory)
    locals().update(in_three("text", "질문{n}", "Question {n}", "问题{n}"))


class RubricFactory(DjangoModelFactory):
    """Blind, open from yesterday to a week ahead; without criteria."""

    class Meta:
        model = Rubric

    round = factory.SubFactory(CallFactory)
    stage = "documents"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    rubric = factory.SubFactory(RubricFactory)
    locals().update(in_three("name", "기준{n}", "Criterion {n}", "标准{n}"))
    locals().update(in_three("description", "설명{n}", "Meaning {n}", "说明{n}"))


class ReviewFactory(DjangoModelFactory):
    """Of an application, which must be given, in the stage of its call."""

    class Meta:
        model = Review

    rubric = factory.LazyAttribute(lambda review: RubricFactory(round=review.subject.call))
    reviewer = factory.SubFactory(StaffFactory)


class VolunteerFactory(DjangoModelFactory):
    class Meta:
        model = Volunteer

    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application

    call = factory.SubFactory(CallFactory)
    volunteer = factory.SubFactory(VolunteerFactory)
    language = "ko"


class DeploymentReportFactory(PublishedFactory):
    """Of a deployment that everybody may see."""

    class Meta:
        model = DeploymentReport

    program = factory.SubFactory(ProgramFactory, kind="volunteer")
    locals().update(in_three("title", "보고{n}", "Report {n}", "报告{n}"))
    locals().update(in_three("text", "<p>한 일{n}</p>", "<p>Done {n}</p>", "<p>所做{n}</p>"))


class StoryFactory(PublishedFactory):
    """Agreed to, of somebody who has come back from a deployment that everybody may see."""

    class Meta:
        model = Story

    application = factory.SubFactory(
        ApplicationFactory,
        state="completed",
        receipt=factory.Sequence(lambda n: f"STORY-{n:05}"),
        sent_at=factory.LazyFunction(timezone.now),
        opening=factory.SubFactory(
            OpeningFactory, program=factory.SubFactory(ProgramFactory, kind="volunteer")
        ),
    )
    agreed = True
    language = "ko"
    locals().update(in_three("title", "이야기{n}", "Story {n}", "故事{n}"))
    locals().update(in_three("text", "겪은 일{n}", "What I saw {n}", "见闻{n}"))


class ChoiceFactory(DjangoModelFactory):
    class Meta:
        model = Choice

    application = factory.SubFactory(ApplicationFactory)
    opening = factory.SubFactory(OpeningFactory)
    rank = 1


class FaqFactory(PublishedFactory):
    class Meta:
        model = Faq

    slug = factory.Sequence(lambda n: f"question-{n}")
    topic = "site"
    locals().update(in_three("question", "질문 {n}?", "Question {n}?", "问题{n}？"))
    locals().update(in_three("answer", "<p>답 {n}</p>", "<p>Answer {n}</p>", "<p>回答{n}</p>"))


class InquiryFactory(DjangoModelFactory):
    class Meta:
        model = Inquiry

    fingerprint = factory.Sequence(lambda n: f"{n:064d}")
    topic = "volunteering"
    text = factory.Sequence(lambda n: f"{n}번째 물음입니다.")
    language = "ko"


class ArticleFactory(PublishedFactory):
    class Meta:
        model = Article

    slug = factory.Sequence(lambda n: f"article-{n}")
    locals().update(in_three("title", "새 소식 {n}", "News item {n}", "新闻{n}"))
    locals().update(in_three("summary", "한 줄로 말한 소식 {n}.", "In one line {n}.", "摘要{n}。"))


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    slug = factory.Sequence(lambda n: f"series-{n}")
    locals().update(in_three("name", "포럼{n}", "Forums {n}", "论坛{n}"))


class ForumFactory(DjangoModelFactory):
    """Public, as its programme is; nobody can register or hand in a paper."""

    class Meta:
        model = Forum

    program = factory.SubFactory(ProgramFactory, kind="forum", modality="")
    slug = factory.Sequence(lambda n: f"forum-{n}")
    series = factory.SubFactory(SeriesFactory)
    locals().update(in_three("theme", "주제{n}", "Theme {n}", "主题{n}"))


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    forum = factory.SubFactory(ForumFactory)
    locals().update(in_three("name", "회의실{n}", "Room {n}", "会议室{n}"))


class ForumSessionFactory(DjangoModelFactory):
    class Meta:
        model = ForumSession

    forum = factory.SubFactory(ForumFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=1))
    locals().update(in_three("title", "세션{n}", "Session {n}", "场次{n}"))


class SpeakerFactory(DjangoModelFactory):
    class Meta:
        model = Speaker

    locals().update(in_three("name", "연사{n}", "Speaker {n}", "嘉宾{n}"))


class AppearanceFactory(DjangoModelFactory):
    class Meta:
        model = Appearance

    session = factory.SubFactory(ForumSessionFactory)
    speaker = factory.SubFactory(SpeakerFactory)


class MaterialFactory(DjangoModelFactory):
    class Meta:
        model = Material

    forum = factory.SubFactory(ForumFactory)
    kind = Material.Kind.SLIDES
    url = factory.Sequence(lambda n: f"https://example.org/slides-{n}")
    locals().update(in_three("title", "자료{n}", "Slides {n}", "资料{n}"))


class RegistrationFactory(DjangoModelFactory):
    class Meta:
        model = Registration

    forum = factory.SubFactory(ForumFactory)
    email = factory.Sequence(lambda n: f"attendee{n}@example.org")
    name = factory.Sequence(lambda n: f"참가자{n}")
    language = "ko"


class SubmissionFactory(DjangoModelFactory):
    class Meta:
        model = Submission

    forum = factory.SubFactory(ForumFactory)
    email = factory.Sequence(lambda n: f"author{n}@example.org")
    name = factory.Sequence(lambda n: f"발표자{n}")
    language = "ko"
    title = factory.Sequence(lambda n: f"발표{n}")


class NetworkMemberFactory(DjangoModelFactory):
    """An organisation of the network, confirmed."""

    class Meta:
        model = NetworkMember

    organisation = factory.SubFactory(OrganisationFactory)
    confirmed_at = factory.LazyFunction(timezone.now)


class MembershipFactory(DjangoModelFactory):
    """An approved person of an organisation that belongs to the network."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.LazyAttribute(lambda _row: NetworkMemberFactory().organisation)
    state = Membership.State.ACTIVE
    approved_at = factory.LazyFunction(timezone.now)


class InvitationFactory(DjangoModelFactory):
    """Open, to somebody who may have no account."""

    class Meta:
        model = Invitation

    organisation = factory.LazyAttribute(lambda _row: NetworkMemberFactory().organisation)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")


class SuggestionFactory(DjangoModelFactory):
    """A member’s other wording of the profile of their organisation, not decided yet."""

    class Meta:
        model = Suggestion

    class Params:
        membership = factory.SubFactory(MembershipFactory)

    subject = factory.LazyAttribute(lambda row: row.membership.organisation)
    organisation = factory.LazyAttribute(lambda row: row.membership.organisation)
    by = factory.LazyAttribute(lambda row: row.membership.user)
    language = "ko"
    was = factory.LazyAttribute(lambda row: {"name_ko": row.subject.name_ko})
    wanted = factory.Sequence(lambda n: {"name_ko": f"새 이름{n}"})


class ProposalFactory(DjangoModelFactory):
    """A draft with all that is needed to submit it, of an organisation of the network."""

    class Meta:
        model = Proposal

    organisation = factory.LazyAttribute(lambda _row: NetworkMemberFactory().organisation)
    state = Proposal.State.DRAFT
    language = "ko"
    title = factory.Sequence(lambda n: f"사업 제안{n}")
    place = "다낭시"
    need = "마을에 도서관이 없다."
    idea = "폐교를 도서관으로 고친다."
    submitted_at = factory.LazyAttribute(
        lambda row: None if row.state == "draft" else timezone.now()
    )
    decided_at = factory.LazyAttribute(
        lambda row: timezone.now() if row.state in ("adopted", "declined") else None
    )


class ProposalPartnerFactory(DjangoModelFactory):
    class Meta:
        model = ProposalPartner

    proposal = factory.SubFactory(ProposalFactory, state="in_discussion")
    organisation = factory.LazyAttribute(lambda _row: NetworkMemberFactory().organisation)
    role = Role.Kind.CO_ORGANISES


class ProposalCommentFactory(DjangoModelFactory):
    class Meta:
        model = ProposalComment

    proposal = factory.SubFactory(ProposalFactory, state="in_discussion")
    author = factory.SubFactory(UserFactory)
    organisation = factory.LazyAttribute(lambda _row: NetworkMemberFactory().organisation)
    language = "ko"
    text = factory.Sequence(lambda n: f"의견{n}")


class NetworkMeetingFactory(PublishedFactory):
    """Public; members were invited to it."""

    class Meta:
        model = NetworkMeeting

    slug = factory.Sequence(lambda n: f"meeting-{n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=2))
    called_at = factory.LazyFunction(timezone.now)
    locals().update(in_three("title", "회의{n}", "Meeting {n}", "会议{n}"))


class ActionItemFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    meeting = factory.SubFactory(NetworkMeetingFactory)
    what = factory.Sequence(lambda n: f"할 일 {n}")
    owner = factory.SubFactory(MembershipFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=5))


class MeetingAnswerFactory(DjangoModelFactory):
    class Meta:
        model = MeetingAnswer

    meeting = factory.SubFactory(NetworkMeetingFactory)
    membership = factory.SubFactory(MembershipFactory)
    answer = MeetingAnswer.Answer.YES
