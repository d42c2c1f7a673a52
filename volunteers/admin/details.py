"""What an application consists of besides its own columns, put in order for its page."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from oda_portal.audit.models import Transition
from oda_portal.privacy.consents import latest
from oda_portal.privacy.models import Kind
from oda_portal.reviews.decisions import held_for
from volunteers.models import Application, State
from volunteers.models.interviews import slot_of
from volunteers.models.states import MOVES
from volunteers.places import places_of


def details_of(application: Application, *, with_places: bool) -> dict[str, Any]:
    """The context of `templates/admin/volunteers/application/change_form.html`.

    `with_places`: which places they hold, which says what was decided before it is announced.
    """
    kind = ContentType.objects.get_for_model(Application)
    said = latest(application)
    moves = Transition.objects.filter(
        content_type=kind, object_id=application.pk, field="state"
    ).select_related("by")
    return {
        "application": application,
        "held": [seat.pool.opening for seat in places_of(application)] if with_places else [],
        "interview": slot_of(application),
        "answers": application.answers.select_related("question"),
        "files": application.files.select_related("document"),
        "questions": application.questions.select_related("asked_by"),
        "consents": [said[name] for name in Kind.values if name in said],
        "moves": [(move, _label(move.from_state), _label(move.to_state)) for move in moves],
    }


def decision_of(application: Application) -> str:
    """What was decided, for which opening, by whom and why; empty when nothing is held."""
    held = held_for(application)
    if held is None:
        return ""
    opening = held.pool.opening if held.pool else ""
    rank = _("no. %(n)s") % {"n": held.rank} if held.rank else ""
    parts = (MOVES[held.outcome][1].label, rank, opening, held.decided_by, held.reason)
    return " · ".join(str(part) for part in parts if part)


def _label(state: str) -> str:
    return str(State(state).label) if state in State.values else state
