"""Programmes and what belongs to them, and proposals."""

from __future__ import annotations

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

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

from .bases import PublishedFactory, in_three
from .partners import NetworkMemberFactory, OrganisationFactory
from .portal import UserFactory


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
