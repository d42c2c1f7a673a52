"""What a preview shows: the page of the form as it is, in every language, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import models
from django.test import Client
from django.urls import reverse

from forums.models import Forum, ForumSession
from news.models import Article
from oda_portal.accounts.roles import set_up_roles
from oda_portal.mail.models import Message
from oda_portal.pages.models import Banner, Faq, Office, Page, Service
from oda_portal.previewing.models import Preview
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.publishing import freshness
from oda_portal.publishing.models import Status
from partners.models import City, NetworkMeeting, Organisation, PartnerActivity
from programs.models import Program
from tests import factories
from tests.admin.pictures import a_picture
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff
from tests.forums.editions import an_edition
from tests.previewing.looks import everything, form_of, look, press, preview_of
from volunteers.models import Call, DeploymentReport

pytestmark = pytest.mark.django_db

# Models with a page, and the text of theirs that stands on it.
SHOWN: dict[type[models.Model], str] = {
    Article: "title_ko",
    Banner: "text_ko",
    Call: "title_ko",
    City: "name_ko",
    DeploymentReport: "title_ko",
    Faq: "question_ko",
    Forum: "theme_ko",
    ForumSession: "title_ko",
    NetworkMeeting: "title_ko",
    Office: "hero_title_ko",
    Organisation: "name_ko",
    Page: "title_ko",
    PartnerActivity: "",
    Program: "title_ko",
    Service: "title_ko",
}
LANGUAGES = {"": "새로 고친 제목", "en": "A new title", "zh-hans": "新的标题"}


def a_draft(model: type[models.Model]) -> Any:
    record: Any = RECORDS[model][0]()
    owners = admin.site.get_model_admin(model).preview_owners(record)
    for owner in owners:
        if hasattr(owner, "status"):
            type(owner).objects.filter(pk=owner.pk).update(status=Status.DRAFT)
    record.refresh_from_db()
    return record


def test_every_record_with_a_page_has_a_preview_and_personal_data_have_none(rf):
    request = rf.get("/")
    found = {
        model
        for model, known in admin.site._registry.items()
        if hasattr(known, "has_preview") and known.has_preview(request)
    }

    assert found == set(SHOWN)
    assert not any(isinstance(admin.site._registry[model], RecordedLooks) for model in found)


@pytest.mark.sqlite_too
@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_a_draft_of_every_kind_is_shown_as_it_would_be_and_nothing_is_kept(
    client: Client, model: type[models.Model]
):
    factories.OfficeFactory()
    sign_in_staff(client, factories.StaffFactory())
    record = a_draft(model)
    words = {SHOWN[model]: "새로 고친 말"} if SHOWN[model] else {}
    before, generation = everything(), freshness.generation()

    preview = preview_of(client, form_of(record), **words)
    page = look(client, preview)

    html = page.content.decode()
    assert page.status_code == 200
    assert "새로 고친 말" in html or not words
    assert "새로 고친 말" not in Client().get("/").content.decode()
    if model not in (Office, Banner, Faq, DeploymentReport):
        assert Client().get(record.get_absolute_url()).status_code == 404
    assert everything() == before
    assert freshness.generation() == generation


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_shown_in_each_language(client: Client, language: str):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(status=Status.DRAFT)
    titles = {
        f"title_{code}": title
        for code, title in zip(("ko", "en", "zh_hans"), LANGUAGES.values(), strict=True)
    }

    page = look(client, preview_of(client, form_of(program), **titles), language)

    assert f"<h1>{LANGUAGES[language]}" in page.content.decode().replace("\n", "")
    assert (
        page.headers["Content-Language"] == {"": "ko", "en": "en", "zh-hans": "zh-Hans"}[language]
    )


def test_a_new_record_is_shown_with_the_rows_below_it(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    country = factories.CountryFactory(name_ko="몽골")
    address = "/admin/programs/program/add/?kind=training"

    preview = preview_of(
        client,
        address,
        title_ko="처음 여는 연수",
        summary_ko="요약",
        arrangement="own",
        **{
            "country_shares-TOTAL_FORMS": "1",
            "country_shares-0-country": str(country.pk),
            "country_shares-0-share": "",
        },
    )
    html = look(client, preview).content.decode()

    assert "처음 여는 연수" in html
    assert "몽골" in html
    assert not Program.objects.exists()
    assert preview.object_id == ""


def test_rows_that_were_changed_and_crossed_out_are_shown_so(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(status=Status.DRAFT)
    _kept, gone = factories.PhotoFactory.create_batch(2, program=program)

    preview = preview_of(
        client,
        form_of(program),
        **{"photos-0-caption_ko": "고친 설명", "photos-1-DELETE": "on"},
    )
    html = look(client, preview).content.decode()

    assert "고친 설명" in html
    assert gone.caption_ko not in html
    assert program.photos.count() == 2


def test_what_saving_leads_to_is_taken_back(client: Client):
    """Places of an opening are set by an act of their own, which writes in other apps."""
    sign_in_staff(client, factories.StaffFactory())
    opening = factories.OpeningFactory(call=factories.CallFactory(status=Status.DRAFT))
    before = everything()

    preview = preview_of(client, form_of(opening.call), **{"openings-0-capacity": "99"})
    page = look(client, preview)

    assert page.status_code == 200
    assert everything() == before
    assert not Message.objects.exists()


def test_no_cache_learns_of_what_is_not_public(client: Client, settings):
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "looks"}
    settings.CACHES = {**settings.CACHES, "pages": local}
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory(status=Status.DRAFT, placement=Page.Placement.ABOUT)
    preview = preview_of(client, form_of(page), title_ko="알려지지 않은 글")
    caches["pages"].clear()
    freshness.generation()
    kept = dict(caches["pages"]._cache)

    assert "알려지지 않은 글" in look(client, preview).content.decode()

    assert dict(caches["pages"]._cache) == kept
    assert "알려지지 않은 글" not in Client().get("/").content.decode()


def test_a_chosen_file_is_not_kept_and_that_is_said(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory(status=Status.DRAFT)
    row = {"image": a_picture(), "licence": "1", "position": "0"}
    row |= {
        f"{name}_{code}": "학교" for name in ("caption", "alt") for code in ("ko", "en", "zh_hans")
    }
    fields = {f"photos-0-{name}": value for name, value in row.items()}
    before = everything()["files"]

    preview = preview_of(client, form_of(article), **fields, **{"photos-TOTAL_FORMS": "1"})
    page = client.get(reverse("previews:preview", args=[preview.uuid]))

    assert preview.lost_files
    assert "고르기만 하고 저장하지 않은 파일" in page.content.decode()
    assert look(client, preview).status_code == 200
    assert everything()["files"] == before


def test_a_form_that_cannot_be_saved_says_why(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory()

    answer = press(
        client, f"/en{form_of(program)}", title_ko="", title_en="", title_zh_hans="", starts_on="31"
    )

    assert answer.status_code == 200
    assert any("starts" in str(field).lower() for field, _sentence in answer.context["reasons"])
    assert not Preview.objects.exists()


def test_somebody_elses_saving_meanwhile_does_not_stand_in_the_way(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory(status=Status.DRAFT)
    preview = preview_of(client, form_of(page), title_ko="내 제목")
    page.title_en = "Theirs"
    page.save()

    assert "내 제목" in look(client, preview).content.decode()


def test_a_resident_number_is_refused(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory()

    answer = press(client, form_of(page), title_ko="900101-1234567")

    assert len(answer.context["reasons"]) == 1
    assert not Preview.objects.exists()


def test_a_translator_sees_their_language_and_changes_no_other(client: Client):
    set_up_roles()
    translator = factories.StaffFactory(is_superuser=False)
    translator.groups.set(Group.objects.filter(name="translator_en"))
    sign_in_staff(client, translator)
    page = factories.PageFactory(status=Status.DRAFT, title_ko="처음 제목")

    preview = preview_of(client, form_of(page), title_en="Translated", title_ko="몰래")

    assert "Translated" in look(client, preview, "en").content.decode()
    korean = look(client, preview).content.decode()
    assert "처음 제목" in korean
    assert "몰래" not in korean


@pytest.mark.parametrize("role", ["reviewer", "privacy_officer"])
def test_who_may_not_change_a_record_makes_no_preview(client: Client, role: str):
    set_up_roles()
    person = factories.StaffFactory(is_superuser=False)
    person.groups.set(Group.objects.filter(name=role))
    sign_in_staff(client, person)
    call = factories.CallFactory()

    page = client.get(form_of(call))
    answer = client.post(form_of(call), {"title_ko": "x", "_preview": "1"})

    assert 'name="_preview"' not in page.content.decode()
    assert answer.status_code == 403
    assert not Preview.objects.exists()


def test_personal_data_are_never_previewed(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    story = factories.StoryFactory()

    answer = client.post(form_of(story), {"title_ko": "x", "_preview": "1"})

    assert answer.status_code == 400
    story.refresh_from_db()
    assert story.title_ko != "x"


def test_the_home_city_has_no_page_and_the_preview_says_so(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    city = factories.CityFactory(relation=City.Relation.HOME)

    page = look(client, preview_of(client, form_of(city)), "en")

    assert page.status_code == 404
    assert "has no page of its own" in page.content.decode()


@pytest.mark.thorough
def test_a_preview_asks_as_much_of_the_database_with_many_rows(client: Client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in_staff(client, factories.StaffFactory())
    counts = []
    for number in (1, 12):
        article = factories.ArticleFactory(status=Status.DRAFT)
        article.programs.set(factories.ProgramFactory.create_batch(number))
        preview = preview_of(client, form_of(article))
        look(client, preview)
        with CaptureQueriesContext(connection) as queries:
            look(client, preview)
        counts.append(sum(query["sql"].startswith("SELECT") for query in queries))

    assert counts[1] <= counts[0] + 2, counts


def test_a_correction_of_a_closed_edition_is_looked_at_and_not_written(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    forum = an_edition()
    forum.freeze(by=factories.StaffFactory())
    before = everything()
    languages = ("ko", "en", "zh_hans")

    preview = preview_of(
        client,
        f"{form_of(forum)}?correct=1",
        theme_ko="바로잡은 주제",
        **{f"correction_{code}": "좌장의 이름을 바로잡았습니다." for code in languages},
    )
    html = look(client, preview).content.decode()

    assert "바로잡은 주제" in html
    assert "좌장의 이름을 바로잡았습니다." in html
    assert everything() == before
