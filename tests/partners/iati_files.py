"""IATI files as partners write them, tidy and not."""

from __future__ import annotations

from oda_portal.accounts.models import User
from partners.iati import acts
from partners.models import IatiFile, Organisation
from tests import factories

REFERENCE = "XM-DAC-99999"


def activity(
    number: int | str = 1, *, title: str = "Water for a village", body: str = "", **attributes: str
) -> str:
    """One that the checker finds nothing in, as long as `body` adds nothing wrong."""
    given = {
        "xml:lang": "en",
        "default-currency": "USD",
        "last-updated-datetime": "2026-01-01T00:00:00Z",
        **{name.replace("_", "-"): value for name, value in attributes.items()},
    }
    head = " ".join(f'{name}="{value}"' for name, value in given.items() if value)
    return f"""<iati-activity {head}>
      <iati-identifier>{REFERENCE}-{number}</iati-identifier>
      <reporting-org ref="{REFERENCE}" type="10"><narrative>Ministry</narrative></reporting-org>
      <title><narrative>{title}</narrative><narrative xml:lang="ko">마을 식수</narrative></title>
      <description type="1"><narrative>Wells and pipes for a village in the hills, kept by a
        committee of those who use them.</narrative></description>
      <participating-org ref="{REFERENCE}" type="10" role="1"/>
      <participating-org type="24" role="4"><narrative>Village committee</narrative></participating-org>
      <activity-status code="2"/>
      <activity-date iso-date="2025-03-01" type="2"/>
      <activity-date iso-date="2027-02-28" type="3"/>
      <recipient-country code="KH"/>
      <sector vocabulary="1" code="14031"/>
      <default-flow-type code="10"/>
      <default-finance-type code="110"/>
      <default-aid-type code="C01" vocabulary="1"/>
      <default-tied-status code="5"/>{body}
    </iati-activity>"""


def iati(*activities: str, version: str = "2.03") -> bytes:
    return f'<iati-activities version="{version}">{"".join(activities)}</iati-activities>'.encode()


def publisher(**fields: object) -> Organisation:
    return factories.OrganisationFactory(org_ref=REFERENCE, **fields)


def sent(
    content: bytes, organisation: Organisation, by: User | None = None, licence: str = "CC BY 4.0"
) -> IatiFile:
    """Sent and read, as the worker does it."""
    by = by or factories.StaffFactory()
    file = acts.receive(content, organisation=organisation, licence=licence, url="", by=by)
    file.refresh_from_db()
    acts.work_on(file)
    file.refresh_from_db()
    return file


def taken(content: bytes, organisation: Organisation, **more: str) -> IatiFile:
    """Sent, read, confirmed and taken over."""
    file = sent(content, organisation, **more)  # type: ignore[arg-type]
    acts.confirm(file, by=file.by, agreed=True)  # type: ignore[arg-type]
    acts.work_on(file)
    file.refresh_from_db()
    return file


def verdicts(file: IatiFile) -> dict[str, str]:
    return {row.identifier.removeprefix(f"{REFERENCE}-"): row.verdict for row in file.entries.all()}
