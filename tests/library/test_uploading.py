"""Uploading to the library: each file by itself, once, and named when it cannot be taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.library.models import Document, DocumentVersion, Picture
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.files.samples import telling_jpeg
from tests.library.samples import a_subject, document_file, held_picture, picture_file

pytestmark = pytest.mark.django_db

UPLOAD = "admin:library_picture_add"


def send(client: Client, *files: Any, **more: Any) -> Any:
    return client.post(reverse(UPLOAD), {"uploads": list(files), "licence": "1", **more})


def outcomes(response: Any) -> list[tuple[str, bool]]:
    return [(one.name, one.is_refused) for one in response.context["outcomes"]]


def stored_files() -> list[str]:
    return [path.name for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_many_files_of_both_kinds_come_in_at_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    subject = a_subject()

    response = send(
        client, picture_file("부두.jpg"), picture_file("harbour.jpg"), document_file("안내.pdf"),
        licence="3", credit="ODA 사무소", subjects=[subject.pk],
    )  # fmt: skip

    assert response.status_code == 200
    assert [refused for _name, refused in outcomes(response)] == [False] * 3
    pictures, document = Picture.objects.order_by("pk"), Document.objects.get()
    assert [row.name for row in pictures] == ["부두", "harbour"]
    first = pictures[0]
    assert (first.licence, first.credit, first.width, first.height) == (3, "ODA 사무소", 800, 600)
    assert list(first.subjects.all()) == list(document.subjects.all()) == [subject]
    assert not first.is_ready
    assert [(v.number, v.file.name, v.by.name) for v in DocumentVersion.objects.all()] == [
        (1, document.file.name, response.wsgi_request.user.name)
    ]
    assert LogEntry.objects.count() == 3


def test_a_resident_number_is_no_credit(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    response = send(client, picture_file("부두.jpg"), credit="홍길동 900101-1234568")

    assert "credit" in response.context["form"].errors
    assert not Picture.objects.exists()


def test_what_a_picture_knew_of_its_place_is_not_kept(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    send(client, SimpleUploadedFile("phone.jpg", telling_jpeg()))

    with Picture.objects.get().image.open() as stored:
        content = stored.read()
    assert b"SERIAL-4711" not in content
    assert b"Exif" not in content


BAD = {
    "empty.jpg": (b"", "This file is empty."),
    "words.jpg": (b"only words", "The contents do not match the file’s name ending."),
    "really.pdf": (b"\x89PNG\r\n\x1a\n", "The contents do not match the file’s name ending."),
    "large.jpg": (b"\xff\xd8\xff" + bytes(200 * 1024 * 1024), "This file is 200.1 MB."),
    "movie.mp4": (b"\0\0\0\x18ftypmp42", "Save it as JPEG, PNG, WebP or AVIF, or as PDF,"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Save it as JPEG, PNG"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_file_that_cannot_be_taken_is_named_and_keeps_no_other(client: Client, name: str):
    sign_in_staff(client, factories.StaffFactory())

    content, sentence = BAD[name]
    files = [picture_file(), SimpleUploadedFile(name, content), document_file()]

    with translation.override("en"):
        response = client.post(reverse(UPLOAD), {"uploads": files, "licence": "1"})

    assert [refused for _name, refused in outcomes(response)] == [False, True, False]
    assert response.context["outcomes"][1].name == name
    assert sentence in response.context["outcomes"][1].sentence
    assert (Picture.objects.count(), Document.objects.count()) == (1, 1)
    assert len(stored_files()) == 2


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_sentence_about_a_bad_file_is_in_the_readers_language(client: Client, language: str):
    sign_in_staff(client, factories.StaffFactory())
    with translation.override(language):
        page = reverse(UPLOAD)
        response = client.post(
            page, {"uploads": [SimpleUploadedFile("empty.jpg", b"")], "licence": "1"}
        )
        wanted = {"ko": "빈 파일", "en": "This file is empty", "zh-hans": "空"}[language]

    assert wanted in response.context["outcomes"][0].sentence


def test_the_same_bytes_are_there_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    picture, document = picture_file("one.jpg"), document_file("one.pdf")
    send(client, picture, document)
    for upload in (picture, document):
        upload.seek(0)
        upload.name = "again" + upload.name[-4:]

    response = send(client, picture, document)

    assert [(one.is_refused, one.is_new) for one in response.context["outcomes"]] == [
        (False, False),
        (False, False),
    ]
    assert "one" in response.context["outcomes"][0].sentence
    assert (Picture.objects.count(), Document.objects.count()) == (1, 1)
    assert DocumentVersion.objects.count() == 1
    assert len(stored_files()) == 2


def test_the_stored_picture_sent_back_is_recognised(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    send(client, SimpleUploadedFile("phone.jpg", telling_jpeg()))
    with Picture.objects.get().image.open() as stored:
        content = stored.read()

    send(client, SimpleUploadedFile("copy.jpg", content))

    assert Picture.objects.count() == 1


def test_a_script_sends_one_and_is_answered_for_it(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    headers = {"Accept": "application/json"}

    good = client.post(
        reverse(UPLOAD), {"uploads": picture_file(), "licence": "1"}, headers=headers
    )
    bad = client.post(
        reverse(UPLOAD),
        {"uploads": SimpleUploadedFile("empty.png", b""), "licence": "1"},
        headers=headers,
    )
    none = client.post(reverse(UPLOAD), {"licence": "1"}, headers=headers)

    assert good.json()["url"] == reverse(
        "admin:library_picture_change", args=[Picture.objects.get().pk]
    )
    assert (bad.json()["url"], bad.json()["name"]) == ("", "empty.png")
    assert bad.json()["sentence"]
    assert none.status_code == 400


def test_nothing_chosen_is_said_beside_the_field(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    response = send(client)

    assert list(response.context["form"].errors) == ["uploads"]


def test_a_name_that_turns_the_line_around_is_made_plain(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    send(client, picture_file("  a\u202egpj.<b>.jpg"))

    assert Picture.objects.get().name == "agpj.<b>"


@pytest.mark.parametrize(("role", "status"), [("editor", 200), ("translator_en", 403)])
def test_who_may_upload(client: Client, role: str, status: int):
    factories.OfficeFactory()
    sign_in_staff(client, member(role))

    assert client.get(reverse(UPLOAD)).status_code == status
    assert send(client, picture_file()).status_code == status
    assert Picture.objects.exists() == (status == 200)


def test_a_translator_writes_the_text_alternative_of_one_language_alone(client: Client):
    factories.OfficeFactory()
    picture = held_picture(alt_en="")
    sign_in_staff(client, member("translator_en"))
    page = reverse("admin:library_picture_change", args=[picture.pk])

    client.post(
        page,
        filled(client.get(page), alt_en="A classroom", alt_ko="남의 말", licence="4", name="x"),
    )

    picture.refresh_from_db()
    assert (picture.alt_en, picture.alt_ko, picture.licence) == ("A classroom", "새 교실", 1)
    assert picture.is_ready
    replace = client.get(reverse("admin:library_picture_replace", args=[picture.pk]))
    assert replace.status_code == 403
