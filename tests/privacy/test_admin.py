"""The privacy officer's pages: every look recorded, nothing changed that must stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message
from oda_portal.privacy import consent_texts, consents, sealing
from oda_portal.privacy.access import record_look
from oda_portal.privacy.exports import defused
from oda_portal.privacy.models import (
    AccessRecord,
    Act,
    ConsentText,
    DestructionLedger,
    PrivacyRequest,
)
from tests.admin.forms import filled
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
REQUESTS = "privacy_privacyrequest"
LANGUAGES = ["ko", "en", "zh-hans"]


@pytest.fixture
def officer(client: Client) -> User:
    OfficeFactory()
    officer = StaffFactory(is_superuser=False)
    of_this_app = Permission.objects.filter(content_type__app_label="privacy")
    officer.user_permissions.add(*of_this_app)
    sign_in_staff(client, officer)
    return officer


def address(page: str, *args: object, model: str = REQUESTS) -> str:
    return reverse(f"admin:{model}_{page}", args=args)


def a_request(**values) -> PrivacyRequest:
    values.setdefault("user", UserFactory())
    return PrivacyRequest.objects.create(**{"kind": "see", "text": "무엇이 있나요", **values})


def looks() -> list[tuple[str, str, set[tuple[str, int]]]]:
    return [
        (look.act, look.what, set(look.subjects.values_list("label", "object_id")))
        for look in AccessRecord.objects.order_by("pk")
    ]


def subjects_of(*requests: PrivacyRequest) -> set[tuple[str, int]]:
    found = {("privacy.privacyrequest", request.pk) for request in requests}
    return found | {("accounts.user", request.user_id) for request in requests}


# --- looks -------------------------------------------------------------------------------------------


def test_a_list_is_one_look_at_the_people_of_that_page(client: Client, officer: User):
    shown = [a_request(), a_request()]
    a_request().withdrawn(by=None)

    client.get(address("changelist") + "?state__exact=received")

    assert looks() == [("list", "privacy.privacyrequest", subjects_of(*shown))]
    look = AccessRecord.objects.get()
    assert (look.user, look.account, look.address) == (officer, officer.email, "127.0.0.1")


def test_an_empty_list_and_the_index_show_nobody(client: Client, officer: User):
    client.get(reverse("admin:index"))
    assert looks() == []
    client.get(address("changelist"))

    assert looks() == [("list", "privacy.privacyrequest", set())]


def test_a_record_its_history_and_its_answer_are_looks(client: Client, officer: User):
    asked = a_request()

    client.get(address("change", asked.pk))
    client.get(address("history", asked.pk))
    client.get(address("answer", asked.pk))
    client.post(address("answer", asked.pk), {"text": "이메일과 이름입니다."})

    assert [(act, what) for act, what, _people in looks()] == [
        ("detail", "privacy.privacyrequest"),
        ("detail", "privacy.privacyrequest history"),
        ("detail", "privacy.privacyrequest answer"),
        ("edit", "privacy.privacyrequest answer"),
    ]
    assert all(people == subjects_of(asked) for _act, _what, people in looks())


@pytest.mark.parametrize("page", ["change", "history", "answer", "refuse"])
def test_who_may_not_look_sees_nothing_and_leaves_nothing(client: Client, page: str):
    OfficeFactory()
    sign_in_staff(client, StaffFactory(is_superuser=False))
    asked = a_request()

    assert client.get(address(page, asked.pk)).status_code == 403
    assert client.get(address("changelist")).status_code == 403
    assert looks() == []


def test_an_export_asks_for_a_reason_and_is_recorded_with_it(client: Client, officer: User):
    chosen, other = a_request(), a_request()
    User.objects.filter(pk=chosen.user_id).update(name="=HYPERLINK(1)")
    form = {"action": "export_selected", "_selected_action": [chosen.pk]}

    asked = client.post(address("changelist"), form)
    refused = client.post(address("changelist"), {**form, "sure": "yes", "reason": " "})
    assert "까닭을 적어야 내보낼 수 있습니다." in refused.content.decode()
    assert looks() == []
    sheet = client.post(
        address("changelist"), {**filled(asked), **form, "format": "csv", "reason": "감사 자료"}
    )

    text = b"".join(sheet.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "'=HYPERLINK(1)" in text
    assert other.user.email not in text
    assert "no-store" in sheet.headers["Cache-Control"]
    assert looks() == [("export", "privacy.privacyrequest", subjects_of(chosen))]
    assert AccessRecord.objects.get().reason == "감사 자료"


@pytest.mark.parametrize("cell", ["=1+1", "+82", "-1", "@x", "\tx", "\rx", "＝1"])
def test_a_cell_is_never_a_formula(cell: str):
    assert defused(cell) == f"'{cell}"


def test_an_ordinary_cell_is_left_alone():
    assert [defused("홍길동"), defused(None), defused(7)] == ["홍길동", "", "7"]


# --- the log -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_log_is_read_by_whose_who_and_act_and_shows_no_names(
    client: Client, officer: User, language: str
):
    person = UserFactory(name="홍길동")
    wanted = record_look(officer, Act.DETAIL, [person])
    record_look(officer, Act.LIST, [UserFactory()])
    with translation.override(language):
        page = address("changelist", model="privacy_accessrecord")

    for query in (
        {"whose": f"accounts.user:{person.pk}"},
        {"whose": person.email},
        {"act__exact": "detail", "who": officer.pk},
    ):
        answer = client.get(page, query)
        assert list(answer.context["cl"].queryset) == [wanted]
        assert "홍길동" not in answer.content.decode()
    for nobody in ("nobody@example.org", "x", "accounts.user:99999999999999999999", "\u0663"):
        assert not client.get(page, {"whose": nobody}).context["cl"].queryset
    assert AccessRecord.objects.count() == 2


def test_a_look_at_whose_data_were_looked_at_is_a_look(client: Client, officer: User):
    person = UserFactory(name="홍길동")
    first = record_look(officer, Act.DETAIL, [person])

    page = client.get(address("change", first.pk, model="privacy_accessrecord")).content.decode()

    assert "홍길동" not in page
    assert f"/accounts/user/{person.pk}/change/" in page
    assert looks()[-1] == ("detail", "privacy.accessrecord", {("accounts.user", person.pk)})


@pytest.mark.parametrize("model", ["accessrecord", "seal", "consent", "destructionledger"])
def test_what_is_only_added_has_no_form_not_even_for_a_superuser(client: Client, model: str):
    OfficeFactory()
    superuser = StaffFactory()
    sign_in_staff(client, superuser)
    consent_texts.load(in_force=True)
    rows = {
        "accessrecord": lambda: record_look(superuser, Act.LIST, [superuser]),
        "seal": lambda: record_look(superuser, Act.LIST, [superuser]) and sealing.seal(),
        "consent": lambda: consents.give(
            superuser, consents.current_texts(["photo"])[0], given=True, by=superuser
        ),
        "destructionledger": lambda: DestructionLedger.objects.create(
            key="accounts.user", object_id=7, rule="x"
        ),
    }
    pk = rows[model]().pk
    name = f"privacy_{model}"

    assert client.get(address("change", pk, model=name)).status_code == 200
    assert client.post(address("change", pk, model=name), {}).status_code == 403
    assert client.get(address("delete", pk, model=name)).status_code == 403
    assert client.get(address("add", model=name)).status_code == 403


# --- requests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["answer", "refuse"])
def test_a_request_is_closed_once_and_the_person_told_without_the_words(
    client: Client, officer: User, act: str
):
    asked = a_request()

    client.post(address(act, asked.pk), {"text": "다른 사람의 정보입니다."})
    again = client.post(address(act, asked.pk), {"text": "두 번째"}, follow=True)

    asked.refresh_from_db()
    assert asked.state == {"answer": "answered", "refuse": "refused"}[act]
    assert asked.answer == "다른 사람의 정보입니다."
    assert "두 번째" not in again.content.decode()
    letter = Message.objects.get()
    assert (letter.kind, letter.to, letter.context) == ("request_closed", asked.user.email, {})


@pytest.mark.parametrize("text", ["", "  ", "900101-1234567", "가" * 2001])
def test_an_answer_without_words_or_with_a_number_is_refused(
    client: Client, officer: User, text: str
):
    asked = a_request()

    page = client.post(address("refuse", asked.pk), {"text": text})

    assert page.context["form"].errors
    asked.refresh_from_db()
    assert asked.is_open


def test_the_clock_turns_red_and_the_index_says_what_waits(client: Client, officer: User):
    today = timezone.localdate()
    for days in (-2, 0, 2, 3):
        a_request(due_on=today + timedelta(days=days))
    with translation.override("en"):
        page = client.get(address("changelist")).content.decode()
        index = client.get(reverse("admin:index")).content.decode()

    assert page.count('class="badge stage-withdrawn"') == 3
    assert page.count('class="badge stage-scheduled"') == 1
    assert "2 days overdue" in page
    assert "4 requests about personal data are waiting for an answer. Overdue: 1" in index


def test_the_index_says_nothing_to_others(client: Client):
    OfficeFactory()
    sign_in_staff(client, StaffFactory(is_superuser=False))
    a_request()

    assert client.get(reverse("admin:index")).context["reminders"] == []


# --- consent texts and rules ---------------------------------------------------------------------------


def test_a_text_in_force_cannot_be_changed_but_succeeded(client: Client, officer: User):
    consent_texts.load(in_force=True)
    text = ConsentText.objects.get(kind="photo")
    model = "privacy_consenttext"

    page = client.get(address("change", text.pk, model=model))
    assert address("revise", text.pk, model=model) in page.content.decode()
    assert client.post(address("change", text.pk, model=model), {}).status_code == 403
    assert client.get(address("delete", text.pk, model=model)).status_code == 403
    draft_page = client.post(address("revise", text.pk, model=model)).headers["Location"]
    form = filled(
        client.get(draft_page),
        heading_ko="새 제목",
        valid_from_0="2020-01-01",
        valid_from_1="00:00",
    )
    client.post(draft_page, form)

    draft = ConsentText.objects.get(kind="photo", version=2)
    assert (draft.heading_ko, draft.heading_en) == ("새 제목", text.heading_en)
    assert timezone.now() - draft.valid_from < timedelta(minutes=1)
    text.refresh_from_db()
    assert text.version == 1
    assert client.post(draft_page, form).status_code == 403
    assert consents.current_texts(["photo"]) == [draft]
