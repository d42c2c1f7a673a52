"""The office's own pages in the back office."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from oda_portal.pages.actions import keep_version
from oda_portal.pages.models import Office, PageVersion
from programs.models import CountryShare
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def test_keep_version_stores_the_text_in_all_languages_once():
    page = factories.PageFactory(body_ko="<p>옛 글</p>", effective_on=date(2025, 1, 1))
    page.body_ko = "<p>새 글, 아직 저장 전</p>"

    assert keep_version(page) is True
    assert keep_version(page) is False

    version = PageVersion.objects.get()
    assert (version.body_ko, version.effective_on) == ("<p>옛 글</p>", date(2025, 1, 1))
    assert version.body_en == page.body_en


def test_keep_version_needs_a_day():
    with pytest.raises(ValueError, match="in force"):
        keep_version(factories.PageFactory())


def test_the_button_keeps_the_text_after_asking(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory(effective_on=date(2025, 1, 1))
    keep = reverse("admin:pages_page_keep_version", args=[page.pk])
    change = reverse("admin:pages_page_change", args=[page.pk])
    assert keep in client.get(change).content.decode()

    client.get(keep)
    assert not PageVersion.objects.exists()
    assert client.post(keep, follow=True).redirect_chain[-1][0] == change
    assert client.post(keep, follow=True).status_code == 200

    assert PageVersion.objects.count() == 1


def test_a_page_without_a_day_says_so_first(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = factories.PageFactory()
    keep = reverse("admin:pages_page_keep_version", args=[page.pk])

    assert client.post(keep).status_code == 302

    assert not PageVersion.objects.exists()


def test_the_office_is_one_record(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    changelist = reverse("admin:pages_office_changelist")
    assert client.get(changelist).url == reverse("admin:pages_office_add")
    add = reverse("admin:pages_office_add")
    texts = {
        "name_ko": "포털",
        "short_name_ko": "포털",
        "city_name_ko": "부산",
        "hero_title_ko": "제목",
    }

    form = filled(client.get(add), hero_lead_ko="글", latitude="35.1", longitude="129", **texts)
    client.post(add, form)

    assert Office.objects.get().pk == 1
    change = reverse("admin:pages_office_change", args=[1])
    assert client.get(changelist).url == change
    assert client.get(add).status_code == 403
    assert (
        client.post(reverse("admin:pages_office_delete", args=[1]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("shares", "is_right"),
    [(("60", "40"), True), (("60", "30"), False), (("60", ""), False), (("", ""), True)],
)
def test_shares_of_countries_make_a_hundred(
    client: Client, shares: tuple[str, str], is_right: bool
):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory()
    page = reverse("admin:programs_program_change", args=[program.pk])
    rows: dict[str, object] = {"country_shares-TOTAL_FORMS": "2"}
    for number, share in enumerate(shares):
        rows[f"country_shares-{number}-country"] = factories.CountryFactory().pk
        rows[f"country_shares-{number}-percentage"] = share

    client.post(page, filled(client.get(page), **rows))

    assert CountryShare.objects.count() == (2 if is_right else 0)


@pytest.mark.parametrize(
    ("kind", "is_shown"), [("sister_village", True), ("training", False), ("forum", False)]
)
def test_a_form_shows_what_its_kind_knows(client: Client, kind: str, is_shown: bool):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(kind=kind)

    for address in (
        reverse("admin:programs_program_change", args=[program.pk]),
        reverse("admin:programs_program_add") + f"?kind={kind}",
    ):
        form = filled(client.get(address))
        assert ("visits-TOTAL_FORMS" in form) == ("place_ko" in form) == is_shown
        assert "photos-TOTAL_FORMS" in form


def test_what_is_filled_in_is_shown_whatever_the_kind(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(kind="training", place_ko="제주")
    factories.WorkFactory(program=program)

    form = filled(client.get(reverse("admin:programs_program_change", args=[program.pk])))

    assert form["place_ko"] == ["제주"]
    assert form["works-TOTAL_FORMS"] == ["1"]
    assert "visits-TOTAL_FORMS" not in form
