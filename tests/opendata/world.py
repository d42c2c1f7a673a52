"""Something public of every kind that a dataset is about, with everything that it leads to."""

from __future__ import annotations

from datetime import date

from news.models import ArticlePhoto
from programs.models import BudgetLine, CountryShare, SdgTarget
from tests.factories import (
    AgreementFactory,
    ArticleFactory,
    CityFactory,
    FaqFactory,
    ForumFactory,
    ForumSessionFactory,
    NetworkMeetingFactory,
    NetworkMemberFactory,
    OpeningFactory,
    OrganisationFactory,
    ParticipantGroupFactory,
    PhotoFactory,
    ProgramFactory,
    RoleFactory,
    RoomFactory,
    RunFactory,
    SectorShareFactory,
    ServiceFactory,
    SourceFactory,
    ThemeFactory,
)


def fill(number: int) -> None:
    """So many of each more."""
    for _turn in range(number):
        city, body = CityFactory(), OrganisationFactory()
        body.sources.add(SourceFactory(url="https://example.org/source"))
        village = ProgramFactory(kind="sister_village")
        for program in (
            ProgramFactory(starts_on=date(2024, 5, 2), ends_on=date(2024, 5, 9)),
            ProgramFactory(kind="volunteer", edition=12, village=village),
            ProgramFactory(ours=False, arrangement="partner"),
        ):
            _furnish(program, city, body)
        agreement = AgreementFactory()
        agreement.parties.add(body)
        agreement.cities.add(city)
        NetworkMeetingFactory().attending.add(body)
        NetworkMemberFactory(organisation=body)
        OpeningFactory(city=city)
        forum = ForumFactory()
        forum.program.cities.add(city)
        ForumSessionFactory(forum=forum, room=RoomFactory(forum=forum)).languages.create(code="ko")
        _report(program, city, body)
        ServiceFactory()
        FaqFactory()


def _furnish(program, city, body) -> None:
    program.cities.add(city)
    program.themes.add(ThemeFactory())
    CountryShare.objects.create(program=program, country=city.country)
    SectorShareFactory(program=program, percentage=40)
    SdgTarget.objects.create(program=program, code="3.2")
    RoleFactory(program=program, organisation=body)
    BudgetLine.objects.create(program=program, amount=1000)
    run = RunFactory(program=program)
    ParticipantGroupFactory(run=run, country=city.country, women=7, men=8)
    PhotoFactory(program=program)


def _report(program, city, body) -> None:
    article = ArticleFactory()
    article.programs.add(program)
    article.cities.add(city)
    article.countries.add(city.country)
    article.organisations.add(body)
    article.themes.add(ThemeFactory())
    ArticlePhoto.objects.create(article=article, caption_en="A picture")
