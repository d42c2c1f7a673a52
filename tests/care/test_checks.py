"""What the worker finds in records: links, pictures, age, empty fields."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from forums.models import Forum
from oda_portal.care import keeping, links
from oda_portal.care.links import Verdict
from oda_portal.care.models import Finding, Link, Measure
from oda_portal.care.registry import all_cared, cared_of
from oda_portal.pages.models import Page
from programs.models import Document
from tests import factories
from tests.admin.pictures import a_picture
from tests.care.samples import kinds_of, looked_after
from tests.library.samples import document_file

pytestmark = pytest.mark.django_db


def page(body: str, **more: Any) -> Page:
    return factories.PageFactory(body_ko=body, **more)


def link(address: str) -> str:
    return f'<p><a href="{address}">여기</a></p>'


def verdict_of(address: str) -> Verdict:
    return links.answers_for([address])[address].verdict


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/programs/", "/en/programs/?kind=training", "/zh-hans/news/", "/about/site-map/",
        "/programs", "https://www.busan.go.kr/", "mailto:a@example.org", "tel:+82511234567",
        "#part", "", "http://localhost:8000/faq/", "/static/mark.svg", "/feeds/news.atom",
    ],
)  # fmt: skip
def test_addresses_that_lead_somewhere_are_fine(address: str):
    assert verdict_of(address) is Verdict.FINE


@pytest.mark.parametrize(
    "address",
    [
        "/no/such/page/", "/en/no/", "www.busan.go.kr", "programs/", "/programs/no-such-code/",
        "/en/news/no-such-news/", f"{settings.SITE_URL}/no/", "/about/nothing/", "http://[",
        "/partners/activities/999999999999/", "/news/%00/",
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_broken(address: str):
    assert verdict_of(address) is Verdict.BROKEN


def test_the_back_office_is_no_place_for_readers():
    assert verdict_of("/admin/pages/page/") is Verdict.HIDDEN


@pytest.mark.parametrize("prefix", ["", "/en", "/zh-hans", settings.SITE_URL])
@pytest.mark.parametrize(
    "make",
    [
        factories.ProgramFactory, factories.ArticleFactory, factories.CityFactory,
        factories.OrganisationFactory, factories.PageFactory, factories.ServiceFactory,
        factories.CallFactory, factories.NetworkMeetingFactory, factories.PartnerActivityFactory,
    ],
)  # fmt: skip
def test_a_link_to_a_record_is_fine_only_while_readers_can_see_it(make: Any, prefix: str):
    record = make()
    with translation.override("ko"):
        address = f"{prefix}{record.get_absolute_url()}"
    assert verdict_of(address) is Verdict.FINE

    record.withdraw(by=None)

    assert verdict_of(address) is Verdict.HIDDEN
    record.publish(by=None)
    type(record).objects.filter(pk=record.pk).update(publish_at=timezone.now() + timedelta(days=1))
    assert verdict_of(address) is Verdict.HIDDEN
    record.delete()
    assert verdict_of(address) is Verdict.BROKEN


def test_forums_and_sessions_are_as_public_as_their_programme():
    session = factories.ForumSessionFactory()
    forum: Forum = session.forum
    addresses = [forum.get_absolute_url(), session.get_absolute_url()]
    assert {verdict_of(one) for one in addresses} == {Verdict.FINE}

    forum.program.withdraw(by=None)

    assert {verdict_of(one) for one in addresses} == {Verdict.HIDDEN}


def test_documents_are_as_public_as_what_holds_them():
    program = factories.ProgramFactory()
    document = Document.objects.create(program=program, title="x", file=document_file())
    address = document.get_absolute_url()
    assert verdict_of(address) is Verdict.FINE

    program.withdraw(by=None)

    assert verdict_of(address) is Verdict.HIDDEN


def test_bad_links_are_found_in_each_language_with_their_column():
    bad = page(link("/no/") + link("/programs/"), body_en=link("/en/nothing/"))

    found = sorted(looked_after(bad), key=lambda one: one.language != "ko")

    assert [(one.kind, one.column, one.language, one.about) for one in found] == [
        ("broken", "body_ko", "ko", "/no/"),
        ("broken", "body_en", "en", "/en/nothing/"),
    ]
    with translation.override("en"):
        assert found[0].sentence == "The link “/no/” leads nowhere. Correct or remove it."


def test_earlier_versions_of_a_page_are_looked_at_as_well():
    record = page("<p>글</p>")
    record.earlier_versions.create(effective_on="2020-01-01", body_ko=link("/no/"))

    assert kinds_of(record) == {("broken", "earlier_versions")}


def test_a_link_of_any_length_is_one_finding():
    long = "/" + "a" * 1500
    found = looked_after(page(link(f"{long}b") + link(f"{long}c")))

    assert len(found) == 2
    assert all(len(one.about) <= 300 for one in found)


def test_what_is_put_right_is_told_of_no_more():
    record = page(link("/no/"))
    assert kinds_of(record) == {("broken", "body_ko")}

    record.body_ko = link("/programs/")
    record.save()

    assert kinds_of(record) == set()


# --- pictures -------------------------------------------------------------------------------------


def test_pictures_are_measured_once_and_told_of():
    program = factories.ProgramFactory()
    small = factories.PhotoFactory(program=program, image=a_picture(size=(400, 300)), alt_ko="마을")
    fine = factories.PhotoFactory(
        program=program, image=a_picture(size=(1200, 800)), alt_ko="마을", alt_en="A village",
        alt_zh_hans="村庄",
    )  # fmt: skip
    small.alt_en = small.alt_zh_hans = ""
    small.save()

    found = [one for one in looked_after(program) if one.column == "photos"]

    told = {(one.kind, one.language, one.about.split()[0]) for one in found}
    assert told == {
        ("small", "", str(small.pk)), ("no_alt", "en", str(small.pk)),
        ("no_alt", "zh-hans", str(small.pk)),
    }  # fmt: skip
    names = {small.image.name, fine.image.name}
    assert set(Measure.objects.values_list("name", flat=True)) == names
    Measure.objects.filter(name=small.image.name).update(width=3000, height=2000)
    assert ("small", "photos") not in kinds_of(program)


def test_a_picture_whose_file_is_gone_is_told_of():
    photo = factories.PhotoFactory(image=a_picture())
    photo.image.storage.delete(photo.image.name)

    assert ("lost", "photos") in kinds_of(photo.program)


def test_a_huge_picture_is_told_of_with_its_size():
    photo = factories.PhotoFactory(image=a_picture(size=(1200, 800)))
    Measure.objects.create(name=photo.image.name, width=9000, height=4000, bytes=9_000_000)

    found = [one for one in looked_after(photo.program) if one.kind == "large"]

    with translation.override("en"):
        assert "9000 × 4000" in found[0].sentence


# --- time -----------------------------------------------------------------------------------------


def aged(record: Any, days: int) -> Any:
    at = timezone.now() - timedelta(days=days)
    type(record).objects.filter(pk=record.pk).update(changed_at=at)
    return record


@pytest.mark.parametrize(
    ("make", "days", "is_old"),
    [
        (factories.PageFactory, 366, True), (factories.PageFactory, 360, False),
        (factories.FaqFactory, 181, True), (factories.CityFactory, 366, True),
        (factories.ArticleFactory, 900, False), (factories.AgreementFactory, 900, False),
    ],
)  # fmt: skip
def test_a_page_that_nobody_revised_for_long_is_told_of(make: Any, days: int, is_old: bool):
    assert (("old", "") in kinds_of(aged(make(), days))) is is_old


def test_a_draft_and_what_is_over_do_not_grow_old():
    draft = aged(factories.PageFactory(status="draft"), 900)
    today = timezone.localdate()
    over = factories.ProgramFactory(ends_on=today - timedelta(days=500))
    type(over).objects.filter(pk=over.pk).update(
        starts_on=today - timedelta(days=510), ends_on=today - timedelta(days=500)
    )

    assert ("old", "") not in kinds_of(draft) | kinds_of(aged(over, 400))


def test_who_says_that_an_old_page_is_fine_is_asked_again_a_year_later():
    record = aged(factories.PageFactory(), 400)
    (finding,) = looked_after(record)
    finding.call_fine(by=factories.StaffFactory(), reason="It still holds.")
    assert not looked_after(record)[0].is_open

    aged(record, 740)

    assert looked_after(record)[0].is_open


# --- empty fields ---------------------------------------------------------------------------------


def test_fields_that_open_data_needs_are_told_of_until_they_are_filled():
    city = factories.CityFactory(native_name="")
    type(city).objects.update(intro=None, intro_ko="", intro_en=None, intro_zh_hans="")

    empty = {one.column for one in looked_after(city) if one.kind == "empty"}

    assert empty == {"intro", "native_name", "sources"}
    city.refresh_from_db()
    city.intro_en = "A city"
    city.save()
    city.sources.add(factories.SourceFactory())
    assert {one.column for one in looked_after(city) if one.kind == "empty"} == {"native_name"}


def test_programmes_say_what_their_report_still_needs():
    program = factories.ProgramFactory(ours=True)

    lacks = [one for one in looked_after(program) if one.facts.get("lack")]

    assert {"identifier", "sectors", "recipients"} & {one.about for one in lacks}
    assert not {"wanted", "public", "publisher"} & {one.about for one in lacks}
    with translation.override("en"):
        assert all("Open data needs it." in one.sentence for one in lacks)


# --- everything -----------------------------------------------------------------------------------


def test_what_was_taken_down_is_nobodys_care():
    record = page(link("/no/"))
    assert looked_after(record)

    record.withdraw(by=None)

    assert looked_after(record) == []


def test_when_the_target_goes_whatever_leads_there_is_looked_at_again():
    article = factories.ArticleFactory()
    record = page(link(article.get_absolute_url()))
    keeping.take_in([("pages.page", str(record.pk))])
    assert not Finding.objects.of(record).exists()
    assert Link.objects.get().target == f"news.article:{article.pk}"

    article.withdraw(by=None)
    keeping.take_in([("news.article", str(article.pk))])

    assert Finding.objects.of(record).get().kind == "hidden"
    article.publish(by=None)
    keeping.take_in([("news.article", str(article.pk))])
    assert not Finding.objects.of(record).exists()
    pk = article.pk
    article.delete()
    keeping.take_in([("news.article", str(pk))])
    assert Finding.objects.of(record).get().kind == "broken"


def test_a_change_of_a_picture_is_a_change_of_what_holds_it():
    photo = factories.PhotoFactory(image=a_picture(size=(300, 300)))

    keeping.take_in([("programs.photo", str(photo.pk))])

    assert Finding.objects.of(photo.program).filter(kind="small").exists()


def test_the_night_looks_at_everything_and_forgets_what_is_gone():
    record, other = page(link("/no/")), page(link("/nothing/"))
    list(keeping.look_after_everything())
    assert Finding.objects.filter(kind="broken").count() == 2

    other.delete()
    list(keeping.look_after_everything())
    list(keeping.look_after_everything())

    assert Finding.objects.get(kind="broken").object_id == record.pk


def test_one_record_that_cannot_be_looked_at_keeps_no_other_from_it(monkeypatch):
    """As when a file system or an app’s own rule fails."""
    good, bad = page(link("/no/")), page(link("/nothing/"))
    seen = links.links_in

    def failing(html: str) -> list[str]:
        if "/nothing/" in html:
            raise RuntimeError("broken")
        return seen(html)

    monkeypatch.setattr(links, "links_in", failing)
    keeping.take_in([("pages.page", str(one.pk)) for one in (good, bad)])

    assert Finding.objects.get().object_id == good.pk


@pytest.mark.parametrize("label", [cared.label for cared in all_cared()])
def test_a_batch_asks_the_database_as_often_for_many_as_for_one(label: str):
    makers = {
        "pages.page": lambda: page(link("/no/") + link("/programs/x/") + link("/news/y/")),
        "pages.service": factories.ServiceFactory,
        "pages.faq": factories.FaqFactory,
        "partners.city": factories.CityFactory,
        "partners.organisation": factories.OrganisationFactory,
        "partners.agreement": factories.AgreementFactory,
        "partners.networkmeeting": factories.NetworkMeetingFactory,
        "programs.program": lambda: factories.PhotoFactory(image=a_picture()).program,
        "volunteers.call": factories.CallFactory,
        "volunteers.deploymentreport": factories.DeploymentReportFactory,
        "news.article": factories.ArticleFactory,
    }
    cared = cared_of(label)
    assert cared
    pks = [makers[label]().pk for _number in range(6)]
    keeping.look_after(cared, pks)

    def asked(keys: list[int]) -> int:
        Finding.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            keeping.look_after(cared, keys)
        return len(queries)

    assert asked(pks) <= asked(pks[:1]) + 1 <= 40
