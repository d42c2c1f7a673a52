"""A person's own data: downloading, asking, taking consent back, closing the account."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.audit.models import Transition
from oda_portal.files.storages import private_storage
from oda_portal.mail.models import Message
from oda_portal.pages.models import SatisfactionAnswer
from oda_portal.privacy import consent_texts, consents, registry
from oda_portal.privacy.models import Consent, DestructionLedger, PrivacyRequest
from tests.factories import OfficeFactory, PhotoFactory, UserFactory

pytestmark = pytest.mark.django_db
PREFIXES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-Hans")]
PASSWORD = "long-Enough-1"


@pytest.fixture
def person(client: Client) -> User:
    OfficeFactory()
    person = UserFactory(name="홍길동")
    client.force_login(person)
    return person


def enter_password(client: Client, page: str) -> None:
    """What allauth asks for before a page that matters."""
    form = client.get(page).headers["Location"]
    assert client.post(form, {"password": PASSWORD}).headers["Location"] == page


def zip_of(answer) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


# --- download -----------------------------------------------------------------------------------------


def test_my_data_are_everything_of_mine_and_nothing_of_anybody_else(client: Client, person: User):
    other = UserFactory(name="다른 사람")
    consent_texts.load(in_force=True)
    for one in (person, other):
        consents.give(one, consents.current_texts(["photo"])[0], given=True, by=one)
        PrivacyRequest.objects.create(user=one, kind="correct", text=f"이름: {one.name}")

    answer = client.post("/accounts/data/download/")

    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    text = zip_of(answer).read("data.json").decode()
    data = json.loads(text)
    assert data["accounts.user"][0]["email"] == person.email
    assert data["privacy.request"][0]["text"] == "이름: 홍길동"
    assert data["privacy.consent"][0]["agreed"] is True
    assert other.email not in text
    assert "다른 사람" not in text
    assert person.password not in text


def test_files_come_with_their_names_inside_the_archive_only(client: Client, person: User):
    photo = PhotoFactory()
    photo.image.name = private_storage().save("photo/x.jpg", ContentFile(b"picture"))
    lost = PhotoFactory()
    lost.image.name = "photo/not-there.jpg"
    names = ["../../etc/passwd", "추천서.pdf", "추천서.pdf", "a\x00b\n.txt", "call/cv.pdf"]
    entry = registry.entry_of("accounts.user")
    with_files = {
        **vars(entry),
        "files": lambda user: [*((name, photo.image) for name in names), ("l.txt", lost.image)],
    }
    registry._entries["accounts.user"] = registry.PersonalData(**with_files)
    try:
        archive = zip_of(client.post("/accounts/data/download/"))
    finally:
        registry._entries["accounts.user"] = entry

    assert sorted(archive.namelist()) == [
        "data.json",
        "files/accounts.user/ab.txt",
        "files/accounts.user/call/cv.pdf",
        "files/accounts.user/etc/passwd",
        "files/accounts.user/추천서-2.pdf",
        "files/accounts.user/추천서.pdf",
        "index.html",
    ]
    assert archive.read("files/accounts.user/추천서-2.pdf") == b"picture"
    missing = json.loads(archive.read("data.json"))["files_missing"]
    assert missing == ["files/accounts.user/l.txt"]


def test_a_download_leaves_nothing_behind(client: Client, person: User, settings, tmp_path: Path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()

    client.post("/accounts/data/download/").close()

    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["data/download/", "data/close/", "data/consents/1/withdraw/", "requests/"]
)
def test_who_is_not_signed_in_is_asked_to(path: str):
    OfficeFactory()
    for act in (Client().get, Client().post):
        answer = act(f"/en/accounts/{path}")
        assert answer.status_code == 302
        assert "/en/accounts/login/" in answer.headers["Location"]


def test_get_downloads_nothing(client: Client, person: User):
    assert client.get("/accounts/data/download/").status_code == 405


# --- the panel ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "lang"), PREFIXES)
def test_my_page_shows_consents_and_waiting_requests(
    client: Client, person: User, prefix: str, lang: str
):
    consent_texts.load(in_force=True)
    general, photo = consents.current_texts(["general", "photo"])
    consents.give(person, general, given=True, by=person)
    given = consents.give(person, photo, given=True, by=person)
    PrivacyRequest.objects.create(user=person, kind="stop")

    page = client.get(f"{prefix}/accounts/").content.decode()

    assert f'<html lang="{lang}"' in page
    assert f'href="{prefix}/accounts/data/consents/{given.pk}/withdraw/"' in page
    assert page.count("/withdraw/") == 1
    heading = {"ko": "사진·영상 활용 동의", "en": "Use of photos", "zh-Hans": "照片和视频使用"}
    assert heading[lang] in page
    assert f'action="{prefix}/accounts/data/download/"' in page


# --- consents -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "lang"), PREFIXES)
def test_an_optional_consent_is_withdrawn_after_asking_once_more(
    client: Client, person: User, prefix: str, lang: str
):
    consent_texts.load(in_force=True)
    given = consents.give(person, consents.current_texts(["photo"])[0], given=True, by=person)
    address = f"{prefix}/accounts/data/consents/{given.pk}/withdraw/"

    assert client.get(address).status_code == 200
    assert consents.has_given(person, "photo")
    assert client.post(address).headers["Location"] == f"{prefix}/accounts/#data"
    assert not consents.has_given(person, "photo")
    assert client.post(address).status_code == 404
    assert Consent.objects.count() == 2


def test_a_strangers_consent_and_a_required_one_are_404(client: Client, person: User):
    consent_texts.load(in_force=True)
    general, photo = consents.current_texts(["general", "photo"])
    other = UserFactory()
    rows = [
        consents.give(other, photo, given=True, by=other),
        consents.give(person, general, given=True, by=person),
    ]

    for row in rows:
        for act in (client.get, client.post):
            assert act(f"/accounts/data/consents/{row.pk}/withdraw/").status_code == 404
    assert Consent.objects.count() == 2


# --- requests -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "lang"), PREFIXES)
def test_a_request_is_received_with_ten_days_and_told_by_mail(
    client: Client, person: User, prefix: str, lang: str
):
    User.objects.filter(pk=person.pk).update(preferred_language="en")
    with time_machine.travel("2026-11-20 12:00:00+09:00", tick=False):
        client.force_login(person)
        answer = client.post(f"{prefix}/accounts/requests/", {"kind": "correct", "text": "이름"})

    assert answer.headers["Location"] == f"{prefix}/accounts/requests/"
    asked = PrivacyRequest.objects.get()
    assert (asked.user, asked.kind, asked.state) == (person, "correct", "received")
    assert asked.due_on.isoformat() == "2026-11-30"
    letter = Message.objects.get()
    assert (letter.kind, letter.language) == ("request_received", "en")
    assert letter.context == {"date": "30 November 2026"}
    assert letter.path == "/accounts/requests/"


def test_the_same_request_sent_twenty_times_is_one(client: Client, person: User):
    for _ in range(20):
        client.post("/accounts/requests/", {"kind": "delete", "text": "모두"})

    assert PrivacyRequest.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "", "text": "x"}, "kind"),
        ({"kind": "burn", "text": "x"}, "kind"),
        ({"kind": "see", "text": "900101-1234567"}, "text"),
        ({"kind": "see", "text": "가" * 2001}, "text"),
    ],
)
def test_a_wrong_request_is_told_and_not_kept(client: Client, person: User, sent, field):
    page = client.post("/en/accounts/requests/", sent)

    assert list(page.context["form"].errors) == [field]
    assert 'class="error-summary"' in page.content.decode()
    assert not PrivacyRequest.objects.exists()


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("", "주민등록번호로 보이는 숫자가 있습니다."),
        ("/en", "This looks like it contains a resident registration number."),
        ("/zh-hans", "内容中疑似含有居民登记号码（韩国身份证号）。"),
    ],
)
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/requests/", {"kind": "see", "text": "저는 900101-1234567입니다"}),
        ("/satisfaction/", {"score": "4", "comment": "９００１０１ １２３４５６７"}),
    ],
)
def test_a_resident_number_is_refused_in_the_readers_language(
    client: Client, person: User, prefix: str, sentence: str, path: str, sent: dict[str, str]
):
    page = client.post(prefix + path, sent).content.decode()

    assert sentence in page
    assert not PrivacyRequest.objects.exists()
    assert not SatisfactionAnswer.objects.exists()


def test_a_person_sees_the_answer_and_their_own_requests_only(client: Client, person: User):
    staff = UserFactory(is_staff=True)
    asked = PrivacyRequest.objects.create(user=person, kind="see", text="무엇이 있나요")
    asked.answered(by=staff, answer="이메일과 이름입니다.")
    PrivacyRequest.objects.create(user=UserFactory(), kind="see", text="남의 요청")

    page = client.get("/accounts/requests/").content.decode()

    assert "이메일과 이름입니다." in page
    assert "남의 요청" not in page


def test_a_request_is_withdrawn_once_and_a_strangers_is_404(client: Client, person: User):
    own = PrivacyRequest.objects.create(user=person, kind="see")
    strangers = PrivacyRequest.objects.create(user=UserFactory(), kind="see")

    for _ in range(2):
        assert client.post(f"/accounts/requests/{own.pk}/withdraw/").status_code == 302
    assert client.post(f"/accounts/requests/{strangers.pk}/withdraw/").status_code == 404
    assert client.get(f"/accounts/requests/{own.pk}/withdraw/").status_code == 405

    own.refresh_from_db()
    strangers.refresh_from_db()
    assert (own.state, strangers.state) == ("withdrawn", "received")
    assert Transition.objects.filter(to_state="withdrawn").count() == 1


# --- closing the account ------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "lang"), PREFIXES)
def test_closing_asks_for_the_password_says_what_follows_and_destroys(
    client: Client, person: User, prefix: str, lang: str
):
    PrivacyRequest.objects.create(user=person, kind="see", text="홍길동의 요청")
    page = f"{prefix}/accounts/data/close/"
    enter_password(client, page)

    assert client.get(page).status_code == 200
    assert User.objects.filter(pk=person.pk).exists()
    answer = client.post(page, follow=True)

    assert answer.redirect_chain[-1][0] == f"{prefix}/accounts/data/closed/"
    assert f'<html lang="{lang}"' in answer.content.decode()
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session
    asked = PrivacyRequest.objects.get()
    assert (asked.user, asked.state, asked.text) == (None, "withdrawn", "")
    letter = Message.objects.get()
    assert (letter.kind, letter.to, letter.user) == ("account_closed", person.email, None)
    line = DestructionLedger.objects.get()
    assert (line.key, line.object_id, line.rule) == (
        "accounts.user",
        person.pk,
        "closed by the person",
    )
    assert client.post(page).status_code == 302
    assert Message.objects.count() == 1


def test_without_the_password_nothing_is_closed(client: Client, person: User):
    page = "/accounts/data/close/"

    assert "reauthenticate" in client.post(page).headers["Location"]
    client.post(f"/accounts/reauthenticate/?next={page}", {"password": "wrong-Words-1"})
    assert "reauthenticate" in client.get(page).headers["Location"]

    assert User.objects.filter(pk=person.pk).exists()


def test_the_password_counts_for_a_few_minutes_only(client: Client, person: User):
    page = "/accounts/data/close/"
    enter_password(client, page)

    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert "reauthenticate" in client.post(page).headers["Location"]

    assert User.objects.filter(pk=person.pk).exists()


def test_an_entry_may_say_why_not_now(client: Client, person: User):
    entry = registry.entry_of("privacy.request")
    with_obstacle = {**vars(entry), "obstacle": lambda user: "돌아온 뒤에 할 수 있습니다."}
    page = "/accounts/data/close/"
    enter_password(client, page)
    registry._entries[entry.key] = registry.PersonalData(**with_obstacle)
    try:
        shown = client.get(page).content.decode()
        refused = client.post(page).content.decode()
    finally:
        registry._entries[entry.key] = entry

    assert "돌아온 뒤에 할 수 있습니다." in shown
    assert "돌아온 뒤에 할 수 있습니다." in refused
    assert "btn-bad" not in shown
    assert User.objects.filter(pk=person.pk).exists()


def test_staff_do_not_close_their_own_account(client: Client):
    OfficeFactory()
    staff = UserFactory(is_staff=True)
    client.force_login(staff)
    page = "/en/accounts/data/close/"
    enter_password(client, page)

    assert "Ask an administrator to close it." in client.post(page).content.decode()
    assert User.objects.filter(pk=staff.pk).exists()


def test_pages_about_ones_data_are_never_kept(client: Client, person: User):
    for path in ("/accounts/requests/", "/accounts/data/closed/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]
