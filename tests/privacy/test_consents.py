"""Consent texts and answers: what is shown, what is asked, what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from oda_portal.privacy import consent_texts, consents
from oda_portal.privacy.models import Consent, ConsentText, Kind
from tests.consents import texts_in_force
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
KINDS = ["general", "third_party", "promotion"]


@pytest.fixture(autouse=True)
def _texts() -> None:
    consent_texts.load(in_force=True)


def form_of(data: dict[str, str] | None = None, **options) -> forms.Form:
    form = forms.Form(data, **options)
    form.fields |= consents.consent_fields(consents.current_texts(KINDS))
    return form


def drawn(form: forms.Form) -> str:
    return "".join(render_to_string("privacy/consent_box.html", {"field": field}) for field in form)


def test_texts_are_loaded_once_and_whole_in_three_languages():
    assert consent_texts.load(in_force=True) == 0

    for language in ("ko", "en", "zh-hans"):
        with translation.override(language):
            shown = [text.shown() for text in consents.current_texts()]
        assert [text.language for text in shown] == [language] * len(Kind)
        assert all(len(text.rows) >= 4 for text in shown)
    required = ConsentText.objects.filter(required=True).values_list("kind", flat=True)
    assert sorted(required) == [
        "attendance", "general", "guardian", "network", "paper", "role", "subscription",
    ]  # fmt: skip


def test_a_citys_own_texts_begin_as_drafts():
    ConsentText.objects.all().delete()

    assert consent_texts.load(in_force=False) == len(Kind)
    assert consents.current_texts() == []


def test_the_texts_that_tests_write_in_one_go_are_those_that_are_loaded():
    columns = [field.attname for field in ConsentText._meta.fields if field.name != "id"]
    with time_machine.travel(timezone.now(), tick=False):
        ConsentText.objects.all().delete()
        consent_texts.load(in_force=True)
        loaded = list(ConsentText.objects.values(*columns))
        ConsentText.objects.all().delete()

        texts_in_force()

    assert list(ConsentText.objects.values(*columns)) == loaded


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ["수집·이용 목적", "동의하지 않을 수 있습니다", "동의합니다", "동의하지 않습니다"]),
        ("en", ["Why we collect and use it", "You may refuse", "I agree", "I do not agree"]),
        ("zh-hans", ["收集和使用目的", "您有权不同意", "同意", "不同意"]),
    ],
)
def test_a_box_shows_all_that_must_be_told_and_nothing_is_chosen(language, words):
    with translation.override(language):
        html = drawn(form_of())

    assert all(word in html for word in words)
    assert html.count('type="radio"') == 6
    assert "checked" not in html
    assert "lang=" not in html


def test_a_text_that_the_readers_language_lacks_is_shown_whole_in_the_next():
    ConsentText.objects.filter(kind="general").update(items_zh_hans="")

    with translation.override("zh-hans"):
        text = consents.current_texts(["general"])[0]
        assert text.shown().language == "en"
        assert 'lang="en">Collection and use of personal data (required)' in drawn(form_of())


def test_a_required_consent_must_be_given_and_an_optional_one_need_not():
    form = form_of({"consent_general": "no.1"})

    assert not form.is_valid()
    assert list(form.errors) == ["consent_general"]
    assert form_of({}).errors.keys() == {"consent_general"}
    assert form_of({"consent_general": "yes.1"}).is_valid()
    assert 'aria-invalid="true"' in drawn(form)


def test_every_yes_and_no_is_kept_with_what_was_read():
    person = UserFactory()
    form = form_of({"consent_general": "yes.1", "consent_promotion": "no.1"})
    assert form.is_valid()

    with translation.override("en"):
        shown = consents.current_texts(["general"])[0].shown()
        consents.give_all(person, form, by=person)

    kept = consents.latest(person)
    assert {kind: row.given for kind, row in kept.items()} == {
        "general": True,
        "third_party": False,
        "promotion": False,
    }
    row = kept["general"]
    assert (row.version, row.language, row.sha256, row.user) == (1, "en", shown.sha256, person)
    assert len(row.sha256) == 64


def test_answers_sent_twice_are_kept_once():
    person = UserFactory()
    form = form_of({"consent_general": "yes.1"})
    assert form.is_valid()

    consents.give_all(person, form, by=person)

    assert consents.give_all(person, form, by=person) == []
    assert Consent.objects.count() == 3


def test_an_answer_to_an_older_text_is_refused_and_says_so():
    old = ConsentText.objects.get(kind="general")
    new = consents.revise(old)
    assert (new.version, new.valid_from, new.heading_en) == (2, None, old.heading_en)
    assert consents.revise(old) == new
    assert consents.current_texts(["general"]) == [old]
    ConsentText.objects.filter(pk=new.pk).update(valid_from=timezone.now())

    form = form_of({"consent_general": "yes.1", "consent_promotion": "yes.1"})

    assert not form.is_valid()
    assert form.errors.as_data()["consent_general"][0].code == "changed"
    assert consents.current_texts(["general"]) == [new]


def test_a_text_in_force_or_answered_is_settled():
    text = ConsentText.objects.get(kind="photo")
    draft = consents.revise(text)

    assert text.is_settled()
    assert not draft.is_settled()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        draft.valid_from = timezone.now() + timedelta(hours=1)
        assert not draft.is_settled()
        draft.valid_from = timezone.now()
        assert draft.is_settled()


def test_each_changed_word_is_another_hash():
    text = ConsentText.objects.get(kind="general")
    first = text.shown().sha256

    text.period_ko += " "
    assert text.shown().sha256 == first
    text.period_ko = text.period_ko.replace("5", "6")
    assert text.shown().sha256 != first


def test_a_consent_is_withdrawn_once_and_the_old_answer_stays():
    person = UserFactory()
    text = consents.current_texts(["photo"])[0]
    consents.give(person, text, given=True, by=person)

    assert consents.withdraw(person, "photo", by=person)
    assert consents.withdraw(person, "photo", by=person) is None
    assert consents.withdraw(person, "promotion", by=person) is None
    assert [row.given for row in Consent.objects.order_by("pk")] == [True, False]
    assert not consents.has_given(person, "photo")


def test_a_kept_draft_chooses_its_button_again_unless_the_text_changed():
    initial = {"consent_general": True, "consent_promotion": "no.7"}

    html = drawn(form_of(initial=initial))

    assert html.count("checked") == 1
    chosen = next(part for part in html.split("<input") if "checked" in part)
    assert 'name="consent_general" value="yes.1"' in chosen


@pytest.mark.parametrize("change", [{"given": True}, {"version": 9}, {"object_id": 1}])
def test_an_answer_cannot_be_changed_but_may_lose_its_person(change):
    person = UserFactory(pk=77)
    row = consents.give(person, consents.current_texts(["photo"])[0], given=False, by=person)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Consent.objects.filter(pk=row.pk).update(**change)

    person.delete()
    row.refresh_from_db()
    assert (row.user, row.given, row.object_id) == (None, False, 77)
