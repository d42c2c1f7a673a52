"""Where the files of a test lie: in folders, or in a bucket of a server that speaks S3.

Tests that are to hold in both say `pytestmark = [*IN_BOTH, …]` and look at what is stored through
`stored` and `age`, which know both. Of `MOSTLY_IN_FOLDERS` the bucket’s turn is in the long run.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils.functional import empty

from oda_portal.files.storages import private_storage, public_storage
from oda_portal.files_url import stores
from tests.files import samples
from tests.ports import free_port
from tests.processes import ROOT
from tests.storing import FULL, OLDER

BUCKET = "files"
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}

IN_BOTH = [
    pytest.mark.usefixtures("stored_in"),
    pytest.mark.parametrize("stored_in", ["folder", "bucket"], indirect=True),
]
_AT_LENGTH = ["folder", pytest.param("bucket", marks=pytest.mark.thorough)]
MOSTLY_IN_FOLDERS = [
    pytest.mark.usefixtures("stored_in"),
    pytest.mark.parametrize("stored_in", _AT_LENGTH, indirect=True),
]
IN_A_BUCKET = [
    pytest.mark.usefixtures("stored_in"),
    pytest.mark.parametrize("stored_in", ["bucket"], indirect=True),
]


def in_both(test: Any) -> Any:
    """For one test of a module."""
    for mark in IN_BOTH:
        test = mark(test)
    return test


def client_of(port: int) -> Any:
    import boto3  # half a second, for few of the tests

    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", **KEYS)


def wait_until_it_answers(port: int) -> None:
    for _try in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the S3 server does not answer")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[int]:
    """The port of a server with one empty bucket; ended with the session."""
    port = free_port()
    command = [sys.executable, "-m", "tests.storing.server", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_until_it_answers(port)
        client_of(port).create_bucket(Bucket=BUCKET)
        yield port
    finally:
        process.kill()
        process.wait(timeout=10)


def use(settings: Any, url: str) -> None:
    """Have this test's files lie there: FILES_URL."""
    settings.FILES_URL = url
    settings.STORAGES = {**settings.STORAGES, **stores("FILES_URL", url)}
    private_storage()._wrapped = empty  # as Django does for the storage that is its own


def address_of(port: int, bucket: str = BUCKET) -> str:
    """FILES_URL of a bucket, and in it of a place that nobody has used."""
    keys = ":".join(("key", "secret"))
    return f"s3+http://{keys}@127.0.0.1:{port}/{bucket}/{uuid4().hex}"


def nowhere() -> str:
    """FILES_URL of a bucket that nobody answers for."""
    return address_of(free_port())


@pytest.fixture(autouse=True)
def _storage_of_its_own() -> None:
    """Whichever the test before had, this one’s settings say where its files lie."""
    private_storage()._wrapped = empty


@pytest.fixture
def stored_in(request: pytest.FixtureRequest, settings: Any) -> str:
    if request.param == "bucket":
        use(settings, address_of(request.getfixturevalue("s3_server")))
    return request.param


def stored(*rooms: str) -> list[str]:
    """The names of all whole files, with `private/` or `media/` in front."""
    places = {"private": private_storage(), "media": public_storage()}
    return sorted(f"{room}/{name}" for room in rooms or places for name in places[room].names())


def contents(*rooms: str) -> dict[str, bytes]:
    places = {"private": private_storage(), "media": public_storage()}
    found = {}
    for name in stored(*rooms):
        room, _slash, rest = name.partition("/")
        with places[room].open(rest) as file:
            found[name] = file.read()
    return found


def age(store: Any, name: str, hours: float = 2) -> None:
    """Have a file look as if it had been written that long ago."""
    if store.is_near:
        then = time.time() - hours * 3600
        os.utime(Path(store.path(name)), (then, then))
        return
    key = f"{store.location}/{name}"
    _tell(store, OLDER, bucket=store.bucket_name, key=key, hours=str(hours))


@contextmanager
def full() -> Iterator[None]:
    """Wherever the test’s files lie, no more is taken."""
    store = private_storage()
    if store.is_near:
        with samples.full_disk():
            yield
        return
    prefix = store.location.rpartition("/")[0]
    _tell(store, FULL, prefix=prefix, **{"is": "full"})
    try:
        yield
    finally:
        _tell(store, FULL, prefix=prefix, **{"is": "as before"})


def _tell(store: Any, what: str, **more: str) -> None:
    server = HTTPConnection(store.endpoint_url.partition("://")[2], timeout=10)
    server.request("GET", f"{what}?{urlencode(more)}")
    assert server.getresponse().status == 204
