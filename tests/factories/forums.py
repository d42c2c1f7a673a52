"""Editions of the forum and what belongs to them."""

from __future__ import annotations

from datetime import timedelta

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

from .bases import in_three
from .programs import ProgramFactory


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
