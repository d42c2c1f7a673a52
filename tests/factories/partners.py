"""Countries, cities, organisations, agreements, and the network."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

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

from .bases import PublishedFactory, in_three
from .portal import UserFactory


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = Country

    # AA, AB, … : as many as a test asks for, none of them twice.
    code = factory.Sequence(lambda n: chr(65 + n // 26 % 26) + chr(65 + n % 26))
    alpha3 = factory.LazyAttribute(lambda country: country.code + "X")
    locals().update(in_three("name", "나라{n}", "Country {n}", "国家{n}"))


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


class IatiFileFactory(DjangoModelFactory):
    class Meta:
        model = IatiFile

    organisation = factory.SubFactory(OrganisationFactory)
    licence = "CC BY 4.0"
    state = IatiFile.State.TAKEN
    iati_version = "2.03"
    sha256 = factory.Sequence(lambda n: f"{n:064}")


class PartnerActivityFactory(PublishedFactory):
    class Meta:
        model = PartnerActivity

    file = factory.SubFactory(IatiFileFactory)
    organisation = factory.SelfAttribute("file.organisation")
    licence = "CC BY 4.0"
    identifier = factory.Sequence(lambda n: f"XM-DAC-1-{n}")
    activity_status = "2"
    starts_on = date(2025, 1, 1)
    ends_on = date(2025, 12, 31)
    iati_version = "2.03"
    raw_xml = factory.LazyAttribute(
        lambda row: (
            f"<iati-activity><iati-identifier>{row.identifier}</iati-identifier></iati-activity>"
        )
    )
    locals().update(
        in_three("title", "협력 기관 활동{n}", "Partner activity {n}", "合作机构活动{n}")
    )
    locals().update(in_three("description", "설명{n}", "About it {n}", "说明{n}"))
