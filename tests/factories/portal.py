"""People, the office, its pages, and places that are given out."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from oda_portal.accounts.models import User
from oda_portal.pages.models import (
    Banner,
    Department,
    Faq,
    Inquiry,
    MenuEntry,
    Office,
    Page,
    Service,
    Strand,
)
from oda_portal.publishing.models import Source
from oda_portal.seats.models import Pool

from .bases import PublishedFactory, in_three


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password("long-Enough-1")


class StaffFactory(UserFactory):
    is_staff = True
    is_superuser = True


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office
        django_get_or_create = ("pk",)

    pk = 1
    name_ko, name_en, name_zh_hans = "시험 포털", "Test portal", "测试门户"
    short_name_ko, short_name_en, short_name_zh_hans = "시험", "Test", "测试"
    city_name_ko, city_name_en, city_name_zh_hans = "부산", "Busan", "釜山"
    hero_title_ko, hero_title_en, hero_title_zh_hans = "제목", "Title", "标题"
    hero_lead_ko, hero_lead_en, hero_lead_zh_hans = "머리말", "Lead", "导语"
    latitude, longitude = 35.1796, 129.0756


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    locals().update(in_three("name", "부서{n}", "Department {n}", "部门{n}"))


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    url = factory.Sequence(lambda n: f"https://example.org/{n}")
    what = factory.Sequence(lambda n: f"Report {n}")


class StrandFactory(DjangoModelFactory):
    class Meta:
        model = Strand

    slug = factory.Sequence(lambda n: f"strand-{n}")
    locals().update(in_three("title", "묶음{n}", "Strand {n}", "分组{n}"))


class ServiceFactory(PublishedFactory):
    class Meta:
        model = Service

    slug = factory.Sequence(lambda n: f"service-{n}")
    strand = factory.SubFactory(StrandFactory)
    locals().update(in_three("title", "주요 사업{n}", "Service {n}", "业务{n}"))
    locals().update(in_three("summary", "설명{n}", "About service {n}", "说明{n}"))


class PageFactory(PublishedFactory):
    class Meta:
        model = Page

    slug = factory.Sequence(lambda n: f"page-{n}")
    locals().update(in_three("title", "안내{n}", "Page {n}", "页面{n}"))
    locals().update(in_three("body", "<p>본문{n}</p>", "<p>Text {n}</p>", "<p>正文{n}</p>"))


class BannerFactory(PublishedFactory):
    class Meta:
        model = Banner

    locals().update(in_three("text", "알림 {n}", "Announcement {n}", "通知{n}"))


class MenuEntryFactory(DjangoModelFactory):
    class Meta:
        model = MenuEntry

    address = "/programs/"
    locals().update(in_three("label", "차림 {n}", "Entry {n}", "栏目{n}"))


class PoolFactory(DjangoModelFactory):
    class Meta:
        model = Pool

    capacity = 10


class FaqFactory(PublishedFactory):
    class Meta:
        model = Faq

    slug = factory.Sequence(lambda n: f"question-{n}")
    topic = "site"
    locals().update(in_three("question", "질문 {n}?", "Question {n}?", "问题{n}？"))
    locals().update(in_three("answer", "<p>답 {n}</p>", "<p>Answer {n}</p>", "<p>回答{n}</p>"))


class InquiryFactory(DjangoModelFactory):
    class Meta:
        model = Inquiry

    fingerprint = factory.Sequence(lambda n: f"{n:064d}")
    topic = "volunteering"
    text = factory.Sequence(lambda n: f"{n}번째 물음입니다.")
    language = "ko"
