"""The back office: a file is sent, its report read, and taken over; twice-safe, for those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.accounts.roles import set_up_roles
from partners.iati import acts, tasks
from partners.models import IatiFile, PartnerActivity
from tests import factories
from tests.admin.forms import confirm
from tests.doors import sign_in_staff
from tests.partners.iati_files import REFERENCE, activity, iati, publisher, sent, taken

pytestmark = pytest.mark.django_db
State = IatiFile.State
ADD = "/admin/partners/iatifile/add/"


def of_staff(client: Client, role: str = "editor", language: str = "en") -> User:
    if not Group.objects.exists():
        set_up_roles()
    user = factories.StaffFactory(is_superuser=False, preferred_language=language)
    user.groups.set(Group.objects.filter(name=role))
    sign_in_staff(client, user)
    return user


def page(name: str, file: IatiFile) -> str:
    return reverse(f"admin:partners_iatifile_{name}", args=[file.pk])


def send(client: Client, content: bytes, organisation, **fields: str):  # type: ignore[no-untyped-def]
    form = {
        "organisation": organisation.pk,
        "licence": "CC BY 4.0",
        "url": "https://example.org/activities.xml",
        "upload": SimpleUploadedFile("activities.xml", content, "text/xml"),
        **fields,
    }
    return client.post(f"/en{ADD}", form)


def test_whole_way_from_sending_to_the_public_page(client: Client):
    factories.OfficeFactory()
    by = of_staff(client)

    answer = send(client, iati(activity(1), activity(2)), publisher())

    file = IatiFile.objects.get()
    assert answer["Location"].endswith(page("change", file))
    assert (file.state, file.by, file.url) == (
        State.WAITING,
        by,
        "https://example.org/activities.xml",
    )
    tasks.work_on_iati(file.pk)
    report = client.get(page("change", file))
    assert [number for _value, _label, number in report.context["counts"]] == [2, 0, 0, 0, 0]
    assert page("take", file) in report.content.decode()
    assert not PartnerActivity.objects.exists()

    asked = client.get(page("take", file)).content.decode()
    assert "CC BY 4.0" in asked
    client.post(page("take", file))
    tasks.work_on_iati(file.pk)

    file.refresh_from_db()
    assert file.state == State.TAKEN
    assert f"{REFERENCE}-2" in client.get(page("change", file)).content.decode()
    row = PartnerActivity.objects.first()
    assert client.get(row.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (iati(activity(1), version="1.05"), "1.05"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><iati-activities version="2.03"/>', "DOCTYPE"),
        (b'<iati-organisations version="2.03"/>', "organisations"),
        (b"PK\x03\x04 is no XML", "XML"),
    ],
)
def test_what_no_file_can_be_is_refused_in_the_form(client: Client, content: bytes, word: str):
    of_staff(client)

    answer = send(client, content, publisher())

    assert answer.status_code == 200
    [error] = answer.context["adminform"].form.errors["upload"]
    assert word in error
    assert not IatiFile.objects.exists()


@pytest.mark.parametrize("megabytes", [22, 28])
def test_file_above_the_limit_of_uploads_is_said_to_be_too_large(client: Client, megabytes: int):
    of_staff(client)
    padding = b"<!--" + b"x" * megabytes * 1_000_000 + b"-->"

    answer = send(
        client, iati(activity(1)).replace(b"</iati-act", padding + b"</iati-act", 1), publisher()
    )

    [error] = answer.context["adminform"].form.errors["upload"]
    assert "larger than 20 MB" in error
    assert not IatiFile.objects.exists()


def test_file_that_a_full_disk_refuses_is_not_called_empty(client: Client, settings):  # type: ignore[no-untyped-def]
    of_staff(client)
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"

    answer = send(client, iati(activity(1)), publisher())

    [error] = answer.context["adminform"].form.errors.as_data()["upload"]
    assert error.code == "file_store"
    assert not IatiFile.objects.exists()


def test_file_without_activities_is_refused_and_has_no_report(client: Client):
    of_staff(client)
    file = sent(iati(), publisher())

    page_of_it = client.get(page("change", file)).content.decode()

    assert (file.state, file.content) == (State.REFUSED, None)
    assert file.refusal in page_of_it
    assert "The checker finds" not in page_of_it
    assert page("take", file) not in page_of_it


def test_own_organisation_is_no_partner(client: Client):
    from programs.models import Publisher

    of_staff(client)
    office = factories.OrganisationFactory(org_ref="XI-IATI-TEST")
    Publisher.objects.create(organisation=office)

    answer = send(client, iati(activity(1)), office)

    assert "organisation" in answer.context["adminform"].form.errors
    assert not IatiFile.objects.exists()


def test_sent_twice_leads_to_the_same_row(client: Client):
    of_staff(client)
    organisation = publisher()

    first = send(client, iati(activity(1)), organisation)
    second = send(client, iati(activity(1)), organisation)

    assert first["Location"] == second["Location"]
    assert IatiFile.objects.count() == 1


def test_confirmed_twice_is_taken_over_once_and_said(client: Client):
    of_staff(client)
    file = sent(iati(activity(1)), publisher())

    client.post(page("take", file))
    again = client.post(page("take", file), follow=True)

    assert [message.level_tag for message in again.context["messages"]] == ["success", "warning"]
    acts.work_on(IatiFile.objects.get())
    assert PartnerActivity.objects.count() == 1


def test_file_that_reports_as_somebody_else_asks_for_a_tick(client: Client):
    of_staff(client)
    file = sent(iati(activity(1)), factories.OrganisationFactory(org_ref="XM-DAC-1"))

    asked = client.get(page("take", file)).content.decode()
    without = client.post(page("take", file))
    file.refresh_from_db()

    assert REFERENCE in asked
    assert 'type="checkbox" name="agreed"' in asked
    assert "agreed" in without.context["form"].errors
    assert file.state == State.READ
    client.post(page("take", file), {"agreed": "on"})
    file.refresh_from_db()
    assert file.state == State.CONFIRMED


def test_discarded_and_then_confirmed(client: Client):
    of_staff(client)
    file = sent(iati(activity(1)), publisher())

    client.post(page("discard", file))
    client.post(page("take", file))

    file.refresh_from_db()
    assert (file.state, file.content) == (State.DISCARDED, None)


def test_get_changes_nothing(client: Client):
    of_staff(client)
    file = sent(iati(activity(1)), publisher())

    for name in ("take", "discard", "progress", "change"):
        assert client.get(page(name, file)).status_code == 200

    file.refresh_from_db()
    assert file.state == State.READ


@pytest.mark.parametrize("role", ["reviewer", "translator_ko", "volunteer_coordinator"])
def test_others_are_refused(client: Client, role: str):
    file = sent(iati(activity(1)), publisher())
    of_staff(client, role)

    for name in ("take", "discard", "progress", "change"):
        assert client.post(page(name, file)).status_code in (403, 405), name
    assert client.get(ADD).status_code == 403

    file.refresh_from_db()
    assert file.state == State.READ


def test_report_is_shown_by_verdict_and_page_by_page(client: Client):
    of_staff(client)
    organisation = publisher()
    taken(iati(activity("old")), organisation)
    content = iati(*(activity(number) for number in range(120)), activity(3))
    file = sent(content, organisation)

    whole = client.get(page("change", file))
    refused = client.get(page("change", file) + "?verdict=refused")
    absurd = client.get(page("change", file) + "?verdict=no&page=1000000000")

    assert len(whole.context["page"].object_list) == 100
    assert [row.identifier for row in refused.context["page"]] == [f"{REFERENCE}-3"]
    assert absurd.status_code == 200
    assert f"{REFERENCE}-old" in whole.content.decode()


def test_words_of_a_file_are_no_markup_in_the_report(client: Client):
    of_staff(client)
    file = sent(iati(activity(1, title="&lt;script&gt;x()&lt;/script&gt;")), publisher())

    assert "<script>x()" not in client.get(page("change", file)).content.decode()


@pytest.mark.parametrize("number", [1, 120])
def test_report_asks_the_database_as_often_for_many(
    client: Client, number: int, django_assert_max_num_queries
):  # type: ignore[no-untyped-def]
    of_staff(client)
    file = sent(iati(*(activity(each) for each in range(number))), publisher())
    client.get(page("change", file))

    with django_assert_max_num_queries(30):
        client.get(page("change", file))


def test_file_nobody_works_at_is_found_again(monkeypatch: pytest.MonkeyPatch):
    file = acts.receive(
        iati(activity(1)),
        organisation=publisher(),
        licence="CC0",
        url="",
        by=factories.StaffFactory(),
    )
    called: list[int] = []
    monkeypatch.setattr(acts, "ring", called.append)

    tasks.resume_iati()
    IatiFile.objects.update(worked_at=timezone.now() - timedelta(minutes=2))
    tasks.resume_iati()

    assert called == [file.pk]


def test_file_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch):
    given = {"organisation": publisher(), "licence": "CC0", "url": ""}
    file = acts.receive(iati(activity(1)), by=factories.StaffFactory(), **given)

    def breaking_off(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "partners_iatifileentry" in sql:
            raise OperationalError("the connection was lost")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(breaking_off):
        for _turn in range(3):
            with pytest.raises(OperationalError):
                tasks.work_on_iati(file.pk)
    file.refresh_from_db()
    assert file.state == State.WAITING

    tasks.work_on_iati(file.pk)
    file.refresh_from_db()
    assert (file.state, bool(file.refusal), file.content) == (State.REFUSED, True, None)


def test_file_that_somebody_works_at_is_left_to_them():
    given = {"organisation": publisher(), "licence": "CC0", "url": ""}
    file = acts.receive(iati(activity(1)), by=factories.StaffFactory(), **given)
    cache.add(f"partners.iati:{file.pk}", True)

    tasks.work_on_iati(file.pk)

    file.refresh_from_db()
    assert file.state == State.WAITING


def test_refusals_are_in_the_language_of_who_sent_it():
    by = factories.StaffFactory(preferred_language="ko")
    file = sent(b"", publisher(), by=by)

    assert file.state == State.REFUSED
    assert file.refusal


def test_taking_down_an_activity_takes_it_off_the_site(
    client: Client, django_capture_on_commit_callbacks
):
    factories.OfficeFactory()
    of_staff(client)
    taken(iati(activity(1)), publisher())
    row = PartnerActivity.objects.get()
    assert client.get(row.get_absolute_url()).status_code == 200

    address = reverse("admin:partners_partneractivity_take_down", args=[row.pk])
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, address, reason="wrong")

    assert client.get(row.get_absolute_url()).status_code == 404
