"""Which models of this app public pages show, and which of their times change a page."""

from oda_portal.publishing import changes

from .models import Call, CallAnswer, Condition, Opening, RequiredDocument, Stage


def register() -> None:
    changes.watch(Call, CallAnswer, Condition, Opening, RequiredDocument, Stage)
    changes.watch_times(Call, "opens_at", "closes_at", "released_at")
    changes.watch_times(Opening, "closes_at")
