"""Staff answer for sectors, shares and roles: for exactly what they saw, and until it changes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.publishing.models import Dirty
from programs.models import Confirmation, CountryShare, Program, Role, SectorShare
from programs.reporting.confirming import ChangedError, RefusedError, confirm, take_back
from programs.reporting.fingerprints import fingerprint
from programs.reporting.readiness import is_ready, missing
from tests.factories import ForumFactory, OrganisationFactory, RoleFactory, StaffFactory
from tests.programs.reporting import country, ready_program, sector, unconfirmed_program

pytestmark = pytest.mark.django_db
ASPECTS = Confirmation.Aspect.values


def again(program: Program) -> Program:
    return Program.objects.get(pk=program.pk)


def seen(program: Program, aspect: str) -> str:
    return fingerprint(again(program), aspect)


def trail(program: Program) -> list[tuple[str, str, str]]:
    rows = Transition.objects.filter(field__startswith="reporting_", object_id=program.pk)
    return list(rows.order_by("pk").values_list("field", "from_state", "to_state"))


@pytest.mark.parametrize("aspect", ASPECTS)
def test_what_is_confirmed_holds_and_is_written_down(aspect: str):
    program, staff = unconfirmed_program(), StaffFactory()
    before = program.changed_at
    Transition.objects.all().delete()

    assert confirm(program, aspect, seen=seen(program, aspect), by=staff)

    row = Confirmation.objects.get(program=program)
    assert (row.aspect, row.by) == (aspect, staff)
    assert row.fingerprint == seen(program, aspect)
    assert trail(program) == [(f"reporting_{aspect}", "", "confirmed")]
    assert again(program).changed_at > before
    assert Dirty.objects.filter(model="programs.program", object_id=str(program.pk)).exists()
    assert f"confirmed_{aspect}" not in {each.name for each in missing(again(program))}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_second_time_changes_nothing(aspect: str):
    program = ready_program()
    row = Confirmation.objects.get(program=program, aspect=aspect)
    told = trail(program)

    assert not confirm(program, aspect, seen=seen(program, aspect), by=StaffFactory())
    # Somebody who saw what stood there before another confirmed.
    assert not confirm(program, aspect, seen="before", by=StaffFactory())

    assert Confirmation.objects.get(pk=row.pk).at == row.at
    assert trail(program) == told


@pytest.mark.parametrize("aspect", ASPECTS)
def test_what_changed_since_it_was_seen_is_not_confirmed(aspect: str):
    program = unconfirmed_program()

    with pytest.raises(ChangedError):
        confirm(program, aspect, seen="something else", by=None)

    assert not Confirmation.objects.filter(program=program).exists()


def other_percentage(program: Program) -> None:
    SectorShare.objects.filter(program=program).update(percentage=100)


def other_sector(program: Program) -> None:
    SectorShare.objects.filter(program=program).update(sector=sector("21010"))


def estimated(program: Program) -> None:
    SectorShare.objects.filter(program=program).update(basis="estimated")


def other_country(program: Program) -> None:
    CountryShare.objects.create(program=program, country=country("KH"))


def other_total(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(countries_total=9)


def left_the_list(program: Program) -> None:
    row = CountryShare.objects.get(program=program).country
    type(row).objects.filter(pk=row.pk).update(dac_group="")


def other_role(program: Program) -> None:
    RoleFactory(program=program, kind=Role.Kind.HOSTS)


def other_reference(program: Program) -> None:
    row = Role.objects.filter(program=program).first()
    type(row.organisation).objects.filter(pk=row.organisation_id).update(org_ref="XM-DAC-7")  # type: ignore[union-attr]


def other_kind(program: Program) -> None:
    row = Role.objects.filter(program=program).first()
    type(row.organisation).objects.filter(pk=row.organisation_id).update(kind="40")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("aspect", "change"),
    [
        ("sectors", other_percentage),
        ("sectors", other_sector),
        ("sectors", estimated),
        ("shares", other_country),
        ("shares", other_total),
        ("shares", left_the_list),
        ("roles", other_role),
        ("roles", other_reference),
        ("roles", other_kind),
    ],
)
def test_it_lapses_with_what_was_confirmed_and_with_nothing_else(
    aspect: str, change: Callable[[Program], Any]
):
    program = ready_program()

    change(program)

    lapsed = {each.name for each in missing(again(program)) if each.name.startswith("confirmed_")}
    assert lapsed == {f"confirmed_{aspect}"}
    assert not is_ready(again(program))


def test_what_is_not_reported_makes_nothing_lapse():
    program = ready_program()

    RoleFactory(program=program, kind=Role.Kind.TAKES_PART)
    RoleFactory(program=program, organisation=OrganisationFactory(status="draft"))
    Program.objects.filter(pk=program.pk).update(title_ko="다른 제목")

    assert is_ready(again(program))


def test_what_lapsed_is_confirmed_again():
    program = ready_program()
    other_percentage(program)

    assert confirm(program, "sectors", seen=seen(program, "sectors"), by=None)

    assert trail(program)[-1] == ("reporting_sectors", "lapsed", "confirmed")
    assert is_ready(again(program))


def test_confirmed_sectors_are_an_estimate_no_longer():
    program = unconfirmed_program()
    estimated(program)

    confirm(program, "sectors", seen=seen(program, "sectors"), by=None)

    assert not any(share.is_estimate for share in again(program).sector_shares.all())


def no_sector(program: Program) -> None:
    SectorShare.objects.filter(program=program).delete()


def no_funder(program: Program) -> None:
    Role.objects.filter(program=program, kind="funds").delete()


@pytest.mark.parametrize(
    ("aspect", "spoil"),
    [("sectors", no_sector), ("shares", other_country), ("roles", no_funder)],
)
def test_what_cannot_be_reported_cannot_be_confirmed(aspect: str, spoil: Callable[[Program], Any]):
    program = unconfirmed_program()
    spoil(program)

    with pytest.raises(RefusedError) as refused:
        confirm(program, aspect, seen=seen(program, aspect), by=None)

    assert str(refused.value) in {each.reason for each in missing(again(program))}
    assert not Confirmation.objects.filter(program=program).exists()


def test_nothing_of_what_is_refused_is_saved():
    program = unconfirmed_program()

    def put_right() -> None:
        no_funder(program)

    with pytest.raises(RefusedError):
        confirm(program, "roles", seen=seen(program, "roles"), by=None, put_right=put_right)

    assert Role.objects.filter(program=program, kind="funds").exists()


def closed_program() -> Program:
    """Of an edition of the forum that is part of the record."""
    program = unconfirmed_program(kind="forum")
    ForumFactory(program=program, frozen_at=timezone.now())
    return program


def test_what_is_closed_is_confirmed_as_it_stands():
    program = closed_program()

    assert confirm(program, "sectors", seen=seen(program, "sectors"), by=None)


@pytest.mark.parametrize("change", [other_percentage, estimated])
def test_what_is_closed_is_not_changed_by_confirming(change: Callable[[Program], Any]):
    program = closed_program()
    if change is estimated:
        estimated(program)
    before = seen(program, "sectors")

    with pytest.raises(RefusedError):
        confirm(program, "sectors", seen=before, by=None, put_right=lambda: change(program))

    assert seen(program, "sectors") == before


# --- taking back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_confirmation_is_taken_back_once(aspect: str):
    program, staff = ready_program(), StaffFactory()

    assert take_back(program, aspect, by=staff, reason="잘못 보았다")
    assert not take_back(program, aspect, by=staff)

    assert not is_ready(again(program))
    last = Transition.objects.get(object_id=program.pk, from_state="confirmed")
    assert (last.field, last.to_state, last.by, last.reason) == (
        f"reporting_{aspect}", "", staff, "잘못 보았다",
    )  # fmt: skip
    assert not any(share.is_estimate for share in again(program).sector_shares.all())


def test_sectors_may_become_an_estimate_again():
    program = ready_program()

    take_back(program, "sectors", by=None, is_estimate=True)

    assert all(share.is_estimate for share in again(program).sector_shares.all())


def test_the_report_knows_shares_to_the_hundredth():
    program = unconfirmed_program(countries={"VN": Decimal("33.34"), "KH": Decimal("66.66")})
    first = seen(program, "shares")
    CountryShare.objects.filter(country__code="VN").update(percentage=Decimal("33.33"))
    CountryShare.objects.filter(country__code="KH").update(percentage=Decimal("66.67"))

    assert seen(program, "shares") != first


def test_the_order_of_rows_says_nothing():
    one = unconfirmed_program(countries={"VN": Decimal(40), "KH": Decimal(60)})
    other = unconfirmed_program(countries={"KH": Decimal(60), "VN": Decimal(40)})

    assert seen(one, "shares") == seen(other, "shares")
