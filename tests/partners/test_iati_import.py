"""A partner's file: read without a trace, taken over whole, and twice the same as once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import OperationalError, connection

from oda_portal.audit.models import Transition
from oda_portal.opendata.iati import codes
from oda_portal.publishing.models import Dirty
from partners.iati import acts, comparing
from partners.iati.countries import keys_of, known
from partners.models import Country, IatiFile, Organisation, PartnerActivity
from programs.models import Program
from tests import factories
from tests.partners.iati_files import (
    REFERENCE,
    activity,
    iati,
    publisher,
    sent,
    taken,
    verdicts,
)

pytestmark = pytest.mark.django_db
State = IatiFile.State


def test_reading_writes_nothing_but_the_report():
    file = sent(iati(activity(1), activity(2)), publisher())

    assert (file.state, file.done, file.iati_version) == (State.READ, 2, "2.03")
    assert verdicts(file) == {"1": "new", "2": "new"}
    assert [(row.errors, row.warnings, row.problems) for row in file.entries.all()] == [
        (0, 0, []),
        (0, 0, []),
    ]
    assert not PartnerActivity.objects.exists()


def test_taking_over_keeps_what_the_file_says():
    factories.CountryFactory(code="KH")
    body = """<budget><period-start iso-date="2025-01-01"/><period-end iso-date="2025-12-31"/>
      <value value-date="2025-01-01">1</value></budget>
      <transaction><transaction-type code="3"/><transaction-date iso-date="2025-04-01"/>
      <value value-date="2025-04-01">1</value></transaction>"""

    file = taken(iati(activity(1, body=body)), publisher())

    row = PartnerActivity.objects.get()
    assert file.state == State.TAKEN
    assert file.content is None
    assert row.identifier == f"{REFERENCE}-1"
    assert (row.title_en, row.title_ko, row.title_zh_hans) == (
        "Water for a village",
        "마을 식수",
        "",
    )
    assert (str(row.starts_on), str(row.ends_on)) == ("2025-03-01", "2027-02-28")
    assert (row.activity_status, row.licence, row.file) == ("2", "CC BY 4.0", file)
    assert (row.transactions, row.budgets, row.results) == (1, 1, 0)
    assert [country.code for country in row.countries.all()] == ["KH"]
    assert [(each.vocabulary, each.code) for each in row.sectors.all()] == [("1", "14031")]
    assert row.is_public()
    assert "<transaction>" in row.raw_xml
    assert Dirty.objects.filter(model="partners.partneractivity").exists()


def test_every_step_is_in_the_trail():
    file = taken(iati(activity(1)), publisher())

    trail = Transition.objects.filter(object_id=file.pk, content_type__model="iatifile")
    assert [(row.to_state, row.by) for row in trail.order_by("pk")] == [
        ("read", None),
        ("confirmed", file.by),
        ("taken", None),
    ]


def test_second_run_of_the_same_file_changes_nothing():
    organisation, content = publisher(), iati(activity(1), activity(2))
    taken(content, organisation)
    before = list(PartnerActivity.objects.order_by("pk").values())

    again = taken(content, organisation)

    assert verdicts(again) == {"1": "same", "2": "same"}
    assert list(PartnerActivity.objects.order_by("pk").values()) == before


def test_changed_new_older_and_missing_are_told_apart():
    organisation = publisher()
    late = {"last_updated_datetime": "2026-02-02T00:00:00Z"}
    taken(iati(activity(1), activity(2, **late), activity(3), activity(4)), organisation)

    second = iati(
        activity(1, title="Clean water"), activity(2, title="Old"), activity(3), activity(5)
    )
    file = taken(second, organisation)

    assert verdicts(file) == {"1": "changed", "2": "older", "3": "same", "5": "new"}
    assert file.missing == [f"{REFERENCE}-4"]
    titles = dict(PartnerActivity.objects.values_list("identifier", "title_en"))
    assert titles[f"{REFERENCE}-1"] == "Clean water"
    assert titles[f"{REFERENCE}-2"] == "Water for a village"
    assert len(titles) == 5


def test_another_licence_is_a_change():
    organisation, content = publisher(), iati(activity(1))
    taken(content, organisation)

    file = taken(content, organisation, licence="CC0")

    assert verdicts(file) == {"1": "changed"}
    assert PartnerActivity.objects.get().licence == "CC0"


def test_what_staff_took_down_stays_down():
    organisation = publisher()
    taken(iati(activity(1)), organisation)
    PartnerActivity.objects.get().withdraw(by=None)

    taken(iati(activity(1, title="Another title")), organisation)

    row = PartnerActivity.objects.get()
    assert (row.status, row.title_en) == ("withdrawn", "Another title")


def test_countries_and_sectors_follow_the_file():
    factories.CountryFactory(code="KH"), factories.CountryFactory(code="LA")
    organisation = publisher()
    taken(iati(activity(1)), organisation)

    changed = activity(1).replace('code="KH"', 'code="LA"').replace("14031", "11120")
    taken(iati(changed), organisation)

    row = PartnerActivity.objects.get()
    assert [country.code for country in row.countries.all()] == ["LA"]
    assert [each.code for each in row.sectors.all()] == ["11120"]


def test_country_is_added_once_and_only_by_a_code_of_the_list():
    ours = factories.CountryFactory(code="LA", name_en="Laos as we say")
    strange = "".join(f'<recipient-country code="{code}"/>' for code in ("AF", "LA", "ZZ", "AN"))

    taken(iati(activity(1, body=strange), activity(2, body=strange)), publisher())

    row = PartnerActivity.objects.first()
    assert {country.code for country in row.countries.all()} == {"AF", "KH", "LA"}
    ours.refresh_from_db()
    assert ours.name_en == "Laos as we say"
    assert Country.objects.filter(code__in=["AF", "KH", "LA", "ZZ", "AN"]).count() == 3
    added = Country.objects.get(code="AF")
    assert (str(added.dac_valid_from), added.history.count()) == ("2024-01-01", 1)


def test_dry_run_adds_no_country():
    sent(iati(activity(1)), publisher())

    assert not Country.objects.filter(code="KH").exists()


def test_countries_that_can_be_added_are_those_of_the_code_list():
    organisation = publisher()  # has one of its own, by no code of the list

    assert known().keys() == set(codes.codes_of("Country"))
    keys_of(known())
    for country in Country.objects.exclude(pk=organisation.country_id):
        country.full_clean()
        assert all((country.name_ko, country.name_en, country.name_zh_hans))


# --- refused ----------------------------------------------------------------------------------


def publish_as(organisation) -> None:  # type: ignore[no-untyped-def]
    apps.get_model("programs", "Publisher").objects.create(organisation=organisation)


def test_file_that_reports_as_the_office_is_refused():
    office = factories.OrganisationFactory(org_ref="XI-IATI-TEST")
    publish_as(office)
    ours = activity(2).replace(
        f'ref="{REFERENCE}" type="10"><narr', 'ref="XI-IATI-TEST" type="10"><narr'
    )

    file = sent(iati(activity(1), ours), publisher())

    assert file.state == State.REFUSED
    assert "XI-IATI-TEST" in file.refusal
    assert not file.entries.exists()


def test_file_with_an_identifier_of_ours_is_refused_and_the_programme_stays_as_it_is():
    program = factories.ProgramFactory()
    given = f"{REFERENCE}-7"
    apps.get_model("programs", "Identifier").objects.create(program=program, value=given)
    before = Program.objects.filter(pk=program.pk).values().get()

    file = sent(iati(activity(7)), publisher())

    assert file.state == State.REFUSED
    assert given in file.refusal
    assert Program.objects.filter(pk=program.pk).values().get() == before
    assert not PartnerActivity.objects.exists()


REF = "XI-IATI-TEST"
WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in REF)


def claiming(reference: str, identifier: str, more: str = "") -> str:
    claimed = activity(1).replace(f"{REFERENCE}-1<", f"{identifier}<")
    return claimed.replace(f'org ref="{REFERENCE}"', f'org ref="{reference}"', 1) + more


SECOND = activity(1).replace("<title>", f'<reporting-org ref="{REF}" type="10"/><title>', 1)


@pytest.mark.parametrize(
    "claim",
    [
        claiming(REF.lower(), "X-1"),
        claiming(WIDE, "X-1"),
        SECOND,
        claiming(REFERENCE, REF),
        claiming(REFERENCE, f"{REF}-not-yet-published"),
        claiming(REFERENCE, f"{REF.lower()}-urban"),
        claiming(REFERENCE, f"{WIDE}-urban"),
        claiming(REFERENCE, f"{REF}-urban\u200b"),
        claiming("", f"{REF} -new"),
    ],
)
def test_file_that_claims_to_be_the_office_in_other_signs_is_refused(claim: str):
    publish_as(factories.OrganisationFactory(org_ref=REF))

    file = taken(iati(activity(2), claim), publisher())

    assert file.state == State.REFUSED
    assert not PartnerActivity.objects.exists()


@pytest.mark.parametrize("sign", ["\u200b", "\u2010", "Х", "é", "\u202e"])
def test_activity_with_signs_that_nobody_sees_is_not_taken(sign: str):
    of_reporter, of_itself = claiming(f"{REF}{sign}", "X-1"), claiming(REFERENCE, f"X-{sign}2")

    file = taken(iati(of_reporter, of_itself, activity(3)), publisher())

    assert [row.verdict for row in file.entries.all()] == ["refused", "refused", "new"]
    assert PartnerActivity.objects.get().identifier == f"{REFERENCE}-3"


def test_file_that_reports_as_somebody_else_needs_an_agreement():
    file = sent(iati(activity(1)), factories.OrganisationFactory(org_ref="XM-DAC-1"))
    assert file.remarks

    assert not acts.confirm(file, by=file.by)
    file.refresh_from_db()
    assert file.state == State.READ

    assert acts.confirm(file, by=file.by, agreed=True)


def test_activity_that_does_not_say_who_reports_it_needs_an_agreement():
    file = sent(iati(activity(1).replace(f'org ref="{REFERENCE}"', "org")), publisher())

    assert not acts.confirm(file, by=file.by)


def test_what_is_too_long_is_refused_and_the_rest_goes_on():
    big = "<transaction><transaction-type code='3'/></transaction>" * 20_000
    long = activity(3).replace("Wells and", "Wells " * 5_000)
    file = taken(
        iati(activity(1, body=big), activity(2, title="long " * 201), long, activity(4)),
        publisher(),
    )

    assert verdicts(file) == {"1": "refused", "2": "refused", "3": "refused", "4": "new"}
    assert all(row.reason for row in file.entries.all()[:3])
    assert PartnerActivity.objects.get().identifier == f"{REFERENCE}-4"


def test_texts_that_grow_beyond_the_file_are_refused():
    namespace = f'xmlns:x="{"u" * 300}"'
    bare = "<iati-activity><x:a/></iati-activity>" * 100
    content = f'<iati-activities version="2.03" {namespace}>{bare}</iati-activities>'.encode()

    assert sent(content, publisher()).state == State.REFUSED


def test_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(comparing, "LONGEST", timedelta(seconds=-1))

    file = sent(iati(activity(1)), publisher())

    assert (file.state, file.content) == (State.REFUSED, None)


def test_identifier_that_became_ours_after_the_dry_run_stops_the_whole_file():
    file = sent(iati(activity(6), activity(7)), publisher())
    identifiers = apps.get_model("programs", "Identifier").objects
    identifiers.create(program=factories.ProgramFactory(), value=f"{REFERENCE}-7")

    acts.confirm(file, by=file.by)
    acts.work_on(file)

    file.refresh_from_db()
    assert file.state == State.REFUSED
    assert not PartnerActivity.objects.exists()


def test_activity_of_another_publisher_is_not_overwritten():
    first, second = publisher(), factories.OrganisationFactory()
    taken(iati(activity(1)), first)

    file = taken(iati(activity(1, title="Mine now"), activity(2)), second)

    assert verdicts(file) == {"1": "refused", "2": "new"}
    assert PartnerActivity.objects.get(identifier=f"{REFERENCE}-1").organisation == first
    assert REFERENCE in file.remarks[0]


def test_twice_in_one_file_and_without_identifier():
    nameless = activity("x").replace(f"{REFERENCE}-x", "  ")

    file = taken(iati(activity(1), activity(1, title="Again"), nameless), publisher())

    assert [row.verdict for row in file.entries.all()] == ["new", "refused", "refused"]
    assert PartnerActivity.objects.get().title_en == "Water for a village"


def test_problems_of_an_identifier_that_stands_twice_count_once():
    wrong = '<sector vocabulary="1" code="99999"/>'
    [single] = sent(iati(activity(1, body=wrong)), publisher()).entries.all()
    file = sent(iati(activity(1, body=wrong), activity(1)), Organisation.objects.get())

    first, again = file.entries.all()

    assert single.errors > 0
    assert (first.errors, again.errors, again.problems) == (single.errors, 0, [])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (iati(), ""),
        (iati(activity(1), version="1.05"), "1.05"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (iati(activity(1))[:-30], "1"),
        (b"", ""),
        (b'<iati-organisations version="2.03"/>', ""),
    ],
)
def test_unreadable_file_is_refused_with_one_sentence(content: bytes, word: str):
    file = sent(content, publisher())

    assert file.state == State.REFUSED
    assert word in file.refusal
    assert "\n" not in file.refusal
    assert file.content is None


def test_fault_half_way_leaves_nothing():
    """The database breaks off when the second part is written; the next run does it whole."""
    file = sent(iati(*(activity(number) for number in range(250))), publisher())
    acts.confirm(file, by=file.by)
    written: list[str] = []

    def breaking_off(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith('INSERT INTO "partners_partneractivity" '):
            written.append(sql)
            if len(written) > 1:
                raise OperationalError("the connection was lost")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(breaking_off), pytest.raises(OperationalError):
        acts.work_on(file)

    assert len(written) == 2
    assert not PartnerActivity.objects.exists()
    file.refresh_from_db()
    assert file.state == State.CONFIRMED

    acts.work_on(file)
    assert PartnerActivity.objects.count() == 250


def test_same_file_sent_twice_is_one_row_as_long_as_it_is_open():
    organisation, content = publisher(), iati(activity(1))
    first = sent(content, organisation)

    second = acts.receive(
        content, organisation=organisation, licence="CC BY 4.0", url="", by=first.by
    )

    assert second.pk == first.pk
    assert IatiFile.objects.count() == 1


def test_confirming_and_discarding_happen_once():
    file = sent(iati(activity(1)), publisher())

    assert acts.confirm(file, by=file.by)
    assert not acts.confirm(file, by=file.by)
    assert not file.discard(by=file.by)
    acts.work_on(file)
    assert not acts.take_over(file)
    assert PartnerActivity.objects.count() == 1


def test_discarded_file_is_taken_over_by_nobody():
    file = sent(iati(activity(1)), publisher())

    assert file.discard(by=file.by)

    assert not acts.confirm(file, by=file.by)
    acts.work_on(file)
    assert not PartnerActivity.objects.exists()
