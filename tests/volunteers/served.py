"""People who have come back from a deployment, and what staff entered of their days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from oda_portal.accounts.models import User
from tests.admin.forms import filled
from tests.factories import ProgramFactory, StaffFactory
from tests.volunteers.departures import going, opening_in
from tests.volunteers.staff import page_of
from volunteers.models import Application, Attendance, Opening, State
from volunteers.service import records


def past_opening(**fields: Any) -> Opening:
    """It left ten days ago and came back three days ago: eight days."""
    return opening_in(-10, **fields)


def with_page(opening: Opening) -> Opening:
    """Its deployment has a page that everybody may see."""
    opening.program = ProgramFactory(kind="volunteer", edition=11)
    opening.save()
    return opening


def back(opening: Opening, *, user: User | None = None, **fields: Any) -> Application:
    """Somebody who has come back and is marked as completed."""
    values = {"state": State.COMPLETED, "state_at": timezone.now(), **fields}
    return going(opening, user=user, **values)


def day_of(opening: Opening, number: int = 0) -> date:
    return opening.departs_on + timedelta(days=number)


def enter(application: Application, *hours: float) -> None:
    """So many hours on each day from departure on."""
    opening = application.opening
    assert opening is not None
    for number, value in enumerate(hours):
        Attendance.objects.create(
            application=application, on=day_of(opening, number), quarters=int(value * 4)
        )


def leave_later(opening: Opening, days: int) -> None:
    """The departure moves, after hours were entered."""
    opening.departs_on += timedelta(days=days)
    opening.save()


def approved(application: Application, *hours: float) -> Application:
    enter(application, *(hours or (8, 7.5)))
    assert records.approve_all([application], by=StaffFactory()) == [application]
    return Application.objects.get(pk=application.pk)


def sheet(opening: Opening, page: str = "_sheet", *args: Any, language: str = "ko") -> str:
    """The address of a service page of an opening."""
    return page_of(f"call_service{page}", opening.call_id, opening.pk, *args, language=language)


def cell(application: Application, day: date, kind: str = "h") -> str:
    return f"{kind}{application.pk}_{day:%Y%m%d}"


def post_sheet(client: Client, page: str, **values: str) -> Any:
    """Open the sheet, type some cells, send it as the browser would."""
    return client.post(page, {**filled(client.get(page)), **values})


def quarters(application: Application) -> dict[date, int]:
    return dict(application.attendance.values_list("on", "quarters"))
