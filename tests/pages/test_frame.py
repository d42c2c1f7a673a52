"""What staff put around every page: banners, the menu, links at the foot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oda_portal.pages import menus
from oda_portal.pages.models import Banner, MenuEntry
from oda_portal.publishing.models import Status
from tests import factories
from tests.admin.forms import filled
from tests.admin.test_lists import queries_of
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db

LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]


@pytest.fixture(autouse=True)
def committed(monkeypatch: pytest.MonkeyPatch):
    """What waits for a commit happens at once: the pages are renewed by the changes themselves."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_rest: act())


def page(client: Client, url: str = "/about/site-map/") -> str:
    return client.get(url).content.decode()


# --- banners -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "text"), [
    ("", "태풍으로 출국이 미루어졌습니다."),
    ("/en", "Departure is postponed because of the typhoon."),
    ("/zh-hans", "因台风推迟出发。"),
])  # fmt: skip
def test_a_banner_stands_on_every_page_in_the_readers_language(
    client: Client, prefix: str, text: str
):
    factories.OfficeFactory()
    factories.BannerFactory(
        text_ko="태풍으로 출국이 미루어졌습니다.",
        text_en="Departure is postponed because of the typhoon.",
        text_zh_hans="因台风推迟出发。",
        address="/news/",
    )

    for url in ("/", "/programs/", "/contact/"):
        html = page(client, prefix + url)
        assert text in html, url
        assert f'href="{prefix}/news/"' in html


def test_a_banner_goes_at_once_when_it_is_taken_down(client: Client):
    banner = factories.BannerFactory(text_ko="오늘은 쉽니다.")
    assert "오늘은 쉽니다." in page(client)

    banner.withdraw(by=None)

    assert "오늘은 쉽니다." not in page(client)


def test_urgent_banners_come_first_and_three_at_most(client: Client):
    for number in range(3):
        factories.BannerFactory(kind="notice", text_ko=f"알림 {number}번")
    factories.BannerFactory(kind="urgent", text_ko="급한 소식")

    html = page(client)

    assert html.index("급한 소식") < html.index("알림 2번") < html.index("알림 1번")
    assert "알림 0번" not in html


def test_a_banner_in_another_language_says_so(client: Client):
    factories.BannerFactory(text_ko="한국어로만 있습니다.", text_en="", text_zh_hans="")

    assert '<span lang="ko">한국어로만 있습니다.</span>' in page(client, "/en/about/site-map/")


def test_a_banner_does_not_lead_to_what_nobody_may_read(client: Client):
    article = factories.ArticleFactory(status=Status.DRAFT)
    factories.BannerFactory(text_ko="소식", address=f"/news/{article.slug}/")
    assert article.slug not in page(client)

    article.publish(by=None)

    assert f'href="/news/{article.slug}/"' in page(client)


@pytest.mark.parametrize("address", [
    "programs/", "//example.org/", "http://example.org/", "javascript:alert(1)", "/nothing/here/",
    "/\\example.org", "/\t/example.org/",
])  # fmt: skip
def test_absurd_addresses_are_refused_with_a_sentence(client: Client, address: str):
    sign_in_staff(client, factories.StaffFactory())
    add = reverse("admin:pages_banner_add")

    response = client.post(add, filled(client.get(add), text_ko="소식", address=address))

    assert "address" in response.context["adminform"].form.errors
    assert not Banner.objects.exists()


def test_staff_write_publish_and_take_down_a_banner(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    add = reverse("admin:pages_banner_add")
    client.post(add, filled(client.get(add), text_ko="접수처가 바뀌었습니다.", kind="urgent"))
    banner = Banner.objects.get()
    assert "접수처가 바뀌었습니다." not in page(Client())

    banner.publish(by=None)

    assert "접수처가 바뀌었습니다." in page(Client())
    assert banner.history.count() == 2


# --- the menu ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_the_menu_begun_from_the_built_in_one_looks_the_same(
    client: Client, prefix: str, language: str
):
    factories.ServiceFactory()
    factories.PageFactory(placement="about")
    url = f"{prefix}/about/site-map/"
    before = client.get(url).context["chrome"]["menu"]

    made = menus.begin_own()

    assert made == MenuEntry.objects.count() > 20
    assert client.get(url).context["chrome"]["menu"] == before


def test_the_menu_follows_what_staff_change(client: Client):
    menus.begin_own()
    entry = MenuEntry.objects.get(address="/programs/map/")
    entry.label_ko = "한눈에 보는 지도"
    entry.save()
    factories.MenuEntryFactory(
        place="main", label_ko="부산시", address="https://www.busan.go.kr/", position=99
    )
    hidden = MenuEntry.objects.get(parent=None, address="/forums/")
    hidden.is_shown = False
    hidden.save()

    shown = client.get("/").context["chrome"]["menu"]

    labels = [section["label"] for section in shown]
    assert labels[-1] == "부산시"
    assert "/forums/" not in [section["url"] for section in shown]
    assert "한눈에 보는 지도" in [entry["label"] for entry in shown[0]["entries"]]


def test_the_menu_leaves_out_what_nobody_may_read_until_they_may(client: Client):
    office_page = factories.PageFactory(status=Status.DRAFT, slug="history")
    factories.MenuEntryFactory(place="main", label_ko="연혁", address="/about/history/")
    factories.MenuEntryFactory(place="main", label_ko="사업", address="/programs/")
    assert "연혁" not in page(client)

    office_page.publish(by=None)

    assert "연혁" in page(client)


def test_the_menu_has_two_levels(client: Client):
    top = factories.MenuEntryFactory(place="main", address="/programs/")
    below = factories.MenuEntryFactory(place="main", parent=top, address="/news/")

    with pytest.raises(ValidationError):
        MenuEntry(place="main", parent=below, label_ko="셋째", address="/forums/").full_clean()
    with pytest.raises(ValidationError):
        MenuEntry(place="foot", parent=top, label_ko="아래", address="/forums/").full_clean()


def test_the_menu_is_begun_and_given_up_in_the_back_office(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    begin, give_up = (reverse(f"admin:pages_menuentry_{act}") for act in ("begin", "give_up"))
    assert client.get(begin).status_code == 200
    assert not MenuEntry.objects.exists()
    page, note = reverse("admin:pages_menuentry_changelist"), "기본 메뉴가 나오고 있습니다"
    assert note in client.get(page).content.decode()

    client.post(begin)
    count = MenuEntry.objects.count()
    client.post(begin)
    assert MenuEntry.objects.count() == count > 0
    assert note not in client.get(page).content.decode()

    factories.MenuEntryFactory(place="related", address="https://www.koica.go.kr/")
    client.post(give_up)
    assert [entry.place for entry in MenuEntry.objects.all()] == ["related"]
    assert MenuEntry.history.filter(history_type="-").count() == count


def test_the_list_of_the_menu_has_each_entry_above_those_below_it(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    second = factories.MenuEntryFactory(label_ko="나", address="/news/", position=1)
    first = factories.MenuEntryFactory(label_ko="가", address="/programs/", position=0)
    for parent, position, address in ((second, 0, "/gallery/"), (first, 5, "/programs/map/")):
        factories.MenuEntryFactory(parent=parent, position=position, address=address)

    page = client.get(reverse("admin:pages_menuentry_changelist"))

    rows = [entry.address for entry in page.context["cl"].result_list]
    assert rows == ["/programs/", "/programs/map/", "/news/", "/gallery/"]


def test_translators_cannot_begin_or_give_up_a_menu(client: Client):
    translator = factories.StaffFactory(is_superuser=False)
    translator.groups.add(Group.objects.get(name="translator_en"))
    sign_in_staff(client, translator)

    assert client.post(reverse("admin:pages_menuentry_begin")).status_code == 403
    assert client.post(reverse("admin:pages_menuentry_give_up")).status_code == 403


def test_the_list_of_entries_asks_as_much_for_many_as_for_one(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    factories.MenuEntryFactory()
    url = reverse("admin:pages_menuentry_changelist")
    client.get(url)
    one = queries_of(client, url)
    menus.begin_own()

    assert queries_of(client, url) == one


# --- the foot ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_the_foot_shows_what_staff_put_there(client: Client, prefix: str, language: str):
    factories.OfficeFactory(
        foot_note_ko="ⓒ 부산", foot_note_en="© Busan", foot_note_zh_hans="©釜山"
    )
    factories.PageFactory(slug="privacy", placement="footer")
    factories.MenuEntryFactory(place="foot", address="/faq/")
    koica = factories.MenuEntryFactory(place="related", address="https://www.koica.go.kr/")

    response = client.get(f"{prefix}/about/site-map/")

    html = response.content.decode()
    with translation.override(language):
        assert [link["url"] for link in response.context["chrome"]["foot_pages"]] == [
            reverse("pages:page_detail", args=["privacy"]), reverse("pages:faq_list"),
        ]  # fmt: skip
        assert str(koica.label) in html
    assert {"ko": "ⓒ 부산", "en": "© Busan", "zh-hans": "©釜山"}[language] in html


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_a_menu_begun_by_several_at_once_is_there_once():
    def begin(_number: int) -> int:
        try:
            return menus.begin_own()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(begin, range(8)))

    assert sum(made) == max(made) == MenuEntry.objects.count()
