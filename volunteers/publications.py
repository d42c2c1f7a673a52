"""Which models of this app public pages show, and which of their times change a page."""

from django.utils.translation import gettext_lazy as _

from oda_portal.publishing import changes, effects

from .models import (
    Call,
    CallAnswer,
    Condition,
    DeploymentReport,
    Opening,
    RequiredDocument,
    ServiceRecord,
    Stage,
    Story,
)


def register() -> None:
    _say_where_shown()
    changes.watch(Call, CallAnswer, Condition, Opening, RequiredDocument, Stage)
    # What was approved is counted in the report; the name below a story is its writer's.
    changes.watch(DeploymentReport, ServiceRecord, Story)
    changes.watch_times(Call, "opens_at", "closes_at", "released_at")
    changes.watch_times(Opening, "closes_at")


def _say_where_shown() -> None:
    """Staff read it before they publish."""
    on_the_page = _("Shown on the page of the deployment.")
    effects.shown_in(DeploymentReport, on_the_page)
    effects.shown_in(Story, on_the_page)
