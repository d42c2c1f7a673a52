"""IATI codes of a programme: what follows from its kind, unless staff chose otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import ObjectDoesNotExist

from oda_portal.opendata.iati import codes as iati
from programs.models import Program, Reporting, Role
from programs.models.program import Kind

# Code lists of the standard, by the columns of `Reporting` that hold a code of theirs.
LISTS = {
    "scope": "ActivityScope",
    "collaboration_type": "CollaborationType",
    "flow_type": "FlowType",
    "finance_type": "FinanceType",
    "aid_type": "AidType",
    "tied_status": "TiedStatus",
}

# What the roles are in IATI: funding, accountable, extending, implementing. Whoever takes part or
# benefits has none there.
ROLES: dict[str, str] = {
    Role.Kind.FUNDS: "1",
    Role.Kind.COMMISSIONS: "2",
    Role.Kind.HOSTS: "2",
    Role.Kind.PIVOTAL: "4",
    Role.Kind.IMPLEMENTS: "4",
    Role.Kind.CO_ORGANISES: "4",
}
FUNDING, IMPLEMENTING = "1", "4"

# Scholarships and training in the donor country, other technical assistance (experts and
# volunteers are personnel), projects, awareness at home, administration.
AID_TYPES: dict[str, str] = {
    Kind.TRAINING: "E01",
    Kind.VOLUNTEER: "D01",
    Kind.SISTER_VILLAGE: "C01",
    Kind.FORUM: "H01",
    Kind.NETWORK: "G01",
    Kind.CONSULTING: "D02",
}
MULTINATIONAL, NATIONAL, SINGLE_PLACE = "3", "4", "8"
AT_ONE_PLACE = {Kind.VOLUNTEER, Kind.SISTER_VILLAGE}
BILATERAL, TRIANGULAR = "1", "8"
ODA, OTHER_FLOWS = "10", "50"
GRANT = "110"
TIED, UNTIED = "4", "5"
# What is bought and whom it serves is not bound to the providing country.
NOT_TIED = {Kind.SISTER_VILLAGE, Kind.FORUM}


@dataclass(frozen=True)
class Codes:
    """One code of each list of `LISTS`; never empty."""

    scope: str
    collaboration_type: str
    flow_type: str
    finance_type: str
    aid_type: str
    tied_status: str


def codes_of(program: Program) -> Codes:
    """What is reported. Reads `reporting` and the countries, which `for_reporting` fetches."""
    chosen = reporting_of(program)
    defaults = asdict(defaults_of(program))
    own = {name: getattr(chosen, name) for name in LISTS} if chosen else {}
    return Codes(**{name: own.get(name) or default for name, default in defaults.items()})


def defaults_of(program: Program) -> Codes:
    """What follows from the kind of the programme and from its countries."""
    countries = program.named_countries
    is_aid = not countries or any(country.dac_group for country in countries)
    if program.kind in AT_ONE_PLACE:
        scope = SINGLE_PLACE
    else:
        scope = NATIONAL if len(countries) == 1 else MULTINATIONAL
    return Codes(
        scope=scope,
        collaboration_type=TRIANGULAR if program.is_triangular else BILATERAL,
        flow_type=ODA if is_aid else OTHER_FLOWS,
        finance_type=GRANT,
        aid_type=AID_TYPES[program.kind],
        tied_status=UNTIED if program.kind in NOT_TIED else TIED,
    )


def reporting_of(program: Program) -> Reporting | None:
    """The programme's own settings, if anybody has made any."""
    try:
        return program.reporting
    except ObjectDoesNotExist:
        return None


def unknown_codes(codes: Codes) -> list[str]:
    """Names of the columns whose code is in no list, or was withdrawn from it."""
    return [name for name, code in asdict(codes).items() if not is_usable(LISTS[name], code)]


def is_usable(list_name: str, code: str) -> bool:
    return iati.is_known(list_name, code) and not iati.is_withdrawn(list_name, code)
