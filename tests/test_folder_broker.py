"""The broker of the embedded site, made of folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from celery import current_app
from kombu import Connection
from kombu.transport.virtual import Channel


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    """As the Celery application makes it."""
    current_app.finalize()
    places = ("data_folder_in", "data_folder_out", "control_folder")
    options = {place: str(tmp_path / place[:6]) for place in places}
    for folder in options.values():
        Path(folder).mkdir(exist_ok=True)
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection.channel()


def test_what_was_put_comes_out_once(channel: Channel):
    channel._put("celery", {"task": "편지"})

    assert channel._get("celery") == {"task": "편지"}
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_that_is_being_written_is_not_there_yet(channel: Channel):
    looked = []

    class Spoken:
        def __json__(self) -> str:
            with pytest.raises(Empty):
                channel._get("celery")
            looked.append(True)
            return "said"

    channel._put("celery", {"word": Spoken()})

    assert looked == [True]
    assert channel._get("celery") == {"word": "said"}
