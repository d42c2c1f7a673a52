"""Which models of this app public pages show, and which of their times change a page."""

from oda_portal.publishing import changes

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
    changes.watch(Call, CallAnswer, Condition, Opening, RequiredDocument, Stage)
    # What was approved is counted in the report; the name below a story is its writer's.
    changes.watch(DeploymentReport, ServiceRecord, Story)
    changes.watch_times(Call, "opens_at", "closes_at", "released_at")
    changes.watch_times(Opening, "closes_at")
