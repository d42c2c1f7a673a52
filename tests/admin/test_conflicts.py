"""Two members of staff who save the same record: the second is told, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partners.models import City
from programs.models import Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = pytest.mark.django_db


def two_forms(page: str) -> tuple[Client, dict, dict]:
    """A client of the second person, and the forms that both opened."""
    first, second = Client(), Client()
    sign_in_staff(first, factories.StaffFactory(name="첫사람"))
    sign_in_staff(second, factories.StaffFactory(name="둘째사람"))
    return second, filled(first.get(page)), filled(second.get(page))


def test_the_second_to_save_is_told_and_overwrites_nothing(client: Client):
    program = factories.ProgramFactory(
        title_ko="처음", title_en="First", body_ko="<p>본문</p>\n<p>둘째</p>"
    )
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory(name="첫사람"))
    client.post(page, {**form_of_first, "title_ko": "첫사람의 제목"})

    response = second.post(page, {
        **form_of_second, "title_en": "Second person's title", "body_ko": "<p>본문</p><p>둘째</p>",
    })  # fmt: skip

    program.refresh_from_db()
    assert (program.title_ko, program.title_en) == ("첫사람의 제목", "First")
    form = response.context["adminform"].form
    assert "첫사람" in str(form.non_field_errors())
    assert str(form.non_field_errors()[0]) in response.content.decode()
    kept = filled(response)
    assert kept["title_en"] == ["Second person's title"]
    assert kept["title_ko"] == ["처음"]
    assert "첫사람의 제목" in str(form.errors["title_ko"])
    # The same text with other white space is no difference to compare.
    assert set(form.errors) == {"__all__", "title_ko", "title_en"}


def test_whoever_has_seen_both_versions_may_save(client: Client):
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, "title_ko": "첫사람의 제목"})
    told = second.post(page, {**form_of_second, "title_ko": "둘째사람의 제목"})

    second.post(page, filled(told))

    program.refresh_from_db()
    assert program.title_ko == "둘째사람의 제목"


def test_a_change_of_an_inline_alone_is_a_conflict_too(client: Client):
    photo = factories.PhotoFactory()
    page = reverse("admin:programs_program_change", args=[photo.program.pk])
    second, form_of_first, form_of_second = two_forms(page)
    sign_in_staff(client, factories.StaffFactory())
    client.post(page, {**form_of_first, "photos-0-caption_ko": "새 설명"})

    second.post(page, {**form_of_second, "photos-0-caption_ko": "다른 설명"})

    photo.refresh_from_db()
    assert photo.caption_ko == "새 설명"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_instant_one_is_told():
    program = factories.ProgramFactory(title_ko="처음")
    page = reverse("admin:programs_program_change", args=[program.pk])
    people = []
    for number in range(4):
        person = Client()
        sign_in_staff(person, factories.StaffFactory())
        people.append((person, filled(person.get(page), title_ko=f"제목 {number}")))
    start = Barrier(len(people))

    def save(person: Client, form: dict) -> int:
        start.wait()
        try:
            return person.post(page, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as threads:
        answers = [answer.result() for answer in [threads.submit(save, *each) for each in people]]

    assert sorted(answers) == [200, 200, 200, 302]
    assert Program.objects.get().title_ko == f"제목 {answers.index(302)}"


def test_a_form_without_its_version_is_refused(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    city = factories.CityFactory(name_ko="몽골")
    page = reverse("admin:partners_city_change", args=[city.pk])

    client.post(page, filled(client.get(page), version="", name_ko="다른 이름"))

    assert City.objects.get().name_ko == "몽골"


@pytest.mark.parametrize("language", ["ko", "en", "zh-hans"])
def test_the_message_is_in_the_language_of_the_page(client: Client, language: str):
    program = factories.ProgramFactory()
    with translation.override(language):
        page = reverse("admin:programs_program_change", args=[program.pk])
        history = reverse("admin:programs_program_history", args=[program.pk])
    second, _form_of_first, form_of_second = two_forms(page)
    Program.objects.get().save()

    response = second.post(page, form_of_second)

    assert f'href="{history}"' in str(response.context["adminform"].form.non_field_errors())
