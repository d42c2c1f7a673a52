"""The roster for the partner city: the fewest fields of those who agreed, for a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from oda_portal.privacy import consents
from oda_portal.privacy.models import AccessRecord
from tests.factories import CityFactory, CountryFactory
from tests.volunteers.departures import board, going, opening_in, subjects, with_checklist
from tests.volunteers.staff import looks, signed_in_as
from volunteers.models import Application, Opening

pytestmark = pytest.mark.django_db


def agrees(application: Application, answer: bool = True) -> Application:
    text = consents.current_texts(["overseas"])[0]
    consents.give(application, text, given=answer, by=application.volunteer.user)
    return application


def roster_of(client: Client, opening: Opening, **typed: str) -> Any:
    path = board(opening, "_roster", opening.pk)
    client.get(path)
    return client.post(path, {"reason": "Lodging in the city", "form": "csv", **typed})


def text_of(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


@pytest.mark.parametrize("form", ["csv", "print"])
def test_the_roster_holds_the_fewest_fields_of_those_who_agreed(client: Client, form: str):
    opening = with_checklist(opening_in(60))
    listed = agrees(going(opening, volunteer__name_roman="=HONG GILDONG"))
    refused = agrees(going(opening, volunteer__name_roman="KIM REFUSED"), answer=False)
    silent = going(opening, volunteer__name_roman="LEE SILENT")
    gone = agrees(going(opening, volunteer__name_roman="PARK GONE", state="withdrawn"))
    signed_in_as(client, "volunteer_coordinator")

    response = roster_of(client, opening, form=form)

    text = text_of(response)
    assert ("'=HONG GILDONG" if form == "csv" else "=HONG GILDONG") in text
    assert "Education team" in text
    for other in (refused, silent, gone):
        assert other.volunteer.name_roman not in text
    for field in (listed.volunteer.user.email, "홍길동", "1999", str(listed.receipt)):
        assert field not in text
    assert "no-store" in response.headers["Cache-Control"]
    record = AccessRecord.objects.get(act="export")
    assert (record.what, record.reason) == ("volunteers.opening roster", "Lodging in the city")
    assert [str(row) for row in record.subjects.all()] == subjects(listed)
    assert {pk for _what, rows in looks("list") for pk in rows} == {
        *subjects(refused), *subjects(silent),
    }  # fmt: skip


@pytest.mark.parametrize("typed", [{"reason": ""}, {"reason": "  "}, {"form": "pdf"}])
def test_nothing_leaves_the_house_without_a_reason(client: Client, typed: dict[str, str]):
    opening = with_checklist(opening_in(60))
    agrees(going(opening))
    signed_in_as(client, "volunteer_coordinator")

    response = roster_of(client, opening, **typed)

    assert "HONG GILDONG" not in text_of(response)
    assert response.context["form"].errors
    assert not AccessRecord.objects.filter(act="export").exists()


@pytest.mark.parametrize(("code", "team"), [("CN", "教育组"), ("MN", "Education team")])
def test_a_city_in_china_gets_it_in_chinese_and_others_in_english(
    client: Client, code: str, team: str
):
    city = CityFactory(country=CountryFactory(code=code))
    opening = with_checklist(opening_in(60, city=city))
    agrees(going(opening))
    signed_in_as(client, "volunteer_coordinator")

    assert team in text_of(roster_of(client, opening))
