from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from oda_portal.mail.tasks import deliver


@pytest.fixture(autouse=True)
def _own_queue(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """An empty one: nobody takes what other tests put into theirs."""
    if settings.REDIS_URL:
        settings.CELERY_BROKER_URL = settings.REDIS_URL
        with Redis.from_url(settings.CELERY_BROKER_URL) as broker:
            broker.delete("celery")
    else:
        (tmp_path / "queue").mkdir()
        folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path / "queue"))
        options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **folders}
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = options


@pytest.fixture
def queue_a_task(settings) -> Callable[[], None]:  # type: ignore[no-untyped-def]
    def send() -> None:
        with deliver.app.connection_for_write(
            settings.CELERY_BROKER_URL, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS
        ) as line:
            deliver.apply_async((7,), connection=line)

    return send
