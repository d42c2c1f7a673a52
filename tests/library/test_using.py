"""What the library holds is shown by records, which know nothing of it but a stored file."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from news.models import Article, ArticlePhoto, Attachment
from oda_portal.files.models import Rendition
from oda_portal.library import actions, uses
from oda_portal.library.models import Picture
from programs.models import Document, Photo, Program
from tests import factories
from tests.accounts.test_roles import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.files.samples import hwp, upload
from tests.library.samples import (
    ALT,
    CAPTION,
    DETAILS,
    TITLE,
    held_document,
    held_picture,
    picture_file,
)

pytestmark = pytest.mark.django_db


def edit(client: Client, record: Any, prefix: str, *, rows: int = 1, **fields: Any) -> Any:
    """Send the record's form with something in the first row of an inline."""
    if "_auth_user_id" not in client.session:
        sign_in_staff(client, factories.StaffFactory())
    options = record._meta
    page = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    row = {f"{prefix}-0-{name}": value for name, value in fields.items()}
    return client.post(
        page, filled(client.get(page), **{f"{prefix}-TOTAL_FORMS": str(rows)}, **row)
    )


def errors(response: Any, model: type[Any]) -> dict[str, Any]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    return next(formset for formset in formsets if formset.model is model).forms[0].errors


def a_photo(client: Client, program: Program, **fields: Any) -> Any:
    return edit(client, program, "photos", **{"licence": "1", "position": "0", **fields})


# --- pictures --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_number_brings_picture_words_and_facts_into_a_programme(client: Client):
    program = factories.ProgramFactory()
    held = held_picture(licence=3, credit="ODA 사무소")

    response = a_photo(client, program, library=str(held.pk))

    assert response.status_code == 302
    photo = Photo.objects.get()
    assert photo.image.name == held.image.name
    assert {name: getattr(photo, name) for name in (*ALT, *CAPTION)} == {**ALT, **CAPTION}
    assert (photo.licence, photo.credit) == (3, "ODA 사무소")
    made = Rendition.objects.filter(object_id=photo.pk).first()
    assert made
    assert made.file.url in client.get(program.get_absolute_url()).content.decode()
    assert [place.record for place in uses.places(held)] == [program]


def test_what_was_typed_is_not_overwritten(client: Client):
    held = held_picture(licence=3)

    a_photo(
        client, factories.ProgramFactory(), library=str(held.pk),
        caption_ko="내 설명", credit="다른 사람", licence="2",
    )  # fmt: skip

    photo = Photo.objects.get()
    assert (photo.caption_ko, photo.caption_en) == ("내 설명", "School")
    assert (photo.credit, photo.licence) == ("다른 사람", 2)


def test_an_article_takes_a_picture_too(client: Client):
    article, held = factories.ArticleFactory(), held_picture()

    edit(client, article, "photos", licence="1", position="0", library=str(held.pk))

    assert ArticlePhoto.objects.get().image.name == held.image.name
    assert [place.is_public for place in uses.places(held)] == [True]


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_a_picture_that_nobody_described_is_refused(client: Client, language: str):
    held = held_picture(alt_en="")
    with translation.override(language):
        response = a_photo(client, factories.ProgramFactory(), library=str(held.pk))

    assert "library" in errors(response, Photo)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("number", ["999", "0", "-1", "abc", "9" * 30])
def test_a_number_that_nothing_has_is_an_error_beside_it(client: Client, number: str):
    response = a_photo(client, factories.ProgramFactory(), library=number, **CAPTION, **ALT)

    assert list(errors(response, Photo)) == ["library"]
    assert filled(response)["photos-0-alt_ko"] == ["새 교실"]


def test_a_number_and_a_file_are_one_too_many(client: Client):
    held = held_picture()

    response = a_photo(
        client, factories.ProgramFactory(), library=str(held.pk), image=picture_file()
    )

    assert "library" in errors(response, Photo)


def test_another_picture_brings_its_own_words(client: Client):
    program, first = factories.ProgramFactory(), held_picture()
    other = held_picture(alt_ko="부두", alt_en="A quay", alt_zh_hans="码头", caption_ko="")
    a_photo(client, program, library=str(first.pk))
    photo = Photo.objects.get()

    edit(client, program, "photos", library=str(other.pk))

    photo.refresh_from_db()
    assert (photo.image.name, photo.alt_zh_hans) == (other.image.name, "码头")
    assert photo.caption_ko == "학교"
    assert not uses.is_used(first)


def test_the_same_file_attached_directly_is_the_one_of_the_library(client: Client):
    held = held_picture()
    with held.image.open() as stored:
        again = upload("again.jpg", stored.read())

    a_photo(client, factories.ProgramFactory(), image=again, **CAPTION, **ALT)

    assert Photo.objects.get().image.name == held.image.name


def test_a_translator_cannot_put_a_picture_in(client: Client):
    factories.OfficeFactory()
    photo, held = factories.PhotoFactory(), held_picture()
    sign_in_staff(client, member("translator_en"))

    edit(client, photo.program, "photos", library=str(held.pk))

    photo.refresh_from_db()
    assert not photo.image


def test_a_choice_outlives_a_conflict_with_somebody_else(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program, held = factories.ProgramFactory(status="draft"), held_picture()
    page = reverse("admin:programs_program_change", args=[program.pk])
    form = client.get(page)
    program.title_ko = "남이 고친 제목"
    program.save()
    row = {"licence": "1", "position": "0", "library": str(held.pk)}
    mine = {f"photos-0-{name}": value for name, value in row.items()}

    refused = client.post(page, filled(form, **{"photos-TOTAL_FORMS": "1"}, **mine))

    assert refused.status_code == 200
    again = filled(refused)
    assert again["photos-0-library"] == [str(held.pk)]
    client.post(page, again)
    assert Photo.objects.get().image.name == held.image.name


# --- documents -------------------------------------------------------------------------------


def test_a_document_gets_its_title_from_the_library(client: Client):
    program, held = factories.ProgramFactory(), held_document(language="en")

    edit(client, program, "documents", library=str(held.pk))

    document = Document.objects.get()
    assert document.file.name == held.file.name
    assert {name: getattr(document, name) for name in TITLE} == TITLE
    assert document.language == "en"
    answer = client.get(document.get_absolute_url())
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_row_with_neither_number_nor_file_is_refused(client: Client):
    response = edit(client, factories.ProgramFactory(), "documents", **TITLE)

    assert "file" in errors(response, Document)


def test_an_hwp_file_of_the_library_still_needs_its_pdf(client: Client):
    article, pdf = factories.ArticleFactory(), held_document()
    taken: Any = actions.take(upload("공고.hwp", hwp()), details=DETAILS, by=None).row
    taken.title_ko = "공고"
    taken.save()

    alone = edit(client, article, "attachments", library=str(taken.pk), position="0")
    both = edit(
        client, article, "attachments", position="0",
        library=str(taken.pk), readable_library=str(pdf.pk),
    )  # fmt: skip

    assert "readable" in errors(alone, Attachment)
    assert both.status_code == 302
    attachment = Attachment.objects.get()
    assert (attachment.file.name, attachment.readable.name) == (taken.file.name, pdf.file.name)
    assert attachment.title_ko == "공고"


# --- what is withdrawn -------------------------------------------------------------------------


def test_what_the_library_holds_is_public_only_through_what_shows_it(client: Client):
    program, held = factories.ProgramFactory(status="draft"), held_document()
    edit(client, program, "documents", library=str(held.pk))
    document = Document.objects.get()
    visitor = Client()

    assert visitor.get(document.get_absolute_url()).status_code == 404
    assert visitor.get(held.file.url).status_code == 404
    program.publish(by=None)
    assert visitor.get(document.get_absolute_url()).status_code == 200


def test_deleting_a_record_keeps_what_the_library_holds(client: Client):
    article, held = factories.ArticleFactory(status="draft"), held_picture()
    edit(client, article, "photos", licence="1", position="0", library=str(held.pk))

    client.post(reverse("admin:news_article_delete", args=[article.pk]), {"post": "yes"})

    assert not Article.objects.exists()
    assert Picture.objects.get().image.storage.exists(held.image.name)
