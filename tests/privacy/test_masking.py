"""Masked until somebody says why: nothing of the value anywhere, and each look with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from forums.models import Registration, Submission
from news.models import Subscription
from oda_portal.accounts.models import User
from oda_portal.accounts.roles import BY_NAME, REVEALED, set_up_roles
from oda_portal.mail.models import Message
from oda_portal.pages.models import Inquiry
from oda_portal.privacy.looks import RecordedLooks
from oda_portal.privacy.masking import hidden, masked_email, masked_end, masked_telephone
from oda_portal.privacy.models import AccessRecord, Consent, PrivacyRequest
from partners.models import Invitation, Membership
from tests import factories
from tests.admin.test_every_record import RECORDS
from tests.doors import sign_in_staff
from tests.volunteers.applicants import sent
from volunteers.models import Application, Story, Volunteer

pytestmark = pytest.mark.django_db

ADDRESS, NUMBER, WORDS = "secret-person@example.net", "+82 10 5555 7777", "비밀스러운 사연"
MODELS = [
    Volunteer, Application, Registration, Submission, Membership, Invitation, Inquiry,
    Subscription, Message, User,
]  # fmt: skip
# Written here in the columns that hold them, so that a page that shows one is noticed.
SECRETS = {
    "email": ADDRESS, "to": ADDRESS, "mobile": NUMBER, "telephone": NUMBER,
    "guardian_mobile": NUMBER, "motivation": WORDS, "experience": WORDS, "skills": WORDS,
}  # fmt: skip


def staff_with(*roles: str) -> User:
    set_up_roles()
    user = factories.StaffFactory(is_superuser=False)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def put_secrets(row: models.Model) -> None:
    volunteer = getattr(row, "volunteer", None)
    around = [row, volunteer, getattr(volunteer or row, "user", None)]
    for one in filter(None, around):
        names = SECRETS.keys() & {field.name for field in one._meta.concrete_fields}
        for name in names:
            setattr(one, name, SECRETS[name])
        if names:  # some rows are only ever added
            one.save()


def a_row(model: type[models.Model]) -> Any:
    if model is Application:
        opening = factories.OpeningFactory()
        return sent(opening.call, opening)
    if model is Volunteer:
        return a_row(Application).volunteer
    if model is User:
        return factories.UserFactory(name="")
    return RECORDS[model][0]()


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def tells(response: Any) -> list[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return [value for value in (ADDRESS, NUMBER, WORDS) if value in content.decode()]


class Scene(NamedTuple):
    model: type[models.Model]
    row: Any

    def page(self, name: str, *args: Any) -> str:
        return address(self.model, name, *args)


@pytest.fixture
def scene(client: Client) -> Callable[[type[models.Model]], Scene]:
    def make(model: type[models.Model], by: User | None = None) -> Scene:
        factories.OfficeFactory()
        row = a_row(model)
        put_secrets(row)
        sign_in_staff(client, by or factories.StaffFactory())
        return Scene(model, row)

    return make


# --- what stands in place of a value -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masked_email, "reader@example.org", "r••••@example.org"),
        (masked_email, "al@example.org", "••••@example.org"),
        (masked_email, "no address", "••••"),
        (masked_telephone, "+82 10 1234 5678", "+82••••78"),
        (masked_telephone, "1234567", "••••"),
        (masked_end, "M123A4567", "••••4567"),
        (masked_end, "A123456", "••••"),
        (hidden, "1999-01-01", "••••"),
    ],
)
def test_a_mask_tells_little_and_not_how_long_it_is(mask: Any, value: str, shown: str):
    assert mask(value) == shown


def test_every_admin_that_masks_has_a_permission_to_show():
    masking = {
        model._meta.label_lower
        for model, pages in admin.site._registry.items()
        if isinstance(pages, RecordedLooks) and pages.masked
    }

    assert masking == set(REVEALED)
    assert {model._meta.label_lower for model in MODELS} == masking


# --- while it is masked ------------------------------------------------------------------------------


@pytest.mark.every_case
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_page_tells_what_is_masked(client: Client, scene: Any, model: type[models.Model]):
    here = scene(model)
    pages = [here.page("changelist")]
    pages += [here.page(name, here.row.pk) for name in ("change", "history", "delete", "reveal")]
    if model is User:
        pages.append(reverse("admin:auth_user_password_change", args=[here.row.pk]))

    for page in pages:
        assert tells(client.get(page, follow=True)) == [], page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_reason_shows_it_for_minutes_and_stands_in_the_log(
    client: Client, scene: Any, model: type[models.Model]
):
    here = scene(model)
    page = here.page("change", here.row.pk)

    answer = client.post(here.page("reveal", here.row.pk), {"reason": " 연락이 필요함 "})

    assert answer.url == page
    assert AccessRecord.objects.count() == 0  # nothing was shown yet
    assert ADDRESS in tells(client.get(page))
    look = AccessRecord.objects.get()
    assert (look.act, look.reason) == ("detail", "연락이 필요함")
    assert (model._meta.label_lower, here.row.pk) in look.subjects.values_list("label", "object_id")
    assert tells(client.get(here.page("changelist"))) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert tells(client.get(page)) == []
    assert AccessRecord.objects.latest("pk").reason == ""


def test_a_reason_opens_one_record_and_no_other_and_can_be_ended(client: Client, scene: Any):
    here = scene(User)
    other = factories.UserFactory(email="other-person@example.net", name="")
    client.post(here.page("reveal", here.row.pk), {"reason": "문의 확인"})

    assert "other-person" not in client.get(here.page("change", other.pk)).content.decode()
    client.post(here.page("reveal", here.row.pk), {"mask": "yes"})

    assert tells(client.get(here.page("change", here.row.pk))) == []


@pytest.mark.parametrize("reason", ["", "   ", "주민등록번호 900101-1234567 확인", "가" * 301])
def test_without_a_reason_nothing_is_shown(client: Client, scene: Any, reason: str):
    here = scene(User)

    answer = client.post(here.page("reveal", here.row.pk), {"reason": reason})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert tells(client.get(here.page("change", here.row.pk))) == []


def test_who_may_read_and_not_show_gets_the_mask_for_good(client: Client, scene: Any):
    here = scene(Subscription, by=staff_with("editor"))
    page = here.page("change", here.row.pk)

    assert client.get(page).status_code == 200
    refused = client.post(here.page("reveal", here.row.pk), {"reason": "궁금해서"})

    assert refused.status_code == 403
    assert tells(client.get(page)) == []
    assert client.get(page).context["masks"].form is None


def test_who_may_not_read_the_record_cannot_show_it(client: Client, scene: Any):
    here = scene(Volunteer, by=staff_with("editor"))

    assert client.post(here.page("reveal", here.row.pk), {"reason": "x"}).status_code == 403


def test_a_right_that_is_taken_masks_at_once(client: Client, scene: Any):
    officer = staff_with("privacy_officer")
    here = scene(Inquiry, by=officer)
    client.post(here.page("reveal", here.row.pk), {"reason": "열람 요청"})
    assert tells(client.get(here.page("change", here.row.pk))) == [ADDRESS]

    officer.groups.set(Group.objects.filter(name="editor"))
    Group.objects.get(name="editor").permissions.remove(
        *Group.objects.get(name="editor").permissions.filter(codename="reveal_inquiry")
    )

    assert tells(client.get(here.page("change", here.row.pk))) == []


@pytest.mark.parametrize("model", [User, Volunteer, Message], ids=lambda model: model.__name__)
def test_an_address_is_found_whole_and_never_letter_by_letter(
    client: Client, scene: Any, model: type[models.Model]
):
    here = scene(model)
    page = here.page("changelist")

    def found(word: str) -> bool:
        return here.row in client.get(page, {"q": word}).context["cl"].queryset

    assert not found("secret")
    assert found(ADDRESS)
    column = "to" if model is Message else "email"
    for how in ("startswith", "contains", "gte", "in"):
        assert client.get(page, {f"{column}__{how}": "secret"}).status_code in (302, 400), how


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Volunteer, ""), (Application, "volunteer__"), (Story, "application__volunteer__"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_name_in_other_scripts_is_found_whole_and_never_by_a_part(
    client: Client, scene: Any, model: type[models.Model], path: str
):
    here = scene(model)
    page = here.page("changelist")
    persons = Volunteer.objects.filter(pk__in=model.objects.values(f"{path}pk"))
    persons.update(name="홍길동", name_roman="HONG GILDONG", name_hangul="洪吉童")

    def found(word: str) -> bool:
        return here.row in client.get(page, {"q": word}).context["cl"].queryset

    assert not found("GILD")
    assert not found("GILDONG")
    assert found("hong gildong")
    assert found("홍길")


def test_every_search_box_finds_what_is_masked_by_the_whole_value_alone(rf: Any):
    masking = {
        model: pages
        for model, pages in admin.site._registry.items()
        if isinstance(pages, RecordedLooks)
    }
    request = rf.get("/", {"q": "word"})
    request.user = factories.StaffFactory()
    for model, pages in masking.items():
        for name in pages.get_search_fields(request):
            *links, column = name.lstrip("=").split("__")
            about = model
            for link in links:
                about = about._meta.get_field(link).related_model
            if about in masking and column in masking[about].masked:
                assert name.startswith("="), (model, name)


def test_the_words_of_a_mail_cannot_be_asked_for_in_the_address(client: Client, scene: Any):
    here = scene(Message)
    Message.objects.filter(pk=here.row.pk).update(context={"text": WORDS})
    page = here.page("changelist")

    for asked in ("context__icontains", "context__text__startswith", "context__text"):
        assert client.get(page, {asked: WORDS}).status_code in (302, 400), asked


@pytest.mark.parametrize("model", [Consent, PrivacyRequest], ids=lambda model: model.__name__)
def test_an_address_is_found_whole_among_consents_and_requests(
    client: Client, scene: Any, model: type[models.Model]
):
    here = scene(model)
    page = here.page("changelist")

    assert here.row not in client.get(page, {"q": "secret"}).context["cl"].queryset
    assert here.row in client.get(page, {"q": ADDRESS}).context["cl"].queryset


def test_addresses_of_staff_are_the_offices_own(client: Client, scene: Any):
    here = scene(User)
    colleague = factories.StaffFactory(email="colleague@office.example")

    page = client.get(here.page("change", colleague.pk))

    assert "colleague@office.example" in page.content.decode()
    assert "masks" not in page.context
    assert client.post(here.page("reveal", colleague.pk), {"reason": "x"}).status_code == 404


def test_somebody_without_a_name_is_not_called_by_the_address():
    person = factories.UserFactory(name="", email=ADDRESS)

    assert str(person) == "s••••@example.net"
    assert str(Volunteer(email=ADDRESS)) == "s••••@example.net"


def test_coming_back_leads_only_to_this_site(client: Client, scene: Any):
    here = scene(User)
    reveal = here.page("reveal", here.row.pk)

    for back in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        answer = client.post(f"{reveal}?back={back}", {"reason": "확인"})
        assert answer.url == here.page("change", here.row.pk)


@pytest.mark.parametrize(
    ("language", "masked"), [("ko", "가림 처리됨"), ("en", "Masked"), ("zh-hans", "已脱敏")]
)
def test_the_words_are_those_of_the_reader(client: Client, scene: Any, language: str, masked: str):
    here = scene(User)
    with translation.override(language):
        page = here.page("change", here.row.pk)
        expected = translation.pgettext("personal data", "Masked")

    shown = client.get(page).content.decode()

    assert expected in shown
    assert expected in (masked, "Masked")


def test_roles_say_who_may_show_what():
    set_up_roles()
    may = {
        name: set(Group.objects.get(name=name).permissions.filter(codename__startswith="reveal_")
                  .values_list("codename", flat=True))
        for name in BY_NAME
    }  # fmt: skip

    assert may["editor"] == {"reveal_inquiry"}
    assert may["forum_manager"] == {"reveal_registration", "reveal_submission"}
    assert may["reviewer"] == may["translator_ko"] == set()
    assert len(may["privacy_officer"]) == len(REVEALED)
