"""Pictures of a programme: words in every language, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.files.models import Rendition
from programs.models import Photo, Program
from tests import factories
from tests.admin.forms import confirm, filled
from tests.admin.pictures import a_picture
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db(transaction=True)

CAPTION = {"caption_ko": "학교", "caption_en": "School", "caption_zh_hans": "学校"}
ALT = {"alt_ko": "새 교실", "alt_en": "A new classroom", "alt_zh_hans": "新教室"}


def a_photo(client: Client, program: Program, language: str = "ko", **fields: Any) -> Any:
    """Send the programme's form with one more photo."""
    sign_in_staff(client, factories.StaffFactory())
    with translation.override(language):
        page = reverse("admin:programs_program_change", args=[program.pk])
    row = {
        f"photos-0-{name}": value
        for name, value in {"licence": "1", "position": "0", **fields}.items()
    }
    return client.post(page, filled(client.get(page), **{"photos-TOTAL_FORMS": "1"}, **row))


def errors(response: Any) -> dict[str, Any]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    return next(formset for formset in formsets if formset.model is Photo).forms[0].errors


def test_a_picture_with_its_words_is_stored_and_on_the_site_at_once(client: Client):
    program = factories.ProgramFactory()

    response = a_photo(client, program, image=a_picture(), **CAPTION, **ALT)

    assert response.status_code == 302
    photo = Photo.objects.get()
    assert (photo.alt_zh_hans, photo.caption_en) == ("新教室", "School")
    rendition = Rendition.objects.filter(object_id=photo.pk).first()
    assert rendition
    assert rendition.file.url in client.get(program.get_absolute_url()).content.decode()


@pytest.mark.parametrize("missing", sorted(ALT))
@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_picture_without_its_words_in_one_language_is_refused(
    client: Client, missing: str, language: str
):
    words = {**CAPTION, **ALT, missing: " "}

    response = a_photo(client, factories.ProgramFactory(), language, image=a_picture(), **words)

    assert list(errors(response)) == [missing]
    assert response.context["files_lost"]
    assert filled(response)["photos-0-caption_en"] == ["School"]
    assert not Photo.objects.exists()


def test_a_caption_is_needed_in_every_language(client: Client):
    response = a_photo(client, factories.ProgramFactory(), caption_ko="학교")

    assert sorted(errors(response)) == ["caption_en", "caption_zh_hans"]


def test_a_caption_without_a_picture_needs_no_description(client: Client):
    a_photo(client, factories.ProgramFactory(), **CAPTION)

    assert Photo.objects.get().alt_ko in ("", None)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("note.jpg", b"only words", "image/jpeg"),
        SimpleUploadedFile(
            "page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
        ),
        SimpleUploadedFile("empty.jpg", b"", "image/jpeg"),
        SimpleUploadedFile("large.jpg", b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), "image/jpeg"),
        a_picture(size=(6000, 10)),
    ],
    ids=["words", "svg", "empty", "large", "wide"],
)
def test_what_is_no_picture_is_an_error_beside_the_field(client: Client, upload: Any):
    upload.seek(0)

    response = a_photo(
        client, factories.ProgramFactory(title_ko="제목"), image=upload, **CAPTION, **ALT
    )

    assert list(errors(response)) == ["image"]
    assert filled(response)["photos-0-alt_ko"] == ["새 교실"]
    assert not Photo.objects.exists()
    assert not [path for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_an_old_row_without_words_does_not_stand_in_the_way(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    photo = factories.PhotoFactory(caption_en="")
    page = reverse("admin:programs_program_change", args=[photo.program.pk])

    client.post(page, filled(client.get(page), title_ko="새 제목"))

    assert Program.objects.get().title_ko == "새 제목"


def test_taking_down_and_deleting_remove_the_public_files(client: Client):
    program = factories.ProgramFactory()
    a_photo(client, program, image=a_picture(), **CAPTION, **ALT)
    assert Rendition.objects.exists()

    confirm(client, reverse("admin:programs_program_take_down", args=[program.pk]))
    assert not Rendition.objects.exists()

    address = reverse("admin:programs_program_changelist")
    choice = {"action": "publish_selected", "_selected_action": [program.pk]}
    client.post(address, filled(client.post(address, choice)))
    assert Rendition.objects.exists()
    confirm(client, reverse("admin:programs_program_delete", args=[program.pk]))
    assert not Rendition.objects.exists()


def test_the_preview_is_for_staff_and_small(client: Client):
    program = factories.ProgramFactory(status="draft")
    a_photo(client, program, image=a_picture(size=(2000, 1500)), **CAPTION, **ALT)
    preview = reverse("admin:programs_program_photo", args=[Photo.objects.get().pk])
    form = client.get(reverse("admin:programs_program_change", args=[program.pk]))
    assert f'src="{preview}?' in form.content.decode()

    response = client.get(preview)

    assert response.headers["Content-Type"] == "image/jpeg"
    assert len(response.content) < 40_000
    assert Client().get(preview).status_code == 302


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        ([], 404),
        (["view_photo"], 404),
        (["view_program"], 404),
        (["view_city", "change_city"], 404),
        (["view_program", "view_photo"], 200),
        (["change_program", "change_photo"], 200),
    ],
)
def test_the_preview_is_for_who_may_see_the_programme_and_its_photos(
    client: Client, permissions: list[str], status: int
):
    a_photo(client, factories.ProgramFactory(status="draft"), image=a_picture(), **CAPTION, **ALT)
    staff = factories.StaffFactory(is_superuser=False)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    sign_in_staff(client, staff)

    preview = reverse("admin:programs_program_photo", args=[Photo.objects.get().pk])

    assert client.get(preview).status_code == status
