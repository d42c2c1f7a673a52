"""The public pages of a number, the download, and the panel of My page."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from oda_portal.accounts.models import User
from oda_portal.certificates import actions, numbers
from oda_portal.certificates.models import Certificate
from oda_portal.privacy.models import AccessRecord
from oda_portal.readable import SIGNS
from tests.accounts.test_roles import member
from tests.certificates.samples import SUBJECT, a_certificate, a_holder, a_kind
from tests.doors import sign_in_staff
from tests.factories import OfficeFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LANGUAGES = [("", "ko"), ("/en", "en"), ("/zh-hans", "zh-hans")]
STATES = {
    "ko": ("유효", "취소됨", "재발급됨"),
    "en": ("Valid", "Revoked", "Reissued"),
    "zh-hans": ("有效", "已作废", "已重新开具"),
}
NOT_FOUND = {
    "ko": "이 번호의 증명서를 찾지 못했습니다. 번호를 다시 확인해 주세요.",
    "en": "We found no certificate with this number. Check the number.",
    "zh-hans": "未找到该编号的证书，请核对编号。",
}
MASKED = {"ko": "김○○", "en": "K○○ C○○", "zh-hans": "金○○"}


def page_of(certificate: Certificate | str, prefix: str = "") -> str:
    return f"{prefix}/certificates/{certificate}/"


def tampered(certificate: Certificate) -> str:
    """One sign of the number is another one."""
    last = certificate.code[-1]
    return certificate.code[:-1] + next(sign for sign in SIGNS if sign != last)


def ended(state: str) -> Certificate:
    certificate, staff = a_certificate(), StaffFactory()
    if state == "revoked":
        actions.revoke(certificate, by=staff, reason="비밀 사유")
    if state == "reissued":
        with a_kind():
            actions.reissue(certificate, by=staff, reason="비밀 사유")
    return Certificate.objects.get(pk=certificate.pk)


# --- checking a number --------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
@pytest.mark.parametrize("place", [0, 1, 2], ids=["valid", "revoked", "reissued"])
def test_detail_says_the_state_with_the_fewest_data(client: Client, prefix, language, place):
    certificate = ended(("valid", "revoked", "reissued")[place])

    response = client.get(page_of(certificate, prefix))

    html = response.content.decode()
    assert response.status_code == 200
    assert STATES[language][place] in html
    assert MASKED[language] in html
    assert SUBJECT[language] in html
    hidden = (certificate.name_latin, "김철수", "金哲秀", certificate.user.email, "비밀 사유", "40")
    main = html.split("<main")[1].split("</main")[0]
    assert [word for word in hidden if word in main] == []
    successor = certificate.replaced_by
    assert successor is None or successor.code not in html


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
@pytest.mark.parametrize("where", ["address", "form"])
def test_a_tampered_number_is_not_found_and_said_to_be_mistyped(
    client: Client, prefix, language, where
):
    number = tampered(a_certificate())
    paths = {
        "address": page_of(number, prefix),
        "form": f"{prefix}/certificates/?number={number}",
    }

    response = client.get(paths[where])

    assert response.status_code == 404
    errors = response.context["form"].errors["number"]
    assert errors[0] == NOT_FOUND[language]
    assert len(errors) == 2
    assert NOT_FOUND[language] in response.content.decode()


def test_a_well_formed_number_that_was_never_given_is_not_found(client: Client):
    OfficeFactory()

    response = client.get(page_of(numbers.new_number()))

    assert response.status_code == 404
    assert response.context["form"].errors["number"] == [NOT_FOUND["ko"]]


@pytest.mark.parametrize("text", ["x", "김철수", "2" * 60, "'\"><script>", "%2e%2e", "..."])
def test_absurd_numbers_are_not_found_in_words(client: Client, text: str):
    OfficeFactory()

    response = client.get("/certificates/", {"number": text})

    assert response.status_code == 404
    assert NOT_FOUND["ko"] in response.content.decode()
    assert "<script>" not in response.content.decode().split("<main")[1]


@pytest.mark.parametrize("text", ["", " ", "2" * 61])
def test_a_number_that_is_missing_or_too_long_is_asked_for_again(client: Client, text: str):
    OfficeFactory()

    response = client.get("/certificates/", {"number": text})

    assert response.status_code == 422
    assert response.context["form"].errors["number"]


def test_find_leads_to_the_page_however_the_number_is_typed(client: Client):
    certificate = a_certificate()
    typed = certificate.code.replace("-", " ").lower()

    by_form = client.get("/en/certificates/", {"number": typed})
    by_address = client.get(page_of(certificate.code.lower(), "/en"))

    assert by_form.url == by_address.url == page_of(certificate, "/en")


@pytest.mark.parametrize("is_found", [True, False])
def test_pages_are_for_no_search_engine_and_kept_by_nobody(client: Client, is_found: bool):
    certificate = a_certificate()
    path = page_of(certificate) if is_found else page_of(tampered(certificate))

    response = client.get(path)

    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "Set-Cookie" not in response.headers


def test_guessing_ends_after_some_tries(client: Client):
    certificate = a_certificate()
    for _turn in range(60):
        assert client.get(page_of(numbers.new_number())).status_code == 404

    answers = [client.get(page_of(certificate)), client.get(f"/certificates/?number={certificate}")]

    assert [answer.status_code for answer in answers] == [429, 429]


def test_a_page_asks_for_the_certificate_and_nothing_else(client: Client):
    certificate = a_certificate()
    client.get(page_of(certificate))

    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(certificate))

    # The cache of the embedded site is a table; in production it is Redis.
    questions = [query["sql"] for query in asked if 'cache"' not in query["sql"]]
    assert len([sql for sql in questions if sql.startswith("SELECT")]) == 1


def test_a_change_of_the_record_does_not_change_the_page(client: Client):
    certificate = a_certificate()
    User.objects.filter(pk=certificate.user.pk).update(name="이영희")

    assert MASKED["ko"] in client.get(page_of(certificate)).content.decode()


def test_pages_of_a_number_answer_no_other_method(client: Client):
    certificate = a_certificate()

    assert client.post(page_of(certificate)).status_code == 405
    assert client.post("/certificates/").status_code == 405


# --- the file -----------------------------------------------------------------------------------


def pdf_of(certificate: Certificate) -> str:
    return f"/certificates/{certificate}/pdf/"


def test_the_holder_downloads_it(client: Client):
    certificate = a_certificate()
    client.force_login(certificate.user)

    response = client.get(pdf_of(certificate))

    assert "김철수" in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert response.headers["Content-Type"] == "application/pdf"
    assert certificate.code in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_stranger_learns_nothing_of_a_file(client: Client, is_there: bool):
    certificate = a_certificate()
    path = pdf_of(certificate) if is_there else "/certificates/2222-2222-2222/pdf/"

    signed_out = client.get(path)
    client.force_login(UserFactory())
    signed_in = client.get(path)

    assert signed_out.url.startswith("/accounts/login/")
    assert signed_in.status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("volunteer_coordinator", 200),
        ("privacy_officer", 200),
        ("editor", 404),
        ("reviewer", 404),
        ("forum_manager", 200),
        ("administrator", 404),
    ],
)
def test_staff_download_by_their_role_and_leave_a_look(client: Client, role: str, status: int):
    certificate = a_certificate()
    sign_in_staff(client, member(role))

    response = client.get(pdf_of(certificate))

    assert response.status_code == status
    looks = AccessRecord.objects.filter(act="file", subjects__object_id=certificate.pk)
    assert looks.count() == (1 if status == 200 else 0)


def test_staff_without_the_second_step_are_asked_for_it(client: Client):
    certificate = a_certificate()
    client.force_login(StaffFactory())

    response = client.get(pdf_of(certificate))

    assert response.status_code == 302
    assert "application/pdf" not in response.headers["Content-Type"]


@pytest.mark.parametrize("state", ["revoked", "reissued"])
def test_what_is_not_valid_leads_to_the_page_that_says_so(client: Client, state: str):
    certificate = ended(state)
    client.force_login(certificate.user)

    response = client.get(pdf_of(certificate))

    assert response.url == page_of(certificate)


# --- My page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "language"), LANGUAGES)
def test_my_page_lists_ones_own_in_the_readers_language(client: Client, prefix, language):
    certificate = a_certificate()
    other = a_certificate(a_holder(email="other@example.org"))
    client.force_login(certificate.user)

    html = client.get(f"{prefix}/accounts/").content.decode()

    assert 'id="certificates"' in html
    assert SUBJECT[language] in html
    assert f"{prefix}/certificates/{certificate.code}/pdf/" in html
    assert other.code not in html


def test_my_page_says_nothing_of_certificates_to_who_has_none(client: Client):
    a_certificate()
    client.force_login(UserFactory())

    assert 'id="certificates"' not in client.get("/accounts/").content.decode()


def test_my_page_offers_no_file_of_what_is_not_valid(client: Client):
    certificate = ended("revoked")
    client.force_login(certificate.user)

    html = client.get("/accounts/").content.decode()

    assert certificate.code in html
    assert f"{certificate.code}/pdf/" not in html


@pytest.mark.thorough
def test_my_page_asks_as_often_for_many_as_for_one(client: Client):
    holder = a_holder()
    client.force_login(holder)

    def queries() -> int:
        client.get("/accounts/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/accounts/")
        return len(asked)

    a_certificate(holder)
    with_one = queries()
    for _turn in range(3):
        a_certificate(holder=a_holder())
    Certificate.objects.update(user=holder)

    assert queries() == with_one
