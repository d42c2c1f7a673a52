"""What is wrong in the files is named, and then nothing at all is loaded."""

import pytest
from django.core.management import CommandError, call_command

from oda_portal.demo.demonstration import load_demonstration
from oda_portal.demo.models import LoadedRecord
from oda_portal.demo.reading import FactError
from partners.models import Country
from programs.models import Program

pytestmark = pytest.mark.django_db

# file, what stands there, what stands there now, and what is said of it
MISTAKES = {
    "missing language": (
        "programmes.yaml",
        "    en: CPR training for Lao health workers\n",
        "",
        "programmes.yaml, laos-cpr, title.en: is missing",
    ),
    "unknown organisation": (
        "mapping.yaml",
        "roles: {funds: [koica], implements: [kmou]}",
        "",
        None,
    ),
    "unknown country": (
        "programmes.yaml",
        "  countries:\n  - LA\n",
        "  countries:\n  - XX\n",
        "programmes.yaml, laos-cpr, countries[0]: “XX” is not among the countries and areas",
    ),
    "unknown source": (
        "network.yaml",
        "  - gn-koica\n",
        "  - nobody\n",
        "network.yaml, koica-centre-2013, sources[0]: “nobody” is not among the sources",
    ),
    "wrong date": (
        "programmes.yaml",
        "'2019-10-20'",
        "'2019-10-32'",
        "programmes.yaml, laos-cpr, sessions[0].start: “2019-10-32” is not a date"
        " (2019-07-05, 2019-07 or 2019)",
    ),
    "end before start": (
        "deployments.yaml",
        "end: '2018-07-16'",
        "end: '2018-07-01'",
        "deployments.yaml, gf-2018-yangon, end: is before the start",
    ),
    "unmapped kind": (
        "programmes.yaml",
        "  kind: oda-consulting\n",
        "  kind: sightseeing\n",
        "programmes.yaml, green-smart-city-2022, kind:"
        " “sightseeing” is not in kinds of mapping.yaml",
    ),
    "unmapped category of news": (
        "news.yaml",
        "  category: sister-villages\n",
        "  category: gossip\n",
        "news.yaml, sister-village-2020, category:"
        " “gossip” is not in news_categories of mapping.yaml",
    ),
    "wrong moment": (
        "news.yaml",
        "'2025-08-25T16:52:47+09:00'",
        "'2025-08-25T16:62'",
        "news.yaml, kazaid-triangular-2025, published_at: “2025-08-25T16:62” is not a moment",
    ),
    "news of which only the year is known": (
        "news.yaml",
        "'2019-07-05'",
        "'2019'",
        "news.yaml, global-friends-2019, published_at: “2019” says neither day nor month",
    ),
    "unmapped mode": (
        "forums.yaml",
        "mode: hybrid",
        "mode: by-post",
        "forums.yaml, forum-2020, mode: “by-post” is not in modes of mapping.yaml",
    ),
    "not a number": (
        "deployments.yaml",
        "members: 27",
        "members: many",
        "deployments.yaml, gf-2016-cebu, members: “many” is not a whole number",
    ),
    "the same id twice": (
        "organisations.yaml",
        "- id: kazaid\n",
        "- id: koica\n",
        "organisations.yaml, koica, id: “koica” is among the organisations twice",
    ),
    "value that the model refuses": (
        "themes.yaml",
        "palette: transport",
        "palette: plaid",
        "themes.yaml, public-transport, palette: ",
    ),
    "no YAML": (
        "forums.yaml",
        "- id: hlf4-2011",
        "- id: [hlf4-2011",
        "forums.yaml, line ",
    ),
}
del MISTAKES["unknown organisation"]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_named_and_nothing_is_loaded(edited, mistake):
    file, old, new, said = MISTAKES[mistake]

    with pytest.raises(FactError) as error:
        load_demonstration(edited(file, old, new))

    assert str(error.value).startswith(said)
    assert Country.objects.count() == LoadedRecord.objects.count() == 0


@pytest.mark.thorough
def test_mistake_in_a_second_loading_leaves_what_was_loaded(edited):
    load_demonstration()
    folder = edited("programmes.yaml", "CPR training for Lao health workers", "Another title")
    themes = folder / "content" / "themes.yaml"
    themes.write_text(themes.read_text().replace("palette: digital", "palette: plaid"))

    with pytest.raises(FactError):
        load_demonstration(folder)

    laos = Program.objects.get(code="laos-cpr")
    assert laos.title_en == "CPR training for Lao health workers"


def test_command_says_what_is_wrong(edited, settings):
    settings.DEMO = True
    folder = edited("themes.yaml", "palette: digital", "palette: plaid")

    with pytest.raises(CommandError, match=r"^Nothing was loaded\. themes\.yaml, digital, palette"):
        call_command("load_demo", folder=folder)


def test_command_is_refused_outside_the_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("load_demo")

    assert Country.objects.count() == 0
