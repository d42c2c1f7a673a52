"""Calls, applications, what comes after them, and their reviews."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from oda_portal.reviews.models import Criterion, Review, Rubric
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

from .bases import PublishedFactory, in_three
from .partners import CityFactory
from .portal import PoolFactory, StaffFactory, UserFactory
from .programs import ProgramFactory


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
    pool = factory.SubFactory(PoolFactory)
    locals().update(in_three("tasks", "하는 일{n}", "Tasks {n}", "任务{n}"))


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
    pool = factory.SubFactory(PoolFactory)
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
