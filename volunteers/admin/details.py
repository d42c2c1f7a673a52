"""What an application consists of besides its own columns, put in order for its page."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from oda_portal.audit.models import Transition
from oda_portal.privacy.consents import latest
from oda_portal.privacy.models import Kind
from oda_portal.seats.models import Seat
from volunteers.models import Application, State


def details_of(application: Application) -> dict[str, Any]:
    """The context of `templates/admin/volunteers/application/change_form.html`."""
    kind = ContentType.objects.get_for_model(Application)
    said = latest(application)
    held = Seat.objects.filter(
        content_type=kind, object_id=application.pk, state=Seat.State.HELD
    ).select_related("pool__opening__city")
    moves = Transition.objects.filter(
        content_type=kind, object_id=application.pk, field="state"
    ).select_related("by")
    return {
        "application": application,
        "held": [seat.pool.opening for seat in held],
        "answers": application.answers.select_related("question"),
        "files": application.files.select_related("document"),
        "questions": application.questions.select_related("asked_by"),
        "consents": [said[name] for name in Kind.values if name in said],
        "moves": [(move, _label(move.from_state), _label(move.to_state)) for move in moves],
    }


def _label(state: str) -> str:
    return str(State(state).label) if state in State.values else state
