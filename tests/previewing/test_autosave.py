"""Forms that nobody loses: kept while they are written, taken up or thrown away later."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from news.models import Article
from oda_portal.accounts.roles import set_up_roles
from oda_portal.accounts.sessions import SEEN_AT
from oda_portal.previewing import keeping
from oda_portal.previewing.models import KeptText
from oda_portal.privacy.retention import destroy_due
from oda_portal.publishing.models import Status
from programs.models import Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.previewing.looks import form_of

pytestmark = pytest.mark.django_db

BACKGROUND = {"HTTP_X_BACKGROUND": "1"}


def place(record: models.Model | type[models.Model], name: str) -> str:
    options = record._meta
    return f"/admin/{options.app_label}/{options.model_name}/{name}/"


def write(client: Client, record: Any, *, prefix: str = "/en", **changes: Any) -> Any:
    """What the script sends of the form with these changes in it."""
    page = client.get(prefix + form_of(record))
    data = {**filled(page, **changes), "_record": str(record.pk)}
    return client.post(prefix + place(record, "autosave"), data, **BACKGROUND)


def test_what_is_written_is_kept_offered_and_taken_up_without_being_saved(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory(title_ko="처음")

    said = write(client, article, title_ko="쓰는 중")

    kept = KeptText.objects.get()
    assert said.json()["said"] == f"Draft saved at {timezone.localtime(kept.saved_at):%H:%M}."
    form = f"/en{form_of(article)}"
    offer = client.get(form).content.decode()
    assert "You have unsaved text from" in offer
    assert 'value="처음"' in offer
    again = client.get(f"{form}?unsaved=1").content.decode()
    assert "This is your unsaved text from" in again
    assert 'value="쓰는 중"' in again
    article.refresh_from_db()
    assert article.title_ko == "처음"
    assert KeptText.objects.count() == 1


def test_rows_below_the_record_are_taken_up_too(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    program = factories.ProgramFactory()
    country = factories.CountryFactory()
    rows = {
        "country_shares-TOTAL_FORMS": "1",
        "country_shares-0-country": str(country.pk),
        "country_shares-0-share": "40",
    }

    write(client, program, **rows)
    page = client.get(f"/en{form_of(program)}?unsaved=1")

    sent = filled(page)
    assert sent["country_shares-0-country"] == [str(country.pk)]
    assert not program.country_shares.exists()


def test_saving_what_was_taken_up_saves_it_and_ends_the_keeping(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    write(client, article, title_ko="쓰던 글")
    address = f"/en{form_of(article)}?unsaved=1"

    answer = client.post(address, filled(client.get(address), _save="Save"))

    assert answer.status_code == 302
    article.refresh_from_db()
    assert article.title_ko == "쓰던 글"
    assert not KeptText.objects.exists()


def test_a_form_that_is_wrong_is_taken_up_as_it_was_written(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()

    write(client, article, title_ko="", title_en="", title_zh_hans="", registered_at_0="somewhen")
    page = client.get(f"/en{form_of(article)}?unsaved=1")

    assert 'value="somewhen"' in page.content.decode()
    assert not page.context["errors"]


def test_it_can_be_thrown_away(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    write(client, article, title_ko="버릴 글")

    for _turn in range(2):
        answer = client.post(place(article, "discard"), {"_record": str(article.pk)})
        assert answer.headers["Location"] == form_of(article)

    assert not KeptText.objects.exists()
    assert "kept-text" not in client.get(form_of(article)).content.decode()


def test_a_new_record_is_kept_with_its_kind_and_taken_up(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    address = "/en/admin/programs/program/add/?kind=sister_village"
    page = client.get(address)
    data = filled(page, title_ko="새 마을", place_ko="골짜기")
    url = page.context["autosave"]["url"]

    assert client.post(url, data, **BACKGROUND).status_code == 200
    offer = client.get("/en/admin/programs/program/add/")
    [text] = offer.context["autosave"]["texts"]
    taken = client.get(text["take_up_url"]).content.decode()

    assert 'value="새 마을"' in taken
    assert 'value="골짜기"' in taken  # a field that only villages have
    assert not Program.objects.exists()


def test_each_new_record_has_a_text_of_its_own(client: Client):
    """Whoever writes two articles in two tabs loses neither, whichever is saved first."""
    sign_in_staff(client, factories.StaffFactory())
    add, autosave = place(Article, "add"), place(Article, "autosave")
    first, second = (
        filled(client.get(add), title_ko=title, text_ko="<p>글</p>") for title in ("첫째", "둘째")
    )
    for form in (first, second, first):
        client.post(autosave, form, **BACKGROUND)

    html = client.get(add).content.decode()
    assert "첫째" in html
    assert "둘째" in html
    saved = client.post(add, {**second, "_save": "1"})

    assert saved.status_code == 302, saved.context["errors"]
    kept = KeptText.objects.get()
    assert kept.fields["title_ko"] == "첫째"
    taken = client.get(f"{add}?unsaved={kept.object_id}")
    assert client.post(add, filled(taken, title_ko="", _save="1")).status_code == 200
    assert KeptText.objects.count() == 1
    client.post(add, filled(taken, _save="1"))
    assert not KeptText.objects.exists()
    assert {row.title_ko for row in Article.objects.all()} == {"첫째", "둘째"}


def test_of_new_records_the_latest_are_kept_and_no_more(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    kept = [f"new-{number:032x}" for number in range(keeping.MOST_NEW + 3)]

    for key in kept:
        sent = {"_record": key, "title_ko": key}
        assert client.post(place(Article, "autosave"), sent, **BACKGROUND).status_code == 200

    assert set(KeptText.objects.values_list("object_id", flat=True)) == set(kept[3:])


def test_one_of_several_new_texts_is_thrown_away(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    forms = [filled(client.get(place(Article, "add")), title_ko=title) for title in ("하나", "둘")]
    for form in forms:
        client.post(place(Article, "autosave"), form, **BACKGROUND)

    client.post(place(Article, "discard"), {"_record": forms[0]["_record"][-1]})

    assert KeptText.objects.get().fields["title_ko"] == "둘"


def test_what_somebody_else_saved_meanwhile_is_named_and_not_overwritten(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory(title_ko="처음")
    write(client, article, title_ko="내 글")
    other = Client()
    sign_in_staff(other, factories.StaffFactory(name="김담당"))
    page = other.get(form_of(article))
    other.post(form_of(article), filled(page, title_ko="남의 글", _save="1"))

    address = f"/en{form_of(article)}?unsaved=1"
    taken = client.get(address)
    answer = client.post(address, filled(taken, _save="Save"))

    html = taken.content.decode()
    assert "Meanwhile this record was saved:" in html
    assert "김담당" in html
    assert "Title" in html
    assert answer.status_code == 200  # the form says where the two differ
    article.refresh_from_db()
    assert article.title_ko == "남의 글"
    assert KeptText.objects.count() == 1


def test_it_is_nobody_elses_and_never_in_clear(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    write(client, article, title_ko="나만 보는 글")
    other = Client()
    sign_in_staff(other, factories.StaffFactory())

    assert "kept-text" not in other.get(form_of(article)).content.decode()
    assert "나만 보는 글" not in other.get(f"{form_of(article)}?unsaved=1").content.decode()
    other.post(place(article, "discard"), {"_record": str(article.pk)})
    assert KeptText.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM previewing_kepttext")
        assert "나만" not in cursor.fetchone()[0]


def test_a_text_with_a_resident_number_is_left_out_and_that_is_said(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()

    said = write(client, article, title_ko="900101-1234567", summary_ko="요약은 남는다")

    assert "1 field was not kept" in said.json()["left_out"]
    fields = KeptText.objects.get().fields
    assert "title_ko" not in fields
    assert fields["summary_ko"] == "요약은 남는다"


def test_keeping_does_not_prolong_the_session(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    page = client.get(form_of(article))
    session = client.session
    session[SEEN_AT] = seen = time.time() - 600
    session.save()

    data = {**filled(page), "_record": str(article.pk)}
    client.post(place(article, "autosave"), data, **BACKGROUND)

    assert client.session[SEEN_AT] == seen


def test_after_the_session_is_over_nothing_more_is_kept_and_what_was_kept_stays(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    write(client, article, title_ko="쓰던 글")
    page = client.get(form_of(article))
    session = client.session
    session[SEEN_AT] = time.time() - 16 * 60
    session.save()

    data = {**filled(page, title_ko="더 쓴 글"), "_record": str(article.pk)}
    answer = client.post(place(article, "autosave"), data, **BACKGROUND)

    assert answer.status_code == 302
    assert KeptText.objects.get().fields["title_ko"] == "쓰던 글"


def test_a_form_that_comes_in_after_its_person_saved_is_not_kept(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    page = client.get(form_of(article))
    client.post(form_of(article), filled(page, title_ko="저장한 글", _save="1"))

    late = client.post(
        place(article, "autosave"), {**filled(page), "_record": str(article.pk)}, **BACKGROUND
    )

    assert late.json() == {"said": "", "left_out": ""}
    assert not KeptText.objects.exists()


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "new-1", f"new-{'g' * 32}"])
def test_records_that_are_not_there_are_not_found(client: Client, key: str):
    sign_in_staff(client, factories.StaffFactory())

    for name in ("autosave", "discard"):
        assert client.post(place(Article, name), {"_record": key}).status_code in (400, 404)
    assert client.get(place(Article, "autosave")).status_code == 405


def test_more_than_a_record_holds_is_refused(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    data = {"_record": f"new-{'0' * 32}", "body_ko": "x" * 1_000_001}
    answer = client.post(place(Article, "autosave"), data)

    assert answer.status_code == 400
    assert not KeptText.objects.exists()


def test_personal_data_are_never_kept(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    story = factories.StoryFactory()

    assert "data-autosave" not in client.get(form_of(story)).content.decode()
    answer = client.post(place(story, "autosave"), {"_record": str(story.pk)})
    assert answer.status_code == 404
    assert not KeptText.objects.exists()


def test_who_may_not_change_a_record_keeps_nothing_of_it(client: Client):
    set_up_roles()
    person = factories.StaffFactory(is_superuser=False)
    person.groups.set(Group.objects.filter(name="translator_en"))
    sign_in_staff(client, person)
    article = factories.ArticleFactory()

    assert write(client, article, title_en="Mine").status_code == 200
    new = {"_record": f"new-{'0' * 32}"}
    assert client.post(place(article, "autosave"), new).status_code == 403
    person.groups.clear()
    answer = client.post(place(article, "autosave"), {"_record": str(article.pk)})
    assert answer.status_code == 403


def test_after_thirty_days_it_is_destroyed(client: Client, time_machine):
    sign_in_staff(client, factories.StaffFactory())
    write(client, factories.ArticleFactory(), title_ko="잊은 글")

    time_machine.move_to(timezone.now() + timedelta(days=29))
    destroy_due()
    assert KeptText.objects.count() == 1
    time_machine.move_to(timezone.now() + timedelta(days=2))
    destroy_due()
    assert not KeptText.objects.exists()


def test_a_preview_leaves_what_was_kept(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory(status=Status.DRAFT)
    write(client, article, title_ko="쓰는 중")
    page = client.get(form_of(article))

    client.post(form_of(article), {**filled(page), "_preview": "1"})

    assert KeptText.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_fifty_that_come_in_at_once_are_kept_once(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    article = factories.ArticleFactory()
    page = client.get(form_of(article))
    data = {**filled(page), "_record": str(article.pk)}

    def send(number: int) -> int:
        try:
            own = {**data, "title_ko": f"글 {number}"}
            return client.post(place(article, "autosave"), own, **BACKGROUND).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        codes = set(pool.map(send, range(50)))

    assert codes == {200}
    assert KeptText.objects.count() == 1
