"""Public lists as files: the same rows under the same filters, and what is wrong with an address."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Program
from tests.factories import (
    CountryFactory,
    ForumFactory,
    ForumSessionFactory,
    OfficeFactory,
    ProgramFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/en/programs/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def lines(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, address
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def links(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return [
        html.unescape(found) for found in re.findall(r'href="([^"]*format=(?:csv|json))"', page)
    ]


def faults(client: Client, address: str) -> dict[str, str]:
    response = client.get(address)
    assert response.status_code == 400, address
    assert response["Content-Type"] == "application/problem+json"
    found = json.loads(response.content)
    assert found["status"] == 400
    return {error["parameter"]: error["detail"] for error in found["errors"]}


# --- from the list to its files -------------------------------------------------------------------


def test_a_list_links_to_its_files_with_the_filters_that_were_chosen(client: Client):
    OfficeFactory()
    ProgramFactory.create_batch(13, kind="training")

    found = links(client, f"{LIST}?kind=training&q=&page=2&utm_source=mail")

    assert found == [f"{LIST}?kind=training&lang=en&format={form}" for form in ("csv", "json")]
    assert len(lines(client, found[0])) == 13


@pytest.mark.parametrize(("prefix", "lang"), [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-Hans")])
def test_files_speak_the_language_of_the_list(client: Client, prefix: str, lang: str):
    OfficeFactory()
    program = ProgramFactory(kind="training")

    [line] = lines(client, links(client, f"{prefix}/programs/")[0])

    column = f"title_{lang.lower().replace('-', '_')}"
    assert line["title"] == getattr(program, column)
    assert line["title_language"] == lang
    assert line["kind_name"] == {"ko": "연수사업", "en": "Training", "zh-Hans": "研修"}[lang]
    assert line["url"].endswith(f"{prefix}/programs/{program.code}/")


def test_labels_follow_lang_and_codes_do_not(client: Client):
    ProgramFactory(kind="training", title_ko="연수", title_en="", title_zh_hans="")

    [english] = lines(client, "/programs/?format=csv&lang=en")
    [whole] = lines(client, "/programs/?format=csv&lang=all")

    assert (english["kind"], english["kind_name"]) == ("training", "Training")
    assert (english["title"], english["title_language"]) == ("연수", "ko")
    assert (whole["title_ko"], whole["title_en"]) == ("연수", "")
    assert whole["kind_name_zh_hans"] == "研修"


def test_a_value_that_the_list_left_out_is_not_in_its_links(client: Client):
    OfficeFactory()
    ProgramFactory()

    found = links(client, f"{LIST}?kind=unheard&arrangement=own")

    assert found[0] == f"{LIST}?arrangement=own&lang=en&format=csv"


# --- the same rows --------------------------------------------------------------------------------


def spread() -> None:
    """Programmes that each filter tells apart."""
    lao = CountryFactory(code="LA")
    for kind, year in (
        ("training", 2019),
        ("volunteer", 2020),
        ("forum", 2021),
        ("training", None),
    ):
        started = date(year, 3, 1) if year else None
        program = ProgramFactory(kind=kind, starts_on=started, ends_on=started)
        if kind == "training":
            program.country_shares.create(country=lao)
    ProgramFactory(is_demonstration=True)
    ProgramFactory(ours=False)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=training",
        "year=2020",
        "country=LA",
        "state=closed",
        "q=Programme",
        "arrangement=own",
    ],
)
def test_a_file_has_the_rows_of_the_list_in_its_order(client: Client, query: str):
    OfficeFactory()
    spread()

    shown = client.get(f"{LIST}?{query}").context["listing"]

    codes = [program.code for program in shown.page]
    assert [line["code"] for line in lines(client, f"{LIST}?{query}&format=csv")] == codes
    answer = json.loads(client.get(f"{LIST}?{query}&format=json").getvalue())
    assert [row["code"] for row in answer["results"]] == codes
    assert len(codes) == shown.total


def test_a_list_of_one_edition_has_its_sessions_alone(client: Client):
    OfficeFactory()
    forum, other = ForumFactory(), ForumFactory()
    session = ForumSessionFactory(forum=forum)
    ForumSessionFactory(forum=other)
    address = reverse("forums:programme", args=[forum.slug])

    [line] = lines(client, links(client, address)[0])

    assert (line["id"], line["forum_slug"]) == (str(session.pk), forum.slug)
    assert lines(client, f"{address}?format=csv&kind=keynote") == []


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_list_of_what_is_not_public_has_no_file(client: Client, state: str):
    forum = ForumFactory(program__status=state)
    ForumSessionFactory(forum=forum)

    for slug in (forum.slug, "there-is-none"):
        assert client.get(f"/forums/{slug}/programme/?format=csv").status_code == 404
    assert client.get("/volunteers/rounds/77/?format=csv").status_code == 404


def test_a_round_has_its_deployments_alone(client: Client):
    OfficeFactory()
    ProgramFactory(kind="volunteer", edition=11)
    one = ProgramFactory(kind="volunteer", edition=None, starts_on=date(2019, 7, 1), ends_on=None)
    ProgramFactory(kind="volunteer", edition=None, starts_on=None, ends_on=None)

    [line] = lines(client, links(client, "/en/volunteers/rounds/y2019/")[0])

    assert (line["code"], line["round"]) == (one.code, "y2019")
    assert len(lines(client, "/volunteers/rounds/11/?format=csv")) == 1
    assert len(lines(client, "/volunteers/rounds/undated/?format=csv")) == 1
    assert len(lines(client, "/volunteers/rounds/?format=csv")) == 3


def test_asking_for_the_head_reads_no_rows(client: Client):
    ProgramFactory()
    client.get(f"{LIST}?format=csv").getvalue()

    with CaptureQueriesContext(connection) as queries:
        response = client.head(f"{LIST}?format=csv")
        assert response.getvalue() == b""

    assert response.status_code == 200
    assert not [query for query in queries if "programs_" in query["sql"]]


# --- what is wrong with an address ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("format=xlsx", "format"),
        ("format=", "format"),
        ("format=csv&format=json", "format"),
        ("format=csv&page=1000000000", "page"),
        ("format=csv&utm_source=mail", "utm_source"),
        ("format=csv&lang=fr", "lang"),
        ("format=csv&lang=", "lang"),
        ("format=csv&kind=unheard", "kind"),
        ("format=csv&kind=training&kind=forum", "kind"),
        ("format=csv&kind=%00", "kind"),
        ("format=csv&q=%00", "q"),
        (f"format=csv&q={'x' * 101}", "q"),
        ("format=csv&q=a+b+c+d+e+f+g+h+i", "q"),
        ("format=csv&year=20000000000", "year"),
        ("format=csv&%00=1", ""),
    ],
)
def test_one_thing_wrong_is_named(client: Client, query: str, parameter: str):
    ProgramFactory()

    found = faults(client, f"{LIST}?{query}")

    assert list(found) == [parameter]
    assert found[parameter]


def test_everything_wrong_is_named_at_once(client: Client):
    ProgramFactory(starts_on=date(2019, 3, 1), ends_on=None)

    found = faults(client, f"{LIST}?format=pdf&lang=xx&kind=a&year=b&sort=c")

    assert found == {
        "format": "Possible: csv, json.",
        "sort": found["sort"],
        "lang": "Possible: all, en, ko, zh-Hans.",
        "kind": found["kind"],
        "year": "There is no such value. Possible: 2019.",
    }
    assert "arrangement" in found["sort"]
    assert "training" in found["kind"]


def test_a_list_without_filters_knows_format_and_lang_alone(client: Client):
    assert list(faults(client, "/en/faq/?format=csv&q=words")) == ["q"]
    assert lines(client, "/en/faq/?format=csv") == []


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans"])
def test_people_get_a_page_that_leads_back(client: Client, prefix: str):
    OfficeFactory()
    ProgramFactory()

    response = client.get(
        f"{prefix}/programs/?format=csv&kind=unheard&<b>=1", headers={"Accept": BROWSER}
    )

    page = response.content.decode()
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")
    assert "Accept" in response["Vary"]
    assert "<code>kind</code>" in page
    assert "<code>&lt;b&gt;</code>" in page
    assert f'href="{prefix}/programs/"' in page
    assert client.get(f"{prefix}/programs/").status_code == 200


def test_what_is_wrong_is_kept_nowhere(client: Client):
    address = f"{LIST}?format=csv&state=unheard"

    assert client.get(address)["Cache-Control"] == "no-store"
    assert client.get(address, headers={"Accept": BROWSER}).status_code == 400
    assert client.get(address).status_code == 400


def test_one_address_gets_so_many_files_a_minute(client: Client):
    OfficeFactory()
    ProgramFactory()
    for _n in range(settings.FILES_A_MINUTE):
        assert client.get(f"{LIST}?format=csv").status_code == 200

    refused = client.get(f"{LIST}?format=json")
    page = client.get(f"{LIST}?format=csv", headers={"Accept": BROWSER})

    assert (refused.status_code, page.status_code) == (429, 429)
    assert refused["Content-Type"] == "application/problem+json"
    assert json.loads(refused.content)["status"] == 429
    assert page["Content-Type"].startswith("text/html")
    # What is left of the minute, which may begin its next second between the two.
    assert 0 < int(page["Retry-After"]) <= int(refused["Retry-After"]) <= 60
    assert "Accept" in refused["Vary"]
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}?format=csv", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_so_many_things_wrong_are_named(client: Client):
    ProgramFactory()
    unheard = "&".join(f"p{n}=1" for n in range(500))

    found = faults(client, f"{LIST}?format=csv&kind=x&{unheard}")

    assert len(found) == 20
    assert list(found)[:2] == ["kind", "p0"]


def test_a_file_is_made_anew_each_time(client: Client):
    program = ProgramFactory(title_en="Before")
    address = f"{LIST}?format=csv"
    assert lines(client, address)[0]["title"] == "Before"

    Program.objects.filter(pk=program.pk).update(title_en="After")

    assert lines(client, address)[0]["title"] == "After"


def test_scripts_of_other_hosts_may_read_what_is_wrong(client: Client):
    answer = client.get(f"{LIST}?format=json&kind=unheard")

    assert answer.status_code == 400
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Language"] == "en"
