"""Files of the library are replaced, renewed and brought back, wherever they are shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from news.models import ArticlePhoto, Attachment
from oda_portal.files.models import Rendition
from oda_portal.library import actions, taking_in, uses
from oda_portal.library.models import Document, DocumentVersion, Picture
from oda_portal.publishing.models import Dirty
from programs.models import Document as ProgramDocument
from programs.models import Photo
from tests import factories
from tests.doors import sign_in_staff
from tests.files.samples import docx, upload
from tests.library.samples import (
    ALT,
    DETAILS,
    document_file,
    held_document,
    held_picture,
    picture_file,
)

pytestmark = pytest.mark.django_db


def shown_by_program(held: Any, **fields: Any) -> Any:
    model, column = (Photo, "image") if isinstance(held, Picture) else (ProgramDocument, "file")
    said = ALT if model is Photo else {"title_ko": "보고서"}
    values = {**said, column: held.stored.name, "program": factories.ProgramFactory(), **fields}
    return model.objects.create(**values)


def shown_by_article(held: Picture) -> ArticlePhoto:
    return ArticlePhoto.objects.create(
        article=factories.ArticleFactory(), image=held.image.name, caption_ko="사진", **ALT
    )


def act(client: Client, page: str, **fields: Any) -> Any:
    """Send the form of an act as the page gave it."""
    form = client.get(page).context["form"]
    return client.post(page, {"seen": form["seen"].value(), **fields})


# --- pictures ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_replaced_picture_is_replaced_everywhere_at_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    held = held_picture()
    photo, article_photo = shown_by_program(held), shown_by_article(held)
    page = reverse("admin:library_picture_replace", args=[held.pk])
    shown = client.get(page).content.decode()
    assert str(photo.program) in shown
    assert str(article_photo.article) in shown
    Dirty.objects.all().delete()

    response = act(client, page, file=picture_file(size=(1600, 900)))

    assert response.status_code == 302
    before = held.image.name
    held.refresh_from_db()
    assert held.image.name != before
    assert (held.width, held.height) == (1600, 900)
    for row in (photo, article_photo):
        row.refresh_from_db()
        assert row.image.name == held.image.name
        assert set(
            Rendition.objects.filter(object_id=row.pk).values_list("original", flat=True)
        ) == {held.image.name}
    assert {row.model for row in Dirty.objects.all()} >= {"programs.photo", "news.articlephoto"}
    assert photo.history.count() == 2


def test_what_was_shown_is_what_happens(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    held = held_picture()
    page = reverse("admin:library_picture_replace", args=[held.pk])
    seen = client.get(page).context["form"]["seen"].value()
    photo = shown_by_program(held)

    response = client.post(page, {"seen": seen, "file": picture_file()})

    assert response.status_code == 200
    assert str(photo.program) in response.content.decode()
    before = held.image.name
    held.refresh_from_db()
    assert held.image.name == before
    again = client.post(
        page, {"seen": response.context["form"]["seen"].value(), "file": picture_file()}
    )
    assert again.status_code == 302


@pytest.mark.parametrize(
    "bad",
    [upload("empty.jpg", b""), upload("words.jpg", b"only words"), document_file()],
    ids=["empty", "words", "document"],
)
def test_a_bad_file_replaces_nothing(client: Client, bad: Any):
    bad.seek(0)
    sign_in_staff(client, factories.StaffFactory())
    held = held_picture()
    page = reverse("admin:library_picture_replace", args=[held.pk])

    response = act(client, page, file=bad)

    assert list(response.context["form"].errors) == ["file"]
    before = held.image.name
    held.refresh_from_db()
    assert held.image.name == before


def test_a_picture_that_is_there_already_takes_no_other_place():
    held, other = held_picture(), held_picture(caption_ko="부두")
    with other.image.open() as stored, pytest.raises(ValidationError, match="부두"):
        actions.replace_picture(held, upload("again.jpg", stored.read()))


def test_changed_words_go_along_where_they_were_as_they_were(client: Client):
    held = held_picture(credit="옛 이름")
    follows = shown_by_program(held, credit="옛 이름")
    keeps = shown_by_program(held, credit="옛 이름")
    Photo.objects.filter(pk=keeps.pk).update(alt_en="Its own words", credit="자기 이름")
    before = Picture.objects.get(pk=held.pk)
    held.alt_en, held.credit = "A bright classroom", "새 이름"
    held.save()

    assert actions.pass_on(held, before, by=None) == 1

    follows.refresh_from_db()
    keeps.refresh_from_db()
    assert (follows.alt_en, follows.credit) == ("A bright classroom", "새 이름")
    assert (keeps.alt_en, keeps.credit) == ("Its own words", "자기 이름")


# --- documents -----------------------------------------------------------------------------------


def test_a_new_version_is_given_out_under_the_same_address(client: Client):
    staff = factories.StaffFactory(name="김담당")
    sign_in_staff(client, staff)
    held = held_document()
    shown = shown_by_program(held)
    address = shown.get_absolute_url()
    new = document_file()
    content = new.read()
    new.seek(0)

    response = act(
        client, reverse("admin:library_document_version", args=[held.pk]), file=new, note="고침"
    )

    assert response.status_code == 302
    assert b"".join(Client().get(address).streaming_content) == content
    versions = DocumentVersion.objects.order_by("number")
    assert [(row.number, row.note, row.by) for row in versions] == [
        (1, "", None),
        (2, "고침", staff),
    ]
    form = client.get(reverse("admin:library_document_change", args=[held.pk])).content.decode()
    assert "김담당" in form
    for version in versions:
        assert client.get(version.file.url).status_code == 200
        assert Client().get(version.file.url).status_code == 404


def test_an_older_version_is_taken_up_again_and_none_is_lost(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    held = held_document()
    first = held.file.name
    shown = shown_by_program(held)
    actions.add_version(held, document_file(), note="", by=None)  # type: ignore[arg-type]
    page = reverse("admin:library_document_restore_version", args=[held.pk, 1])

    response = act(client, page, note="잘못 올림")
    act(client, page, note="두 번째")

    assert response.status_code == 302
    shown.refresh_from_db()
    assert shown.file.name == first
    assert list(held.versions.values_list("number", "note")) == [
        (3, "잘못 올림"), (2, ""), (1, ""),
    ]  # fmt: skip


def test_a_version_of_another_kind_is_refused_while_the_document_is_used():
    held = held_document()
    unused = held_document()
    shown_by_program(held)

    with pytest.raises(ValidationError, match="PDF"):
        actions.add_version(held, upload("new.docx", docx()), note="", by=None)  # type: ignore[arg-type]
    actions.add_version(unused, upload("new.docx", docx()), note="", by=None)  # type: ignore[arg-type]

    assert Document.objects.get(pk=unused.pk).type == "DOCX"


def test_an_older_version_sent_again_is_recognised():
    held, new = held_document(), document_file()
    with held.file.open() as stored:
        old = upload("old.pdf", stored.read())
    actions.add_version(held, new, note="", by=None)  # type: ignore[arg-type]

    taken = actions.take(old, details=DETAILS, by=None)

    assert (taken.row, taken.is_new) == (held, False)


# --- letting go ----------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [held_picture, held_document])
def test_what_is_used_cannot_be_deleted_and_says_where(client: Client, make: Any):
    sign_in_staff(client, factories.StaffFactory())
    held = make()
    shown = shown_by_program(held)
    model = held._meta.model_name
    page = reverse(f"admin:library_{model}_delete", args=[held.pk])
    many = reverse(f"admin:library_{model}_changelist")
    selected = {"action": "delete_selected", "_selected_action": [held.pk], "post": "yes"}

    said = client.get(page).content.decode()
    client.post(page, {"post": "yes"})
    client.post(many, selected)

    assert str(shown.program) in said
    assert type(held).objects.filter(pk=held.pk).exists()
    shown.delete()
    client.post(page, {"post": "yes"})
    assert not type(held).objects.filter(pk=held.pk).exists()


# --- what was attached directly -----------------------------------------------------------------


def test_a_picture_attached_to_a_record_comes_into_the_library():
    photo = factories.PhotoFactory(image=picture_file(), credit="ODA 사무소", licence=2, **ALT)
    article = factories.ArticleFactory()
    Attachment.objects.create(article=article, title_ko="공고", file=document_file())

    settled = taking_in.take_in()

    assert settled == 2
    held = Picture.objects.get()
    assert (held.image.name, held.alt_en, held.credit, held.licence) == (
        photo.image.name, ALT["alt_en"], "ODA 사무소", 2,
    )  # fmt: skip
    assert (held.width, held.height) == (800, 600)
    assert [place.row for place in uses.places(held)] == [photo]
    assert Document.objects.get().title_ko == "공고"
    assert DocumentVersion.objects.count() == 1
    assert taking_in.take_in() == 0


def test_two_rows_with_the_same_bytes_share_one_entry():
    first = factories.PhotoFactory(image=picture_file())
    with first.image.open() as stored:
        second = factories.PhotoFactory(image=upload("copy.jpg", stored.read()))

    taking_in.take_in()

    second.refresh_from_db()
    assert Picture.objects.count() == 1
    assert second.image.name == first.image.name


def test_a_record_that_names_an_earlier_file_is_given_the_present_one():
    held = held_picture()
    photo = shown_by_program(held)
    earlier = photo.image.name
    actions.replace_picture(held, picture_file())
    Photo.objects.filter(pk=photo.pk).update(image=earlier)

    taking_in.take_in()

    photo.refresh_from_db()
    held.refresh_from_db()
    assert photo.image.name == held.image.name
    assert Picture.objects.count() == 1


def test_a_file_that_is_gone_keeps_no_other_out():
    gone = factories.PhotoFactory(image=picture_file())
    gone.image.storage.delete(gone.image.name)
    factories.PhotoFactory(image=picture_file())

    assert taking_in.take_in() == 1
    assert Picture.objects.count() == 1
