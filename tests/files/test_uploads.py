"""Uploads through a real request: the large, the empty, the oddly named, and a full disk."""

from __future__ import annotations

import io
import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.utils import translation

from oda_portal.files.uploads import CappedUpload
from programs.models import Document, Photo
from tests.factories import ProgramFactory
from tests.files import samples
from tests.files.test_images import left_behind
from tests.storing.places import full, in_both, stored

MEGABYTE = 1024 * 1024
BOUNDARY = "----border"
STORE = "We could not store the file. What you wrote is still here. Try again in a few minutes."


class PhotoForm(forms.ModelForm):
    class Meta:
        model = Photo
        fields = ("caption", "image")


class DocumentForm(forms.ModelForm):
    class Meta:
        model = Document
        fields = ("title", "file")


class Sent(io.BufferedIOBase):
    """The body of a form with a file of any size, made while it is read and never held."""

    def __init__(self, name: str, content: bytes, times: int = 1) -> None:
        self.head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode()
        self.tail = (
            f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="caption"\r\n\r\n'
            f"What was typed\r\n--{BOUNDARY}--\r\n"
        ).encode()
        self.size = len(self.head) + len(content) * times + len(self.tail)
        self._pieces = self._all(content, times)
        self._rest = b""

    def _all(self, content: bytes, times: int) -> Iterator[bytes]:
        yield self.head
        for _ in range(times):
            yield content
        yield self.tail

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def request(self) -> WSGIRequest:
        request = RequestFactory().post(
            "/", content_type=f"multipart/form-data; boundary={BOUNDARY}"
        )
        return WSGIRequest(
            {**request.environ, "CONTENT_LENGTH": str(self.size), "wsgi.input": self}
        )


def errors(form: forms.ModelForm, language: str = "en") -> dict[str, list[str]]:
    with translation.override(language):
        return {name: list(found) for name, found in form.errors.items()}


def test_upload_of_200_mb_is_drained_and_the_other_field_arrives(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = Sent("large.jpg", b"\xff\xd8\xff" + bytes(MEGABYTE - 3), times=200).request()
    tracemalloc.start()

    form = PhotoForm(request.POST, request.FILES)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    sent = request.FILES["image"]
    assert (sent.size, sent.is_cut, sent.read()) == (200 * MEGABYTE, True, b"")
    assert most < 10 * MEGABYTE
    assert errors(form)["image"] == [
        "This file is 200 MB. Make it 10 MB or smaller and attach it again."
    ]
    assert form["caption"].value() == "What was typed"
    assert left_behind(tmp_path) == []


def test_upload_past_the_limit_holds_no_disk_while_it_is_drained(settings, tmp_path):
    """The temporary file has no name; what it takes is seen in the open files of the process."""
    settings.UPLOAD_MAX_BYTES = MEGABYTE
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    sizes = []

    class Watched(Sent):
        def read(self, size: int = -1) -> bytes:
            sizes.append(open_bytes(tmp_path))
            return super().read(size)

    request = Watched("large.jpg", bytes(MEGABYTE), times=8).request()

    assert request.FILES["image"].size == 8 * MEGABYTE
    assert 0 < max(sizes) <= MEGABYTE
    assert sizes[-1] == 0


def open_bytes(folder: Path) -> int:
    """How much this process holds in nameless files of a folder."""
    found = 0
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith(f"{folder}/"):
                found += os.stat(f"/proc/self/fd/{number}").st_size
        except FileNotFoundError:
            continue
    return found


@in_both
@pytest.mark.django_db
def test_upload_within_the_limit_is_stored_whole():
    program = ProgramFactory()
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    form = PhotoForm(request.POST, request.FILES, instance=Photo(program=program))

    assert form.errors == {}
    photo = form.save()

    assert isinstance(request.FILES["image"], CappedUpload)
    assert Photo.objects.get(pk=photo.pk).image.name.startswith("photo/")
    assert photo.image.read().startswith(b"\xff\xd8\xff")


@in_both
@pytest.mark.django_db
def test_upload_moves_the_checked_file_and_leaves_no_second_one():
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    form = PhotoForm(request.POST, request.FILES, instance=Photo(program=ProgramFactory()))

    photo = form.save()
    name = photo.image.name
    del form, request, photo

    assert stored() == [f"private/{name}"]


@in_both
def test_checked_upload_of_a_form_with_another_error_goes_with_the_request():
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    form = PhotoForm({"caption": ""}, request.FILES)
    assert set(form.errors) == {"caption"}
    assert len(stored()) == 1

    request.close()

    assert stored() == []


@in_both
@pytest.mark.django_db
def test_stored_upload_stays_after_the_request():
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    photo = PhotoForm(request.POST, request.FILES, instance=Photo(program=ProgramFactory())).save()

    request.close()

    assert Photo.objects.get(pk=photo.pk).image.read().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "name", ["a.jpg" + "x" * 400, "." + "y" * 300 + ".jpg", "a\0b.jpg", "ㅏ.jpg"]
)
def test_upload_with_an_odd_name_is_answered(name):
    request = Sent(name, samples.picture("JPEG")).request()
    form = PhotoForm(request.POST, request.FILES)

    expected = [] if name.endswith(".jpg") else ["file_type"]
    assert [error.code for error in form.errors.as_data().get("image", [])] == expected


def test_empty_upload_is_told_in_the_editors_language():
    request = Sent("empty.jpg", b"").request()
    form = PhotoForm(request.POST, request.FILES)

    assert errors(form)["image"] == ["This file is empty. Check it and attach it again."]


def test_missing_upload_is_told():
    form = DocumentForm({"title": "Report"}, {})

    assert errors(form)["file"] == ["Attach a file."]


def test_upload_on_a_full_disk_is_a_field_error(tmp_path):
    sent = Sent("photo.jpg", samples.noisy_jpeg(500))
    with samples.full_disk():
        request = sent.request()
        form = PhotoForm(request.POST, request.FILES)
        found = errors(form)

    assert found["image"] == [STORE]
    assert form["caption"].value() == "What was typed"
    assert left_behind(tmp_path) == []


def test_upload_without_a_place_for_temporary_files_is_a_field_error(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")
    request = Sent("photo.jpg", samples.picture("JPEG")).request()
    form = PhotoForm(request.POST, request.FILES)

    assert errors(form)["image"] == [STORE]


@in_both
@pytest.mark.django_db
def test_full_disk_when_the_checked_file_is_written_stores_no_row():
    """The temporary files lie elsewhere and have room; the private folder has none."""
    request = Sent("photo.jpg", samples.noisy_jpeg(500)).request()
    sent = request.FILES["image"]
    form = PhotoForm(request.POST, {"image": sent}, instance=Photo(program=ProgramFactory()))

    with full():
        found = errors(form)

    assert found == {"image": [STORE]}
    assert not Photo.objects.exists()
    assert stored() == []


def test_interrupted_upload_leaves_nothing(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    sent = Sent("photo.jpg", bytes(MEGABYTE))
    sent.tail = b""
    request = sent.request()

    assert "image" not in request.FILES
    assert left_behind(tmp_path) == []
    assert tempfile.gettempdir() != str(tmp_path)
