"""Articles in the back office: written, looked at, published; an HWP never without a PDF."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from news.models import Article, Attachment
from oda_portal.accounts.roles import set_up_roles
from oda_portal.audit.models import Transition
from oda_portal.publishing.models import Status
from tests.admin.forms import confirm, filled, publish
from tests.admin.pictures import a_picture
from tests.doors import sign_in_staff
from tests.factories import ArticleFactory, OfficeFactory, ProgramFactory, StaffFactory
from tests.files import samples
from tests.news.writing import add_photo, attach

pytestmark = pytest.mark.django_db

WORDS = {"title_ko": "붙임", "title_en": "Annex", "title_zh_hans": "附件"}
NEEDS_A_PDF = "Not everybody can open an HWP file. Save the same document as a PDF and attach it here as well."


def change_page(article: Article) -> str:
    return f"/en/admin/news/article/{article.pk}/change/"


def send(client: Client, article: Article, prefix: str = "", **fields: Any) -> Any:
    """The article's form with one row of an inline, or with other words in its fields."""
    page = client.get(change_page(article))
    if prefix:
        fields = {f"{prefix}-0-{name}": value for name, value in fields.items()}
        fields |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-position": "0"}
    return client.post(change_page(article), filled(page, **fields))


def hwp(name: str = "a.hwp") -> SimpleUploadedFile:
    content = samples.hwpx() if name.endswith("x") else samples.hwp()
    return SimpleUploadedFile(name, content)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", samples.pdf())


def errors_of(response: Any) -> dict[str, list[str]]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    found = next(formset for formset in formsets if formset.model is Attachment)
    return in_english(found.forms[0].errors)


def in_english(errors: Any) -> dict[str, list[str]]:
    """Errors are put into words when they are read, which is after the page was made."""
    with translation.override("en"):
        return {name: list(texts) for name, texts in errors.items()}


@pytest.mark.parametrize("name", ["a.hwp", "a.hwpx"])
def test_an_hwp_without_a_pdf_is_refused_with_a_reason(client: Client, name: str):
    sign_in_staff(client, StaffFactory())

    response = send(client, ArticleFactory(), "attachments", file=hwp(name), **WORDS)

    assert errors_of(response) == {"readable": [NEEDS_A_PDF]}
    assert not Attachment.objects.exists()


def test_an_hwp_with_its_pdf_is_stored_and_both_can_be_had(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory())
    article = ArticleFactory()

    response = send(client, article, "attachments", file=hwp(), readable=pdf(), **WORDS)

    assert response.status_code == 302
    files = Attachment.objects.get(article=article).files
    assert [type for _url, type, _size in files] == ["PDF", "HWP"]
    assert [Client().get(url).status_code for url, _type, _size in files] == [200, 200]


def test_a_pdf_needs_no_twin_and_a_twin_is_a_pdf(client: Client):
    sign_in_staff(client, StaffFactory())
    article = ArticleFactory()

    refused = send(client, article, "attachments", file=pdf(), readable=hwp(), **WORDS)
    assert errors_of(refused) == {"readable": ["This must be a PDF file."]}

    assert send(client, article, "attachments", file=pdf(), **WORDS).status_code == 302
    assert [type for _url, type, _size in Attachment.objects.get().files] == ["PDF"]


def test_the_pdf_beside_an_hwp_cannot_be_taken_away(client: Client):
    sign_in_staff(client, StaffFactory())
    attachment = attach(ArticleFactory(), "hwp", readable=True)

    refused = client.post(
        change_page(attachment.article),
        filled(
            client.get(change_page(attachment.article)), **{"attachments-0-readable-clear": "on"}
        ),
    )

    assert errors_of(refused) == {"readable": [NEEDS_A_PDF]}
    attachment.refresh_from_db()
    assert attachment.readable


def test_the_database_too_keeps_an_hwp_from_standing_alone():
    with pytest.raises(IntegrityError), transaction.atomic():
        attach(ArticleFactory(), "HWP")


def test_staff_open_both_files_of_a_draft(client: Client):
    sign_in_staff(client, StaffFactory())
    attachment = attach(ArticleFactory(status=Status.DRAFT), "hwp", readable=True)

    page = client.get(change_page(attachment.article)).content.decode()

    for file in (attachment.file, attachment.readable):
        assert f'href="{file.url}"' in page
        given = client.get(file.url)
        file.open()
        assert b"".join(given.streaming_content) == file.read()
        assert Client().get(file.url).status_code == 404
    assert client.get(f"{attachment.file.url}uuid/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_editor_writes_publishes_and_takes_down(client: Client):
    OfficeFactory()
    set_up_roles()
    editor = StaffFactory(is_superuser=False)
    editor.groups.set(Group.objects.filter(name="editor"))
    sign_in_staff(client, editor)
    program = ProgramFactory()
    add = "/en/admin/news/article/add/?kind=notice"

    words = {"title_ko": "알림", "title_en": "A notice for you", "programs": [str(program.pk)]}
    publish(client, add, **words)

    article = Article.objects.get()
    assert (article.slug, article.kind, article.status) == (
        "a-notice-for-you",
        "notice",
        "published",
    )
    assert list(article.programs.all()) == [program]
    assert "A notice for you" in Client().get("/en/news/").content.decode()
    confirm(client, reverse("admin:news_article_take_down", args=[article.pk]), reason="old")
    assert "A notice for you" not in Client().get("/en/news/").content.decode()
    assert Transition.objects.filter(by=editor).count() == 2


def test_a_reserved_address_is_not_given_to_an_article(client: Client):
    sign_in_staff(client, StaffFactory())
    add = "/en/admin/news/article/add/"

    client.post(add, filled(client.get(add), title_ko="구독", title_en="Subscribe"))
    refused = client.post(add, filled(client.get(add), title_ko="구독", slug="subscribe"))

    assert Article.objects.get().slug != "subscribe"
    assert "Another page uses this address." in refused.content.decode()


def test_what_was_revised_needs_a_time(client: Client):
    sign_in_staff(client, StaffFactory())

    article = ArticleFactory()
    response = send(client, article, revision_ko="숫자를 고쳤다.")

    errors = in_english(response.context["adminform"].form.errors)
    assert errors == {"revised_at": ["Say when it was revised."]}
    when = {"revised_at_0": "2024-05-01", "revised_at_1": "09:00"}
    assert send(client, article, revision_ko="숫자를 고쳤다.", **when).status_code == 302


def test_a_picture_is_seen_by_staff_before_it_is_public(client: Client):
    sign_in_staff(client, StaffFactory())
    photo = add_photo(ArticleFactory(status=Status.DRAFT), with_picture=True)
    address = reverse("admin:news_article_photo", args=[photo.pk])

    assert address in client.get(change_page(photo.article)).content.decode()
    assert client.get(address).headers["Content-Type"] == "image/jpeg"
    assert Client().get(address).status_code == 302
    photo.image.storage.delete(photo.image.name)
    assert client.get(address).status_code == 404


def test_a_picture_without_words_is_refused(client: Client):
    sign_in_staff(client, StaffFactory())
    article = ArticleFactory()

    response = send(client, article, "photos", image=a_picture(), licence="1", caption_ko="학교")

    assert "Say what the picture shows." in response.content.decode()
    assert not article.photos.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("9999-12-31", "This date is too far away. Check the year."),
        ("2062-01-01", "This date is too far away. Check the year."),
        ("0001-01-01", "This date is too long ago. Check the year."),
        ("1949-12-31", "This date is too long ago. Check the year."),
    ],
)
@pytest.mark.parametrize("field", ["registered_at", "revised_at", "publish_at", "expire_at"])
def test_a_time_in_a_year_that_cannot_be_meant_is_refused_at_its_field(
    client: Client, field: str, day: str, sentence: str
):
    sign_in_staff(client, StaffFactory())
    article = ArticleFactory()
    before = article.registered_at

    typed = {f"{field}_0": day, f"{field}_1": "09:00", "byline_en": "Typed a moment ago"}
    response = send(client, article, **typed)

    assert response.status_code == 200
    assert in_english(response.context["adminform"].form.errors) == {field: [sentence]}
    assert "Typed a moment ago" in response.content.decode()
    assert f'value="{day}"' in response.content.decode()
    article.refresh_from_db()
    assert article.registered_at == before


@pytest.mark.parametrize("field", ["registered_at", "revised_at", "publish_at", "expire_at"])
def test_a_time_is_taken_from_1950_to_five_years_ahead(client: Client, field: str):
    sign_in_staff(client, StaffFactory())
    for year in (1950, timezone.localdate().year + 5):
        article = ArticleFactory(status="draft")

        response = send(client, article, **{f"{field}_0": f"{year}-01-01", f"{field}_1": "09:00"})

        assert response.status_code == 302
        article.refresh_from_db()
        assert timezone.localtime(getattr(article, field)).year == year


def test_a_new_article_of_the_year_1_keeps_what_was_typed(client: Client):
    sign_in_staff(client, StaffFactory())
    page = client.get("/en/admin/news/article/add/")
    typed = {"title_ko": "소식", "registered_at_0": "0001-01-01", "registered_at_1": "00:00"}

    response = client.post("/en/admin/news/article/add/", filled(page, **typed))

    assert response.status_code == 200
    assert "This date is too long ago. Check the year." in response.content.decode()
    assert not Article.objects.exists()
