"""Whoever is under fourteen leaves nothing behind at any form that is open to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, models
from django.forms import BaseForm, EmailField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from forums.models import Registration
from news.models import Subscription
from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.ages import OldEnoughField
from tests.accounts.people import PASSWORD
from tests.consents import texts_in_force
from tests.factories import ArticleFactory, OfficeFactory
from tests.forums.papers import a_call
from tests.forums.registering import ANSWERS, ask_for_link, open_forum
from tests.guards.writing import CACHES, written
from tests.news.subscribers import ASKED
from tests.pages.asking import said

pytestmark = pytest.mark.django_db

LABEL = {"": "만 14세 이상입니다", "/en": "I am 14 or older", "/zh-hans": "本人已满14周岁"}
INSTEAD = {
    "": "보호자에게 담당 부서로 전화하거나 글로 문의해 달라고 부탁해 주세요. 입력한 내용은"
    " 저장하지 않았습니다.",
    "/en": "ask a parent or guardian to telephone or write to the office. We have kept nothing of"
    " what you entered.",
    "/zh-hans": "请让监护人以电话或书面方式联系负责部门。您填写的内容均未保存。",
}
# To an event a child comes with somebody who registers.
ALONG = {
    "": "보호자에게 대신 신청하고 함께 와 달라고 부탁해 주세요. 입력한 내용은 저장하지 않았습니다.",
    "/en": "ask a parent or guardian to register and to bring you along. We have kept nothing of"
    " what you entered.",
    "/zh-hans": "请让监护人代为报名并陪同参加。您填写的内容均未保存。",
}


class Open(NamedTuple):
    """A form that is open to everybody, filled in but for the box."""

    path: str
    typed: dict[str, Any]
    word: str  # of what is typed, to be found again on the page
    makes: type[models.Model]
    instead: dict[str, str] = INSTEAD


# --- the forms ------------------------------------------------------------------------------------

CHILD = "child@example.org"


def sign_up(prefix: str) -> Open:
    typed = {"email": CHILD, "password1": PASSWORD, "password2": PASSWORD}
    return Open(f"{prefix}/accounts/signup/", typed, CHILD, User)


def contact(prefix: str) -> Open:
    path = f"{prefix}/contact/"
    typed = said(Client(), path, email=CHILD, consent_inquiry="yes.1")
    return Open(path, typed, "When is the next call?", Inquiry)


def event_address(prefix: str) -> Open:
    path = f"{prefix}/forums/{open_forum().slug}/register/"
    return Open(path, {"email": CHILD}, CHILD, Message, ALONG)


def event_form(prefix: str) -> Open:
    path = ask_for_link(Client(), open_forum(), CHILD, prefix=prefix)
    return Open(path, ANSWERS, ANSWERS["name"], Registration, ALONG)


def paper(prefix: str) -> Open:
    return Open(f"{prefix}/forums/{a_call().slug}/papers/", {"email": CHILD}, CHILD, Message)


def news(prefix: str) -> Open:
    return Open(f"{prefix}/news/subscribe/", {**ASKED, "email": CHILD}, CHILD, Subscription)


def article(prefix: str) -> Open:
    typed = {"to": "friend@example.org", "name": "Hong Gildong", "note": ""}
    return Open(f"{prefix}/news/{ArticleFactory().slug}/send/", typed, "Hong Gildong", Message)


FORMS = [sign_up, contact, event_address, event_form, paper, news, article]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
each_language = pytest.mark.parametrize("prefix", LABEL)


@pytest.fixture(autouse=True)
def _portal() -> None:
    cache.clear()
    OfficeFactory()
    texts_in_force()


# --- what they do ---------------------------------------------------------------------------------


@each_form
@each_language
def test_the_box_is_there_and_not_ticked(client: Client, form: Callable[[str], Open], prefix: str):
    page = client.get(form(prefix).path).content.decode()

    box = page.partition('name="old_enough"')[2]
    assert LABEL[prefix] in box.partition("</label>")[0]
    assert "checked" not in box.partition(">")[0]


@each_form
@each_language
def test_without_the_tick_nothing_is_kept_and_the_page_says_what_to_do(
    client: Client, form: Callable[[str], Open], prefix: str
):
    door = form(prefix)
    typed = {name: value for name, value in door.typed.items() if name != "old_enough"}

    with CaptureQueriesContext(connection) as queries:
        answer = client.post(door.path, typed)

    page = answer.content.decode()
    assert list(answer.context["form"].errors) == ["old_enough"]
    for place in ('class="error-summary"', 'id="id_old_enough_error"'):
        assert door.instead[prefix] in page.partition(place)[2].partition("</ul>")[0]
    assert 'aria-describedby="id_old_enough_error"' in page
    assert door.word in page
    # No row and no mail, nor a session in which a draft could be.
    assert written(queries, *CACHES) == set()
    assert settings.SESSION_COOKIE_NAME not in client.cookies


@each_form
def test_with_the_tick_it_is_taken(client: Client, form: Callable[[str], Open]):
    door = form("/en")
    before = door.makes.objects.count()

    client.post(door.path, {**door.typed, "old_enough": "on"})

    assert door.makes.objects.count() == before + 1


def test_every_form_that_takes_an_address_asks_or_says_here_why_not():
    exceptions = {
        "oda_portal.accounts.forms.ResetPasswordForm",  # of an account, which asked
        "forums.papers.forms.LinkForm",  # of papers that were begun, which asked
        "volunteers.forms.acts.BeginForm",  # after the self-check, which asks the birth date
        "oda_portal.accounts.admin_forms.NewUserForm",  # staff, as are the next two
        "oda_portal.accounts.admin_forms.UserForm",
        "partners.network.admin.forms.InviteForm",
    }
    assert get_resolver().url_patterns  # every view is loaded, and its forms with it

    silent = {
        f"{form.__module__}.{form.__name__}"
        for form in _forms(BaseForm)
        if any(isinstance(field, EmailField) for field in form.base_fields.values())
        and not isinstance(form.base_fields.get("old_enough"), OldEnoughField)
    }

    ours = {name for name in silent if not name.startswith(("allauth.", "django.", "tests."))}
    assert ours == exceptions


def _forms(above: type[BaseForm]) -> Iterator[Any]:
    for form in above.__subclasses__():
        if hasattr(form, "base_fields"):
            yield form
        yield from _forms(form)
