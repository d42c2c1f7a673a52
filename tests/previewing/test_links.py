"""Links to previews: given away, ended, over; and where the links within lead."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.previewing import views
from oda_portal.previewing.making import MOST_OWN
from oda_portal.previewing.models import Preview
from oda_portal.privacy.retention import destroy_due
from oda_portal.publishing.models import Status
from tests import factories
from tests.doors import sign_in_staff
from tests.library.samples import held_picture
from tests.news.writing import add_photo, attach
from tests.previewing.looks import address_of, everything, form_of, look, preview_of

pytestmark = pytest.mark.django_db


def given(client: Client, record: Any, **changes: str) -> Preview:
    """A preview whose link was given away."""
    preview = preview_of(client, form_of(record), **changes)
    client.post(reverse("previews:share", args=[preview.uuid]))
    preview.refresh_from_db()
    return preview


def a_draft(**fields: Any) -> Any:
    return factories.ArticleFactory(status=Status.DRAFT, **fields)


def hrefs(page: Any) -> list[str]:
    return re.findall(r'<a [^>]*href="([^"]*)"', page.content.decode())


# --- who may look ----------------------------------------------------------------------------------


def test_until_it_is_given_away_its_writer_alone_may_look(client: Client):
    writer, other = factories.StaffFactory(), factories.StaffFactory()
    sign_in_staff(client, writer)
    preview = preview_of(client, form_of(a_draft()))
    somebody = Client()
    sign_in_staff(somebody, other)

    assert look(client, preview).status_code == 200
    assert look(Client(), preview).status_code == 404
    assert look(somebody, preview).status_code == 404
    assert somebody.get(reverse("previews:preview", args=[preview.uuid])).status_code == 404
    for act in ("share", "end"):
        assert somebody.post(reverse(f"previews:{act}", args=[preview.uuid])).status_code == 404
    preview.refresh_from_db()
    assert preview.shared_at is None
    assert preview.ended_at is None


def test_a_link_shows_its_page_to_whoever_has_it_and_is_no_secret_of_the_database(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = given(client, a_draft(), title_ko="나누어 보는 글")

    page = look(Client(), preview)

    html = page.content.decode()
    assert "나누어 보는 글" in html
    assert "preview-bar" in html
    assert preview.token not in str(Preview.objects.values_list())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM previewing_preview")
        assert "나누어" not in cursor.fetchone()[0]
    assert Transition.objects.filter(field="link", to_state="given").count() == 1
    shown = client.get(reverse("previews:preview_list")).content.decode()
    assert address_of(preview) in shown


def test_headers_keep_a_preview_from_caches_machines_and_other_sites(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    page = look(Client(), given(client, a_draft()))

    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    assert page.cookies == {}
    html = page.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in html
    for word in ('rel="canonical"', 'rel="alternate"', "og:title", "application/ld+json"):
        assert word not in html


def test_only_the_page_in_the_back_office_frames_and_the_rest_is_framed_by_nobody(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = preview_of(client, form_of(a_draft()))

    page = client.get(reverse("previews:preview", args=[preview.uuid]))

    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in client.get("/admin/news/article/").headers["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["x", "a" * 32, "%20" * 5, "ㄱ" * 40, "a" * 3000])
def test_invented_links_are_not_found(client: Client, token: str):
    for end in ("", "at/news/", "at/admin/", "pictures/x/"):
        assert client.get(f"/en/previews/{token}/{end}").status_code == 404


def test_a_link_ends_by_hand_and_by_the_clock(client: Client, time_machine):
    sign_in_staff(client, factories.StaffFactory())
    first, second = given(client, a_draft()), given(client, a_draft())

    client.post(reverse("previews:end", args=[first.uuid]))

    assert look(Client(), first).status_code == 404
    assert "Ask whoever gave it to you" in look(Client(), first, "en").content.decode()
    assert look(Client(), second).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    assert look(Client(), second).status_code == 404
    assert Transition.objects.filter(to_state="ended").count() == 1


def test_sharing_and_ending_twice_is_done_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = given(client, a_draft())
    until = preview.expires_at

    client.post(reverse("previews:share", args=[preview.uuid]))
    for _turn in range(2):
        client.post(reverse("previews:end", args=[preview.uuid]))

    preview.refresh_from_db()
    assert preview.expires_at == until
    assert [row.to_state for row in Transition.objects.filter(field="link").order_by("pk")] == [
        "given",
        "ended",
    ]


def test_getting_shares_and_ends_nothing(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = preview_of(client, form_of(a_draft()))

    for act in ("share", "end"):
        assert client.get(reverse(f"previews:{act}", args=[preview.uuid])).status_code == 405
    assert Client().post(address_of(preview)).status_code == 405


def test_a_link_goes_with_the_rights_of_who_made_it(client: Client):
    writer = factories.StaffFactory()
    sign_in_staff(client, writer)
    preview = given(client, a_draft())

    writer.is_superuser = False
    writer.save()
    assert look(Client(), preview).status_code == 404
    writer.is_superuser = True
    writer.save()
    assert look(Client(), preview).status_code == 200
    for lost in ("is_staff", "is_active"):
        setattr(writer, lost, False)
        writer.save()
        assert look(Client(), preview).status_code == 404
        setattr(writer, lost, True)


def test_a_record_that_was_deleted_is_shown_no_more(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    preview = given(client, article)
    article.delete()

    assert look(Client(), preview).status_code == 404


def test_a_form_that_cannot_be_saved_any_more_says_so(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    theme = factories.ThemeFactory()
    article = a_draft()
    preview = given(client, article, themes=[str(theme.pk)])
    theme.delete()

    page = look(Client(), preview, "en")

    assert page.status_code == 404
    assert "changed meanwhile" in page.content.decode()


def test_what_is_over_is_destroyed(client: Client, time_machine):
    sign_in_staff(client, factories.StaffFactory())
    preview_of(client, form_of(a_draft()))
    kept = given(client, a_draft())

    time_machine.move_to(timezone.now() + timedelta(days=3))
    destroy_due()

    assert list(Preview.objects.all()) == [kept]
    time_machine.move_to(timezone.now() + timedelta(days=7))
    destroy_due()
    assert not Preview.objects.exists()


@pytest.mark.thorough
def test_only_the_last_looks_of_ones_own_are_kept(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    shared = given(client, article)

    made = [preview_of(client, form_of(article)).pk for _turn in range(MOST_OWN + 2)]

    own = Preview.objects.filter(shared_at=None).values_list("pk", flat=True)
    assert sorted(own) == made[2:]
    assert Preview.objects.filter(pk=shared.pk).exists()


# --- what stands in it -------------------------------------------------------------------------------


def test_links_lead_on_within_it_or_away_or_nowhere(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory(status=Status.DRAFT)
    photo = factories.PhotoFactory(program=program)
    preview = given(client, program)
    page = look(Client(), preview)
    html = page.content.decode()
    links = hrefs(page)
    own = program.get_absolute_url()

    assert not [link for link in links if link.startswith(own)]
    assert f"/en/previews/{preview.token}/" in links
    assert f"/zh-hans/previews/{preview.token}/" in links
    inner = f"{address_of(preview)}at{own}photos/{photo.pk}/"
    assert inner in links
    assert '<a href="/programs/" target="_blank" rel="noopener noreferrer"' in html
    assert not [link for link in links if link.startswith("/satisfaction/")]
    assert 'class="scale"' in html  # the question stands there all the same
    assert 'role="link" aria-disabled="true"' in html
    assert all(" inert" in tag for tag in re.findall(r"<form [^>]*>", html))
    shown = Client().get(inner)
    assert shown.status_code == 200
    assert photo.caption_ko in shown.content.decode()
    assert "preview-bar" in shown.content.decode()


def test_what_is_not_of_the_record_is_not_shown_through_its_link(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    other = a_draft()
    preview = given(client, a_draft())
    base = f"{address_of(preview)}at"

    for path in (
        other.get_absolute_url(), "/admin/", "/news/", "/accounts/", "/reviews/",
        f"{preview.uuid}", "//example.org/", "/news/../admin/",
    ):  # fmt: skip
        assert Client().get(base + path).status_code == 404, path


def test_readers_are_not_counted(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    preview = given(client, article)

    page = look(Client(), preview)

    assert "seen.gif" not in page.content.decode()
    assert Client().get(f"{address_of(preview)}at/news/{article.slug}/seen.gif").status_code == 404


def test_pictures_of_a_draft_are_shown_by_its_own_address_and_no_others(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article, other = a_draft(), a_draft()
    add_photo(article, with_picture=True)
    add_photo(other, with_picture=True)
    preview, another = given(client, article), given(client, other)
    before = everything()

    html = look(Client(), preview).content.decode()
    [address] = set(re.findall(r'src="(/previews/[^"]+/pictures/[^"]+)"', html))
    picture = Client().get(address)

    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.content[:2] == b"\xff\xd8"
    assert picture.headers["Cache-Control"] == "private, no-store"
    elsewhere = address.replace(preview.token, another.token)
    assert Client().get(elsewhere).status_code == 404
    assert Client().get(f"{address[:-3]}x/").status_code == 404
    assert everything() == before
    client.post(reverse("previews:end", args=[preview.uuid]))
    assert Client().get(address).status_code == 404


def test_documents_of_a_draft_can_be_had_through_its_link_alone(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    attached = attach(article)
    preview = given(client, article)

    links = [link for link in hrefs(look(Client(), preview)) if str(attached.uuid) in link]
    had = Client().get(links[0])

    assert links[0] == f"{address_of(preview)}at/files/{attached.uuid}/"
    assert had.headers["Content-Type"] == "application/pdf"
    assert b"".join(had.streaming_content).startswith(b"content")
    assert Client().get(f"/files/{attached.uuid}/").status_code == 404


def test_what_is_added_after_a_link_was_given_is_not_shown_by_it(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    there = attach(article)
    preview = given(client, article)
    later = attach(article)
    before = everything()

    page = look(Client(), preview).content.decode()

    assert str(there.uuid) in page
    assert str(later.uuid) not in page
    address = f"{address_of(preview)}at/files/{later.uuid}/"
    assert Client().get(address).status_code == 404
    assert everything() == before


def test_a_picture_from_the_library_is_shown_and_no_other_records(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = a_draft()
    held = held_picture()
    rows = {
        "photos-TOTAL_FORMS": "1",
        "photos-0-library": str(held.pk),
        "photos-0-position": "0",
        "photos-0-licence": "1",
    }
    preview = given(client, article, **rows)
    html = look(Client(), preview).content.decode()
    [address] = set(re.findall(r'src="(/previews/[^"]+/pictures/[^"]+)"', html))
    had = Client().get(address)
    # It may get the number that the row had in the look.
    add_photo(a_draft(), with_picture=True)

    assert had.status_code == 200
    assert had.headers["Content-Type"] == "image/jpeg"
    assert Client().get(address).content == had.content


def test_a_link_is_not_followed_without_end(client: Client, monkeypatch):
    monkeypatch.setattr(views, "LOOKS", 2)
    sign_in_staff(client, factories.StaffFactory())
    preview, other = given(client, a_draft()), given(client, a_draft())

    codes = [look(Client(), preview).status_code for _turn in range(3)]

    assert codes == [200, 200, 429]
    assert look(Client(), other).status_code == 200


def test_the_maps_of_a_draft_are_drawn(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    city = factories.CityFactory(status=Status.DRAFT)
    preview = given(client, city)

    html = look(Client(), preview).content.decode()
    address = f"{address_of(preview)}at{city.get_absolute_url()}map.svg"

    assert address in html
    assert Client().get(address).headers["Content-Type"] == "image/svg+xml"


def test_the_display_settings_of_the_reader_count(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = given(client, a_draft())
    reader = Client()
    reader.cookies["display"] = "130.high"

    assert 'data-letters="130"' in look(reader, preview).content.decode()


# --- at once -----------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_fifty_who_look_and_press_at_once_leave_one_link_and_nothing_else(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    preview = preview_of(client, form_of(a_draft()), title_ko="모두가 보는 글")
    before = everything()
    writer = preview.by

    def work(number: int) -> bool:
        try:
            if number % 2:
                return "모두가 보는 글" in look(client, preview).content.decode()
            return Preview.objects.get(pk=preview.pk).share(by=writer)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(work, range(50)))

    assert sum(done[::2]) == 1
    assert all(done[1::2])
    assert everything() == before
    assert Transition.objects.filter(field="link").count() == 1
