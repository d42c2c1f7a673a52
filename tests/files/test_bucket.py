"""Files in a bucket: what a folder does not have, and what people see when it does not answer."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from oda_portal.files import bucket, renditions
from oda_portal.files.bucket_checks import check_bucket_key, check_bucket_line
from oda_portal.files.models import Rendition
from oda_portal.files.storages import StoreError, private_storage
from oda_portal.files.watch import ask_storage
from oda_portal.files_url import stores
from oda_portal.watching.registry import State
from tests.factories import OfficeFactory
from tests.faults.line import line
from tests.files import samples
from tests.files.test_downloads import document
from tests.files.test_renditions import photo
from tests.files.test_uploads import STORE, PhotoForm, Sent, errors
from tests.storing.places import (
    IN_A_BUCKET,
    IN_BOTH,
    address_of,
    age,
    client_of,
    contents,
    full,
    nowhere,
    stored,
    use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(settings) -> Callable[[], None]:
    """From now on nobody answers where the files lie."""

    def go() -> None:
        use(settings, nowhere())

    return go


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(20)
        yield address_of(listening.getsockname()[1])


# --- the setting ---------------------------------------------------------------------------------


def test_a_setting_with_all_its_parts_is_understood():
    found = stores(
        "FILES_URL", "s3://AK%2F1:s%2Fe%2Bc%40t@objects.example.org:9000/city/oda?region=kr"
    )

    options = found["private"]["OPTIONS"]
    assert options == {
        "access_key": "AK/1",
        "secret_key": "s/e+c@t",
        "security_token": None,
        "bucket_name": "city",
        "endpoint_url": "https://objects.example.org:9000",
        "region_name": "kr",
        "location": "oda/private",
    }
    assert found["default"]["OPTIONS"] == {**options, "location": "oda/media"}
    assert {each["BACKEND"].rpartition(".")[2] for each in found.values()} == {
        "Bucket",
        "PublicBucket",
    }


@pytest.mark.parametrize(
    "url",
    [
        "s3://key:geheim@objects.example.org",  # no bucket
        "s3://key@objects.example.org/city",  # half a key
        "s3://:geheim@objects.example.org/city",
        "s3://key:geheim/x@objects.example.org/city",  # a letter that has to be written otherwise
        "s3://key:geheim@objects.example.org/city?regoin=kr",
        "s3://key:geheim@objects.example.org/city?region=",
        "https://key:geheim@objects.example.org/city",
        "geheim",
    ],
)
def test_a_setting_without_sense_stops_every_process_and_is_not_repeated(url):
    with pytest.raises(ImproperlyConfigured, match="FILES_URL is not s3://") as told:
        stores("FILES_URL", url)

    assert "geheim" not in str(told.value)


def test_a_bucket_without_a_key_is_told_of(settings, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert check_bucket_key() == []
    bucket._session.cache_clear()

    use(settings, "s3://objects.example.org/city")
    assert [each.id for each in check_bucket_key()] == ["files.E001"]
    use(settings, "s3://key:secret@objects.example.org/city")
    assert check_bucket_key() == []
    bucket._session.cache_clear()


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("", []),
        ("s3://key:secret@objects.example.org/city", []),
        ("s3+http://key:secret@127.0.0.1:9000/city", []),
        ("s3+http://key:secret@objects.example.org/city", ["files.W002"]),
    ],
)
def test_a_bucket_without_tls_is_told_of(settings, url, ids):
    use(settings, url)

    assert [each.id for each in check_bucket_line()] == ids


# --- what both places do -------------------------------------------------------------------------


@pytest.mark.parametrize(*IN_BOTH[1].args, indirect=True)
def test_what_is_put_moved_and_touched_is_there_once(stored_in):
    store = private_storage()
    store.put("a/one.bin", io.BytesIO(b"0123456789"))
    store.put("a/one.bin", io.BytesIO(b"abcdefghij"))
    age(store, "a/one.bin", hours=5)

    assert store.part("a/one.bin", 3, 4) == b"defg"
    assert store.part("a/one.bin", 3, 0) == b""
    [(name, at)] = store.written("a")
    assert (name, at < timezone.now() - timedelta(hours=4)) == ("a/one.bin", True)
    store.touch("a/one.bin")
    [(name, at)] = store.written("a")
    assert at > timezone.now() - timedelta(hours=1)
    store.move("a/one.bin", "b/c/원본.bin")
    assert contents("private") == {"private/b/c/원본.bin": b"abcdefghij"}
    assert list(store.written("b")) == []


@pytest.mark.parametrize(*IN_BOTH[1].args, indirect=True)
@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.open("none"),
        lambda store: store.size("none"),
        lambda store: store.part("none", 0, 5),
        lambda store: store.move("none", "other"),
        lambda store: store.touch("none"),
        lambda store: store.get_modified_time("none"),
    ],
)
def test_what_is_not_there_is_file_not_found(stored_in, act):
    with pytest.raises(FileNotFoundError):
        act(private_storage())
    private_storage().delete("none")


@pytest.mark.parametrize(*IN_A_BUCKET[1].args, indirect=True)
def test_what_is_deleted_is_gone_from_a_bucket_that_keeps_versions(stored_in, s3_server):
    client, name = client_of(s3_server), "with-versions"
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    found = stores("FILES_URL", address_of(s3_server, name))
    store = bucket.Bucket(**found["private"]["OPTIONS"])
    for content in (b"one", b"two"):
        store.put("a.pdf", io.BytesIO(content))
    store.put("a.pdf.other", io.BytesIO(b"stays"))
    store.move("a.pdf", "b.pdf")
    store.delete("b.pdf")

    found = client.list_object_versions(Bucket=name)
    keys = [each["Key"] for kind in ("Versions", "DeleteMarkers") for each in found.get(kind, [])]
    assert [key.partition("/")[2] for key in keys] == ["private/a.pdf.other"]


# --- when it does not answer ---------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_an_upload_while_the_storage_is_gone_is_a_field_error(settings, gone, language):
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    gone()
    form = PhotoForm(request.POST, request.FILES)

    found = errors(form, language)

    assert len(found["image"]) == 1
    assert (found["image"] == [STORE]) == (language == "en")
    assert form["caption"].value() == "What was typed"
    request.close()


def test_a_storage_that_never_answers_holds_an_upload_for_seconds_alone(
    settings, silent, monkeypatch
):
    monkeypatch.setattr(bucket, "ANSWER", 0.5)
    use(settings, silent)

    begun = time.monotonic()
    with pytest.raises(StoreError, match="ReadTimeoutError"):
        private_storage().exists("a")
    took = time.monotonic() - begun
    print(line("storage hangs", 1, lost=None, repeated=None, errors=1, seconds=[took]))


@pytest.mark.parametrize(*IN_A_BUCKET[1].args, indirect=True)
def test_pages_go_on_while_the_storage_is_gone_and_files_say_that_waiting_helps(
    client, stored_in, gone
):
    client.raise_request_exception = False
    OfficeFactory()
    report, picture = document(), photo((300, 200))
    [row] = renditions.make_renditions(picture, ["jpg"])
    gone()

    page = client.get(report.program.get_absolute_url())
    assert page.status_code == 200
    assert "결과 보고서" in page.content.decode()
    codes, seconds = [page.status_code], []
    for address in (report.get_absolute_url(), row.file.url):
        begun = time.monotonic()
        answer = client.get(address)
        seconds.append(time.monotonic() - begun)
        codes.append(answer.status_code)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    refused = sum(code != 200 for code in codes)
    case = "storage gone, a page and two files are asked for"
    print(line(case, len(codes), lost=None, repeated=None, errors=refused, seconds=seconds))


@pytest.mark.parametrize(*IN_A_BUCKET[1].args, indirect=True)
def test_a_withdrawn_picture_is_not_given_while_it_cannot_be_deleted(
    client, stored_in, settings, gone, django_capture_on_commit_callbacks
):
    picture = photo((300, 200))
    [row] = renditions.make_renditions(picture, ["jpg"])
    before, address = settings.FILES_URL, row.file.url
    assert client.get(address).status_code == 200
    gone()
    with django_capture_on_commit_callbacks(execute=True):
        picture.program.withdraw(by=None)
        renditions.refresh(picture.program)

    use(settings, before)
    assert stored("media") == [f"media/{row.file.name}"]
    code = client.get(address).status_code
    assert code == 404
    # What could be lost is that it was withdrawn.
    print(line("storage gone, a picture is withdrawn", 1, lost=int(code != 404), repeated=None))


@pytest.mark.parametrize(*IN_A_BUCKET[1].args, indirect=True)
def test_health_says_whether_files_come_and_go(stored_in, gone):
    assert ask_storage().state == State.OK
    assert stored() == []

    with full():
        found = ask_storage()
    assert (found.state, "QuotaExceeded" in str(found.note)) == (State.SICK, True)

    gone()
    found = ask_storage()
    assert (found.state, "EndpointConnectionError" in str(found.note)) == (State.SICK, True)


def test_health_of_a_missing_bucket_is_sick(settings, s3_server):
    use(settings, address_of(s3_server, "no-such-bucket"))

    assert ask_storage().state == State.SICK


def test_health_of_folders_leads_to_the_disk():
    assert ask_storage().state == State.OK


# --- what everybody sees -------------------------------------------------------------------------


@pytest.mark.parametrize(*IN_A_BUCKET[1].args, indirect=True)
def test_a_picture_has_an_address_of_the_portal_and_its_own_type(client, stored_in):
    picture = photo((300, 200))
    made = renditions.make_renditions(picture)

    for row in made:
        answer = client.get(row.file.url)
        again = client.get(row.file.url, headers={"if-none-match": answer.headers["ETag"]})
        kind = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}[row.format]
        assert row.file.url == f"/media/{row.file.name}"
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Accel-Expires"] == "4"
        assert len(b"".join(answer.streaming_content)) == int(answer.headers["Content-Length"])
        assert (again.status_code, again.headers["X-Accel-Expires"]) == (304, "4")
    assert Rendition.objects.count() == 3
