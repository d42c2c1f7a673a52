"""The library changes nothing, and names nothing, that its user may not change or see elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forums.models import Correction
from news.models import ArticlePhoto
from oda_portal.accounts.areas import limit
from oda_portal.library.models import Picture
from oda_portal.publishing.models import Status
from programs.models import Photo
from tests import factories
from tests.accounts.test_areas import member
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.forums.editions import an_edition
from tests.library.samples import ALT, held_picture, picture_file

pytestmark = pytest.mark.django_db


def replaced(client: Client, held: Picture, query: str = "") -> bool:
    page = reverse("admin:library_picture_replace", args=[held.pk]) + query
    seen = client.get(page).context["form"].initial["seen"]
    before = Picture.objects.get(pk=held.pk).image.name
    client.post(page, {"seen": seen, "file": picture_file()})
    return Picture.objects.get(pk=held.pk).image.name != before


def reword(client: Client, held: Picture, words: str, query: str = "") -> Any:
    page = reverse("admin:library_picture_change", args=[held.pk]) + query
    return client.post(page, filled(client.get(page), alt_ko=words, _save="1"))


def shown_in(client: Client, held: Picture) -> str:
    pages = [reverse(f"admin:library_picture_{name}", args=[held.pk])
             for name in ("change", "replace", "delete")]  # fmt: skip
    return "".join(client.get(page).content.decode() for page in pages)


def a_photo(held: Picture, **fields: Any) -> Photo:
    program = factories.ProgramFactory(**fields)
    return Photo.objects.create(program=program, image=held.image.name, **ALT)


def test_an_article_stays_for_whoever_may_not_change_articles(client: Client):
    factories.OfficeFactory()
    held = held_picture()
    article = factories.ArticleFactory(status=Status.PUBLISHED)
    photo = ArticlePhoto.objects.create(article=article, image=held.image.name, **ALT)
    sign_in_staff(client, member("forum_manager"))

    assert not replaced(client, held)
    reword(client, held, "바뀐 말")

    photo.refresh_from_db()
    assert (photo.image.name, photo.alt_ko) == (held.image.name, ALT["alt_ko"])
    held.refresh_from_db()
    assert held.alt_ko == "바뀐 말"


def test_who_works_on_some_kinds_changes_and_reads_nothing_of_others(client: Client):
    factories.OfficeFactory()
    held = held_picture()
    foreign = a_photo(held, kind="sister_village", title_ko="비밀마을", status=Status.DRAFT)
    own = a_photo(held, kind="training", title_ko="우리연수")
    editor = member("editor")
    limit(editor, ["training"], by=factories.StaffFactory())
    sign_in_staff(client, editor)

    html = shown_in(client, held)
    assert "우리연수" in html
    assert "비밀마을" not in html
    assert not replaced(client, held)
    reword(client, held, "바뀐 말")

    foreign.refresh_from_db()
    own.refresh_from_db()
    assert (foreign.alt_ko, own.alt_ko) == (ALT["alt_ko"], "바뀐 말")
    foreign.delete()
    assert replaced(client, held)


@pytest.mark.parametrize("query", ["", "?correct=1"])
def test_what_is_closed_stays_as_it_is(client: Client, query: str):
    factories.OfficeFactory()
    forum = an_edition(status=Status.PUBLISHED)
    held = held_picture()
    photo = Photo.objects.create(program=forum.program, image=held.image.name, **ALT)
    forum.freeze(by=factories.StaffFactory())
    sign_in_staff(client, factories.StaffFactory())

    assert not replaced(client, held, query)
    reword(client, held, "바뀐 말", query)

    photo.refresh_from_db()
    assert (photo.image.name, photo.alt_ko) == (held.image.name, ALT["alt_ko"])
    assert not Correction.objects.exists()


def test_whoever_keeps_an_edition_replaces_its_pictures(client: Client):
    factories.OfficeFactory()
    forum = an_edition(status=Status.PUBLISHED)
    held = held_picture()
    photo = Photo.objects.create(program=forum.program, image=held.image.name, **ALT)
    sign_in_staff(client, member("forum_manager"))

    assert replaced(client, held)
    reword(client, held, "바뀐 말")

    photo.refresh_from_db()
    assert photo.image.name != held.image.name
    assert photo.alt_ko == "바뀐 말"


def test_a_translator_passes_words_of_their_language_on(client: Client):
    factories.OfficeFactory()
    held = held_picture()
    photo = a_photo(held)
    sign_in_staff(client, member("translator_en"))
    page = reverse("admin:library_picture_change", args=[held.pk])

    client.post(page, filled(client.get(page), alt_en="Better words", _save="1"))

    photo.refresh_from_db()
    assert photo.alt_en == "Better words"
