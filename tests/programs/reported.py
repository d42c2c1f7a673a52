"""What tests of readiness begin with: programmes that lack nothing, or only that staff confirm."""

from __future__ import annotations

from typing import Any

from programs.models import Confirmation, CountryShare, Program, Publisher
from tests.programs.reporting import name_publisher, reported_program


def the_publisher() -> Publisher:
    return Publisher.objects.first() or name_publisher()


def ready_program(**values: Any) -> Program:
    the_publisher()
    return reported_program(**values)


def unconfirmed_program(**values: Any) -> Program:
    """It has everything else, and its sectors are reported ones; shares may be missing."""
    countries: dict[str, Any] = values.get("countries", {})
    lacks_shares = len(countries) > 1 and None in countries.values()
    if lacks_shares:
        values["countries"] = {code: 100 * (not n) for n, code in enumerate(countries)}
    program = ready_program(**values)
    Confirmation.objects.filter(program=program).delete()
    if lacks_shares:
        CountryShare.objects.filter(program=program).update(percentage=None)
    return Program.objects.get(pk=program.pk)
