"""Documents by their address: what comes with them, and when there is nothing there."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from oda_portal.publishing.models import Status
from programs.models import Document
from tests.doors import sign_in_staff, with_app
from tests.factories import PhotoFactory, ProgramFactory, StaffFactory, UserFactory
from tests.files import samples
from tests.storing.places import IN_BOTH, stored

pytestmark = [*IN_BOTH, pytest.mark.django_db]

REPORT = samples.pdf()


def document(ending: str = "pdf", **values) -> Document:
    values = {"title_ko": "결과 보고서", **values}
    values.setdefault("program", ProgramFactory())
    file = ContentFile(REPORT, name=f"from-somebody.{ending}")
    return Document.objects.create(file=file, **values)


def photo(**values):
    image = ContentFile(samples.picture("JPEG"), name="a.jpg")
    return PhotoFactory(image=image, **values)


def test_download_gives_the_file_as_an_inert_attachment(client):
    report = document()

    response = client.get(report.get_absolute_url())

    assert b"".join(response.streaming_content) == REPORT
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(REPORT))
    assert (
        response.headers["Content-Security-Policy"]
        == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"document.pdf\"; filename*=UTF-8''"
        "%EA%B2%B0%EA%B3%BC%20%EB%B3%B4%EA%B3%A0%EC%84%9C.pdf"
    )
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"language": "en", "title_en": "Final report"}, "Final report.pdf"),
        ({"language": "ru", "title_ko": "Otchet"}, "Otchet.pdf"),
        ({"title_ko": "../../etc/passwd"}, "etc passwd.pdf"),
        (
            {"title_ko": 'a"; filename="evil.exe\r\nSet-Cookie: x=y'},
            "a ; filename= evil.exe Set-Cookie x=y.pdf",
        ),
        ({"title_ko": "\u202efdp.exe"}, "fdp.exe.pdf"),
        ({"title_ko": " . "}, "document.pdf"),
        ({"title_ko": "x" * 200}, "x" * 100 + ".pdf"),
    ],
)
def test_download_is_named_by_its_title(client, values, expected):
    response = client.get(document(**values).get_absolute_url())

    start = f'attachment; filename="{expected}"; filename*='
    assert response.headers["Content-Disposition"].startswith(start)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("hwp", "application/x-hwp"),
        ("hwpx", "application/hwp+zip"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("html", "application/octet-stream"),
        ("svg", "application/octet-stream"),
    ],
)
def test_download_has_a_type_from_the_table(client, ending, expected):
    response = client.get(document(ending).get_absolute_url())

    assert response.headers["Content-Type"] == expected


def test_download_head_has_the_headers(client):
    response = client.head(document().get_absolute_url())

    assert response.status_code == 200
    assert response.headers["Content-Length"] == str(len(REPORT))
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_download_is_not_sent_again_but_asked_for_each_time(client):
    report = document()
    etag = client.get(report.get_absolute_url()).headers["ETag"]

    again = client.get(report.get_absolute_url(), headers={"if-none-match": etag})
    report.program.withdraw(by=None)
    gone = client.get(report.get_absolute_url(), headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert (
        again.headers["Content-Security-Policy"]
        == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert gone.status_code == 404


def test_download_of_a_replaced_file_is_sent_anew(client):
    report = document()
    etag = client.get(report.get_absolute_url()).headers["ETag"]
    report.file = ContentFile(b"%PDF-new", name="b.pdf")
    report.save()

    response = client.get(report.get_absolute_url(), headers={"if-none-match": etag})

    assert b"".join(response.streaming_content) == b"%PDF-new"


@pytest.mark.every_case
@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"publish_at": timezone.now() + timedelta(hours=1)},
        {"expire_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_download_of_what_is_not_public_is_not_there(client, values):
    hidden = document(program=ProgramFactory(**values))

    assert client.get(hidden.get_absolute_url()).status_code == 404
    client.force_login(StaffFactory())
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_download_of_nothing_is_not_there(client):
    lost = document()
    lost.file.storage.delete(lost.file.name)

    assert client.get(lost.get_absolute_url()).status_code == 404
    assert client.get(reverse("files:download", args=[uuid4()])).status_code == 404
    assert client.get("/files/not-a-uuid/").status_code == 404


def test_download_changes_nothing(client):
    assert client.post(document().get_absolute_url()).status_code == 405


def test_original_is_for_staff_who_may_see_the_record(client):
    picture = photo(program=ProgramFactory(status=Status.DRAFT))
    address = picture.image.url
    member = UserFactory(is_staff=True)
    sign_in_staff(client, member)
    assert client.get(address).status_code == 404

    member.user_permissions.add(Permission.objects.get(codename="view_photo"))
    response = client.get(address)

    assert b"".join(response.streaming_content) == samples.picture("JPEG")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert (
        response.headers["Content-Security-Policy"]
        == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("has_app", [True, False])
def test_original_waits_for_the_second_step(client, has_app):
    member = StaffFactory()
    address = photo().image.url
    if has_app:
        with_app(member)
    client.force_login(member)

    response = client.get(address)

    assert response.status_code == 302
    door = reverse("mfa_reauthenticate" if has_app else "accounts:second_step_needed")
    assert response.url == f"{door}?next={quote(address, safe='')}"


def test_original_of_a_document_is_an_attachment(client):
    sign_in_staff(client, StaffFactory())

    response = client.get(document().file.url)

    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_original_is_not_there_for_anybody_else(client):
    address = photo().image.url
    assert client.get(address).status_code == 404

    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("label", ["accounts.user", "programs.program", "no.model", "x", "a.b.c"])
def test_original_of_another_model_is_not_there(client, label):
    client.force_login(StaffFactory())

    assert client.get(f"/files/originals/{label}/1/").status_code == 404


def test_original_without_a_picture_is_not_there(client):
    client.force_login(StaffFactory())
    empty = PhotoFactory()

    assert (
        client.get(reverse("files:original", args=["programs.photo", empty.pk])).status_code == 404
    )


def test_private_file_lies_outside_the_public_folder(client, settings, stored_in):
    report = document()

    assert stored("media") == []
    if stored_in == "folder":
        assert report.file.path.startswith(str(settings.PRIVATE_ROOT))
    assert client.get(f"{settings.MEDIA_URL}{report.file.name}").status_code == 404
    with pytest.raises(ValueError, match="no address"):
        report.file.storage.url(report.file.name)
