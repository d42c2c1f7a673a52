"""The addresses of the IATI files, and the page about them."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from oda_portal.files.storages import private_storage
from partners.models import City, Organisation
from programs.models import Confirmation, Program, Publisher, Reporting, Role
from programs.reporting.confirming import take_back
from programs.reporting.publishing import Kind, publish, serving
from tests.factories import CityFactory, OrganisationFactory, RoleFactory
from tests.storing.places import MOSTLY_IN_FOLDERS

from .reporting import TEST_REF, name_publisher, reported_program

ACTIVITIES, ORGANISATION = "/data/iati/activities.xml", "/data/iati/organisation.xml"
PREFIXES = ["", "/en", "/zh-hans"]

pytestmark = [*MOSTLY_IN_FOLDERS, pytest.mark.django_db]


def published(*codes: str) -> list:
    name_publisher()
    programs = [reported_program(code=code) for code in codes or ("urban",)]
    publish(by=None)
    return programs


def _parties(program: Program) -> set[str]:
    return {role.organisation.name_en for role in program.roles.all()}


def body(answer) -> bytes:  # type: ignore[no-untyped-def]
    return b"".join(answer)


def identifiers(xml: bytes) -> list[str]:
    return [each.text for each in etree.fromstring(xml).iter("iati-identifier")]


@pytest.mark.parametrize("address", [ACTIVITIES, ORGANISATION])
def test_without_anything_published_it_is_404_with_a_sentence_in_each_language(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert len(answer.content.decode().splitlines()) == 3
    page = client.get(address, headers={"accept": "text/html"})
    assert page.status_code == 404
    for language in ("ko", "en", "zh-Hans"):
        assert f'<p lang="{language}">' in page.content.decode()


def test_the_file_is_what_was_published(client):
    published("one", "two")
    answer = client.get(ACTIVITIES)
    xml = body(answer)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert identifiers(xml) == [f"{TEST_REF}-one", f"{TEST_REF}-two"]
    assert int(answer["Content-Length"]) == len(xml)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Content-Disposition" not in answer


def test_the_organisation_file_is_there_without_any_activity(client):
    name_publisher()
    publish(by=None)
    root = etree.fromstring(body(client.get(ORGANISATION)))
    assert root.findtext(".//organisation-identifier") == TEST_REF
    assert client.get(ACTIVITIES).status_code == 404


def test_it_comes_packed_to_whoever_takes_that(client):
    published()
    plain = client.get(ACTIVITIES)
    packed = client.get(ACTIVITIES, headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(packed)) == body(plain)
    assert packed["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("name", ["ETag", "Last-Modified"])
def test_whoever_has_it_is_told_so(client, name):
    published()
    asked = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[name]
    known = client.get(ACTIVITIES)[name]
    answer = client.get(ACTIVITIES, headers={asked: known})
    assert (answer.status_code, answer["ETag"]) == (304, client.get(ACTIVITIES)["ETag"])


def test_head_says_what_get_would(client):
    published()
    answer = client.head(ACTIVITIES)
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == serving(Kind.ACTIVITIES).size
    assert client.post(ACTIVITIES).status_code == 405


def test_what_is_taken_down_is_served_no_more_even_before_the_next_publication(client):
    first, second = published("first", "second")
    before = client.get(ACTIVITIES)
    first.withdraw(by=None)
    after = client.get(ACTIVITIES, headers={"accept-encoding": "gzip"})
    xml = body(after)
    assert identifiers(xml) == [f"{TEST_REF}-second"]
    assert int(after["Content-Length"]) == len(xml)
    assert after["ETag"] != before["ETag"]
    assert client.get(f"/data/iati/activities/{TEST_REF}-first.xml").status_code == 404
    second.delete()
    assert client.get(ACTIVITIES).status_code == 404


def test_without_a_publisher_nothing_is_served_any_more(client):
    published()
    organisation = Publisher.objects.get().organisation
    organisation.withdraw(by=None)
    assert client.get(ACTIVITIES).status_code == 404
    assert client.get(ORGANISATION).status_code == 404


def test_files_that_are_gone_are_404_until_they_are_made_again(client):
    published()
    for name in list(private_storage().names()):
        private_storage().delete(name)
    assert client.get(ACTIVITIES).status_code == 404
    publish(by=None)
    assert client.get(ACTIVITIES).status_code == 200


def test_one_activity_has_a_file_of_its_own(client):
    published("one", "two")
    address = reverse("iati_files:activity_file", args=[f"{TEST_REF}-two"])
    answer = client.get(address)
    assert identifiers(answer.content) == [f"{TEST_REF}-two"]
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "name", ["XI-IATI-OTHER-1", "..%2F..%2Fsecret", "%00", "x" * 3000, "<script>", "안녕"]
)
def test_a_name_that_there_is_not_is_no_activity(client, name):
    published()
    assert client.get(f"/data/iati/activities/{name}.xml").status_code in (400, 404)


def hide_its_city(program: Program) -> None:
    program.cities.get().withdraw(by=None)


def let_its_city_expire(program: Program) -> None:
    program.cities.update(expire_at=timezone.now())


def withdraw_a_party(program: Program) -> None:
    program.roles.first().organisation.withdraw(by=None)


def let_a_party_expire(program: Program) -> None:
    bodies = Organisation.objects.filter(roles__program=program)
    Organisation.objects.filter(pk=bodies.first().pk).update(expire_at=timezone.now())


def only_announce_it(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(announced_only=True)


def want_it_no_more(program: Program) -> None:
    Reporting.objects.filter(program=program).update(wanted=False)


def take_a_confirmation_back(program: Program) -> None:
    take_back(program, Confirmation.Aspect.SHARES, by=None)


def give_it_to_a_partner(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(ours=False)


@pytest.mark.parametrize(
    "hide",
    [
        *(hide_its_city, let_its_city_expire, withdraw_a_party, let_a_party_expire),
        *(only_announce_it, want_it_no_more, take_a_confirmation_back, give_it_to_a_partner),
    ],
)
def test_what_may_not_be_told_any_more_is_cut_out_before_the_next_publication(client, hide):
    name_publisher()
    first, second = (
        reported_program(code=code, title_en=f"The {code} course") for code in ("first", "second")
    )
    for program in (first, second):
        program.cities.add(CityFactory())
    publish(by=None)
    address = f"/data/iati/activities/{TEST_REF}-first.xml"
    before = {each.text for each in etree.fromstring(body(client.get(ACTIVITIES))).iter()}
    assert client.get(address).status_code == 200
    kept = client.get(f"/data/iati/activities/{TEST_REF}-second.xml").content

    hide(first)

    answer = client.get(ACTIVITIES, headers={"accept-encoding": "gzip"})
    xml = body(answer)
    assert identifiers(xml) == [f"{TEST_REF}-second"]
    assert {first.title_en, *_parties(first)} < before
    assert not {first.title_en, *_parties(first)} & {
        each.text for each in etree.fromstring(xml).iter()
    }
    assert client.get(address).status_code == 404
    assert client.get(f"/data/iati/activities/{TEST_REF}-second.xml").content == kept


def test_who_was_never_named_does_not_keep_an_activity_back(client):
    name_publisher()
    program = reported_program(code="urban")
    hidden = {"status": "draft"}
    RoleFactory(program=program, kind=Role.Kind.CO_ORGANISES, organisation__status="draft")
    program.cities.add(CityFactory(**hidden))
    publish(by=None)
    before = body(client.get(ACTIVITIES))
    Organisation.objects.filter(**hidden).get().save()
    City.objects.filter(**hidden).get().save()
    publish(by=None)
    assert body(client.get(ACTIVITIES)) == before


def test_the_organisation_file_goes_with_the_organisation_that_it_names(client):
    publisher = name_publisher()
    publish(by=None)
    first = publisher.organisation
    publisher.organisation = OrganisationFactory(org_ref="XI-IATI-OTHER", kind="11")
    publisher.save()
    assert client.get(ORGANISATION).status_code == 200
    first.withdraw(by=None)
    assert client.get(ORGANISATION).status_code == 404
    publish(by=None)
    assert b"XI-IATI-OTHER" in body(client.get(ORGANISATION))


@pytest.mark.thorough
@pytest.mark.parametrize("number", [1, 12])
def test_asking_takes_few_questions_however_many_there_are(client, number):
    published(*(f"p-{each}" for each in range(number)))
    with CaptureQueriesContext(connection) as queries:
        body(client.get(ACTIVITIES))
    asked = [query["sql"] for query in queries if 'cache"' not in query["sql"]]
    assert sum(sql.startswith("SELECT") for sql in asked) == 5


# --- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_page_says_what_there_is(client, prefix):
    published("one", "two")
    page = client.get(f"{prefix}/data/iati/").content.decode()
    assert f'href="{ACTIVITIES}"' in page
    assert TEST_REF in page
    assert ">2</td>" in page


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_page_says_that_there_is_nothing(client, prefix):
    page = client.get(f"{prefix}/data/iati/").content.decode()
    assert f'href="{ACTIVITIES}"' not in page
    assert ACTIVITIES in page


def test_the_page_is_new_once_something_is_published(client, django_capture_on_commit_callbacks):
    client.get("/data/iati/")
    with django_capture_on_commit_callbacks(execute=True):
        published()
    assert TEST_REF in client.get("/data/iati/").content.decode()


@pytest.mark.thorough
def test_the_page_asks_little(client, uncached_queries):
    published()
    assert uncached_queries(client, "/data/iati/") <= 10
