"""What somebody who goes does before departure, on their own pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from oda_portal.privacy import consents
from oda_portal.privacy.models import Consent, ConsentText
from oda_portal.privacy.numbers import REFUSED
from tests.admin.forms import filled
from tests.factories import OpeningFactory
from tests.files.samples import pdf, picture, upload
from tests.volunteers.applicants import person
from tests.volunteers.departures import (
    EMERGENCY,
    GUARDIAN,
    HEALTH,
    PASSPORT,
    TYPED,
    departure,
    going,
    opening_in,
    put,
    state_of,
    with_checklist,
)
from volunteers.models import (
    Application,
    ChecklistItem,
    EmergencyContact,
    HealthNote,
    InsuranceCertificate,
    Opening,
    Readiness,
    State,
    TravelDocument,
)

pytestmark = pytest.mark.django_db

LANGUAGES = ("ko", "en", "zh-hans")
Kind = ChecklistItem.Kind


def signed_in(client: Client, opening: Opening | None = None, **fields: Any) -> Application:
    """Somebody who goes, signed in."""
    application = going(opening or with_checklist(opening_in(60)), **fields)
    client.force_login(application.volunteer.user)
    return application


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_of_each_item_in_words_where_it_stands(client: Client, language: str):
    application = signed_in(client)
    put(application, Kind.INSURANCE, "accepted")
    put(application, Kind.PASSPORT, "returned", reason="The name has a letter too many")

    page = client.get(departure(application, language=language))

    shown = page.content.decode()
    with translation.override(language):
        for text in (translation.pgettext("checklist", "Done"), str(Kind.PASSPORT.label)):
            assert text in shown
    assert "The name has a letter too many" in shown
    assert f'<html lang="{language}"' in shown.replace("zh-Hans", "zh-hans")
    labels = {row.cell.item.kind: row.label for row in page.context["rows"]}
    # Nobody asks an adult for a guardian; of the others insurance is done.
    assert set(labels) == {*Kind.values} - {Kind.GUARDIAN_CONSENT}
    assert page.context["left"] == 5
    assert page.headers["Cache-Control"].count("no-store") == 1


def test_the_application_leads_to_the_list_once_the_place_is_certain(client: Client):
    application = signed_in(client)

    assert departure(application) in client.get(application.get_absolute_url()).content.decode()

    Application.objects.filter(pk=application.pk).update(state=State.SELECTED)
    page = client.get(application.get_absolute_url()).content.decode()
    assert departure(application) not in page


@pytest.mark.parametrize(
    "state", [state for state in State if state not in ("confirmed", "deployed", "completed")]
)
def test_before_the_place_is_certain_there_is_no_such_page(client: Client, state: State):
    application = signed_in(client, state=state)

    assert client.get(departure(application)).status_code == 404
    assert client.get(departure(application, Kind.PASSPORT)).status_code == 404
    assert client.post(departure(application, Kind.PASSPORT), PASSPORT).status_code == 404
    assert not TravelDocument.objects.exists()


def test_somebody_elses_list_does_not_exist_and_strangers_sign_in_first(client: Client):
    application = going(with_checklist(opening_in(60)))
    assert client.get(departure(application)).status_code == 302
    client.force_login(person())

    assert client.get(departure(application)).status_code == 404
    assert client.post(departure(application, Kind.PASSPORT), PASSPORT).status_code == 404
    assert not TravelDocument.objects.exists()


def test_opening_the_pages_changes_nothing(client: Client):
    application = signed_in(client)

    client.get(departure(application))
    for kind in TYPED:
        assert client.get(departure(application, kind)).status_code == 200

    assert not Readiness.objects.exists()
    assert not Consent.objects.exists()


def test_the_list_asks_the_database_as_often_for_many_items_as_for_one(client: Client):
    application = signed_in(client)
    client.get(departure(application))
    with CaptureQueriesContext(
        connection,
    ) as many:
        client.get(departure(application))
    ChecklistItem.objects.exclude(kind=Kind.PASSPORT).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(departure(application))

    assert len(many) == len(one)


def test_without_a_checklist_the_page_says_that_it_is_coming(client: Client):
    application = signed_in(client, opening_in(60))

    page = client.get(departure(application))

    assert page.context["rows"] == []
    assert client.get(departure(application, Kind.PASSPORT)).status_code == 404


# --- handing in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TYPED)
def test_each_form_is_handed_in_and_shows_again_what_is_kept(
    client: Client, kind: str, language: str
):
    application = signed_in(client)
    path = departure(application, kind, language=language)
    empty = client.get(path)
    assert "checked" not in empty.content.decode()

    response = client.post(path, {**filled(empty), **TYPED[kind]})

    assert response.status_code == 302
    assert response.headers["Location"] == departure(application, language=language)
    at_once = kind in (Kind.EMERGENCY_CONTACT, Kind.ROLE_AGREEMENT)
    assert state_of(application, kind) == ("accepted" if at_once else "handed_in")
    consent = Consent.objects.get()
    assert (consent.given, consent.language, consent.subject) == (True, language, application)
    again = filled(client.get(path))
    for name, value in TYPED[kind].items():
        if name != "telephone":
            assert value in again[name]


def test_handing_in_twice_leaves_one_record_and_one_consent(client: Client):
    application = signed_in(client)
    path = departure(application, Kind.PASSPORT)

    for _time in range(2):
        assert client.post(path, PASSPORT).status_code == 302
    client.post(path, {**PASSPORT, "number": "m 765 b4321"})

    assert TravelDocument.objects.get().number == "M765B4321"
    assert Consent.objects.count() == 1
    assert Readiness.objects.count() == 1


def test_what_is_changed_after_it_was_accepted_is_checked_again(client: Client):
    application = signed_in(client)
    put(application, Kind.PASSPORT, "accepted")

    client.post(departure(application, Kind.PASSPORT), PASSPORT)

    assert state_of(application, Kind.PASSPORT) == "handed_in"


def test_what_is_kept_for_the_journey_is_a_cipher_in_the_table(client: Client):
    application = signed_in(client)
    for kind, typed in TYPED.items():
        client.post(departure(application, kind), typed)

    with connection.cursor() as cursor:
        found = []
        for table in ("traveldocument", "healthnote", "emergencycontact"):
            cursor.execute(f"select * from volunteers_{table}")
            found.append(str(cursor.fetchone()))

    for text in ("M123A4567", "GILDONG", "2031", "peanuts", "Hepatitis", "홍판서", "9876"):
        assert text not in "".join(found), text


# --- passports -----------------------------------------------------------------------------------


def journey() -> Opening:
    """Back on the last of a month that has more days than the sixth after it."""
    return with_checklist(
        OpeningFactory(departs_on=date(2027, 8, 24), returns_on=date(2027, 8, 31))
    )


@pytest.mark.parametrize(
    ("expires", "code"),
    [
        ("2020-01-01", "expired"),
        ("2027-08-31", "short"),
        ("2028-02-28", "short"),
        ("2028-02-29", ""),
        ("2028-03-01", ""),
        ("2028-02-30", "day"),
        ("soon", "day"),
        ("", "required"),
    ],
)
def test_a_passport_is_valid_for_six_months_after_the_return(
    client: Client, expires: str, code: str
):
    application = signed_in(client, journey())
    path = departure(application, Kind.PASSPORT, language="en")

    response = client.post(path, {**PASSPORT, "expires_on": expires})

    if not code:
        assert response.status_code == 302
        assert TravelDocument.objects.get().expires_on.isoformat() == expires
        return
    assert response.status_code == 422
    errors = response.context["form"].errors.as_data()
    assert [error.code for error in errors["expires_on"]] == [code]
    assert set(errors) == {"expires_on"}
    # A clear message, nothing half done, and nothing lost of what was typed.
    assert not TravelDocument.objects.exists()
    assert not Consent.objects.exists()
    assert not Readiness.objects.exists()
    kept = filled(response)
    assert kept["number"] == [PASSPORT["number"]]
    assert kept["expires_on"] == [expires]


def test_the_day_in_the_past_and_the_day_too_early_have_sentences_of_their_own(client: Client):
    application = signed_in(client, journey())
    path = departure(application, Kind.PASSPORT, language="en")

    past = client.post(path, {**PASSPORT, "expires_on": "2020-01-01"}).content.decode()
    short = client.post(path, {**PASSPORT, "expires_on": "2028-02-28"}).content.decode()

    assert "This date has passed, so the passport is no longer valid." in past
    assert "29 February 2028" in short


@pytest.mark.parametrize("number", ["990307-1234567", "9903071234567", "M12", "M123-홍길동", "💣"])
def test_what_is_no_passport_number_is_refused(client: Client, number: str):
    application = signed_in(client)

    response = client.post(departure(application, Kind.PASSPORT), {**PASSPORT, "number": number})

    assert response.status_code == 422
    errors = response.context["form"].errors["number"]
    assert (str(REFUSED) in errors) == number.startswith("99")
    assert not TravelDocument.objects.exists()


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.PASSPORT, "nationality"),
        (Kind.VACCINATION, "to_know"),
        (Kind.EMERGENCY_CONTACT, "relation"),
    ],
)
def test_resident_registration_numbers_are_refused_everywhere(client: Client, kind: str, name: str):
    application = signed_in(client)

    typed = {**TYPED[kind], name: "990307-1234567"}
    response = client.post(departure(application, kind), typed)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {name}
    assert not Readiness.objects.exists()


# --- consents ------------------------------------------------------------------------------------

SENSITIVE = (
    (Kind.PASSPORT, PASSPORT, "consent_identifier", TravelDocument),
    (Kind.VACCINATION, HEALTH, "consent_sensitive", HealthNote),
    (Kind.EMERGENCY_CONTACT, EMERGENCY, "consent_emergency", EmergencyContact),
)


@pytest.mark.parametrize(("kind", "typed", "consent", "model"), SENSITIVE)
def test_without_an_answer_nothing_is_taken(
    client: Client, kind: str, typed: dict, consent: str, model: Any
):
    application = signed_in(client)

    response = client.post(departure(application, kind), {**typed, consent: ""})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {consent}
    assert not model.objects.exists()


@pytest.mark.parametrize(("kind", "typed", "consent", "model"), SENSITIVE)
def test_who_refuses_is_called_and_nothing_of_theirs_is_kept(
    client: Client, kind: str, typed: dict, consent: str, model: Any
):
    application = signed_in(client)
    path = departure(application, kind)
    client.post(path, typed)
    assert model.objects.count() == 1

    response = client.post(path, {consent: "no.1"})

    assert response.status_code == 302
    assert not model.objects.exists()
    assert state_of(application, kind) == "by_phone"
    assert not consents.has_given(application, consent.removeprefix("consent_"))


@pytest.mark.every_case
@pytest.mark.parametrize(("kind", "typed", "consent", "model"), SENSITIVE)
def test_consent_taken_back_in_my_data_destroys_at_once(
    client: Client, kind: str, typed: dict, consent: str, model: Any
):
    application = signed_in(client)
    client.post(departure(application, kind), typed)
    given = Consent.objects.get()

    client.post(reverse("privacy:consent_withdraw", args=[given.pk]))

    assert not model.objects.exists()
    assert state_of(application, kind) == "by_phone"
    assert not consents.has_given(application, given.kind)


def test_a_promise_must_be_made(client: Client):
    application = signed_in(client)
    path = departure(application, Kind.ROLE_AGREEMENT)

    for answer in ({}, {"consent_role": "no.1"}):
        response = client.post(path, answer)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"consent_role"}

    assert state_of(application, Kind.ROLE_AGREEMENT) == ""


def test_an_answer_to_an_older_text_is_refused_once(client: Client):
    application = signed_in(client)
    text = ConsentText.objects.get(kind="identifier")
    new = consents.revise(text)
    ConsentText.objects.filter(pk=new.pk).update(valid_from=timezone.now())

    response = client.post(departure(application, Kind.PASSPORT), PASSPORT)

    assert response.status_code == 422
    (error,) = response.context["form"].errors.as_data()["consent_identifier"]
    assert error.code == "changed"
    assert not TravelDocument.objects.exists()


def test_without_a_text_in_force_nothing_can_be_asked_or_kept(client: Client):
    application = signed_in(client)
    ConsentText.objects.filter(kind="identifier").update(valid_from=None)
    path = departure(application, Kind.PASSPORT)

    assert 'name="number"' not in client.get(path).content.decode()
    response = client.post(path, PASSPORT)

    assert response.status_code == 200
    assert not TravelDocument.objects.exists()


# --- the others ----------------------------------------------------------------------------------


def test_a_guardian_is_asked_of_minors_alone(client: Client):
    adult = signed_in(client)
    path = departure(adult, Kind.GUARDIAN_CONSENT)
    assert client.get(path).status_code == 404
    assert client.post(path, GUARDIAN).status_code == 404

    born = timezone.localdate() - timedelta(days=17 * 365)
    minor = signed_in(client, volunteer__born_on=born)
    assert client.post(departure(minor, Kind.GUARDIAN_CONSENT), GUARDIAN).status_code == 302

    minor.refresh_from_db()
    assert (minor.guardian_name, minor.guardian_mobile) == ("홍판서", "+82 10 9876 5432")
    assert state_of(minor, Kind.GUARDIAN_CONSENT) == "handed_in"


def test_a_certificate_is_kept_replaced_and_given_to_its_owner_alone(
    client: Client, django_capture_on_commit_callbacks: Any
):
    application = signed_in(client)
    path = departure(application, Kind.INSURANCE)

    client.post(path, {"file": upload("보험.pdf", pdf())})
    first = InsuranceCertificate.objects.get()
    storage, old = first.file.storage, first.file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"file": upload("증권.png", picture("PNG"))})

    second = InsuranceCertificate.objects.get()
    assert second.name == "증권.png"
    assert state_of(application, Kind.INSURANCE) == "handed_in"
    address = reverse("volunteers:departure_file", args=[second.uuid])
    given = client.get(address)
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in given.headers["Cache-Control"]
    assert b"".join(given.streaming_content)
    client.force_login(person())
    assert client.get(address).status_code == 404
    assert storage.exists(second.file.name)
    assert not storage.exists(old)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"no pdf"), ("a.exe", b"MZ"), ("a.pdf", b"")]
)
def test_a_file_that_is_not_right_is_refused_and_nothing_is_kept(
    client: Client, name: str, content: bytes
):
    application = signed_in(client)

    response = client.post(departure(application, Kind.INSURANCE), {"file": upload(name, content)})

    assert response.status_code == 422
    assert not InsuranceCertificate.objects.exists()
    assert state_of(application, Kind.INSURANCE) == ""


@pytest.mark.parametrize("kind", [Kind.ORIENTATION, "nonsense"])
def test_what_has_no_form_has_no_page(client: Client, kind: str):
    application = signed_in(client)

    assert client.get(departure(application, kind)).status_code == 404
    assert client.post(departure(application, kind), {}).status_code == 404


def test_what_is_not_wanted_cannot_be_handed_in(client: Client):
    application = signed_in(client)
    ChecklistItem.objects.filter(kind=Kind.PASSPORT).update(is_wanted=False)

    assert client.post(departure(application, Kind.PASSPORT), PASSPORT).status_code == 404
    assert not TravelDocument.objects.exists()


def test_after_the_return_nothing_can_be_handed_in_any_more(client: Client):
    application = signed_in(client, with_checklist(opening_in(-20)), state=State.DEPLOYED)

    assert client.get(departure(application)).status_code == 200
    assert client.post(departure(application, Kind.PASSPORT), PASSPORT).status_code == 404
    assert not TravelDocument.objects.exists()
