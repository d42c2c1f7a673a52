"""Findings in the back office: on the record, as a report, and called fine."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oda_portal.audit.models import Transition
from oda_portal.care.models import Finding
from tests import factories
from tests.care.samples import a_finding, looked_after
from tests.doors import sign_in_staff
from tests.volunteers.staff import signed_in_as

pytestmark = pytest.mark.django_db

LIST = "/en/admin/care/finding/"


def form_of(finding: Finding) -> str:
    return f"/en/admin/partners/city/{finding.object_id}/change/"


def fine(finding: Finding) -> str:
    return f"{LIST}{finding.pk}/fine/"


def test_a_record_shows_what_it_lacks_with_the_way_to_the_field(client: Client):
    finding = a_finding()
    signed_in_as(client, "editor")

    page = client.get(form_of(finding)).content.decode()

    assert f'href="{form_of(finding)}#id_intro_ko"' in page
    assert 'id="id_intro_ko"' in page
    assert "The link “/no/” leads nowhere." in page
    assert fine(finding) in page


def test_the_report_lists_and_filters_and_counts(client: Client):
    broken, old = a_finding(), a_finding(kind="old", column="", about="", language="")
    aside = a_finding(kind="small", column="photos")
    aside.call_fine(by=factories.StaffFactory(), reason="A logo.")
    signed_in_as(client, "editor")

    page = client.get(LIST)

    assert set(page.context["cl"].queryset) == {broken, old}
    assert [(kind.value, number) for kind, number in page.context["lines"]] == [
        ("broken", 1), ("old", 1),
    ]  # fmt: skip
    assert 'id="care-t"' in page.content.decode()
    only = client.get(f"{LIST}?kind__exact=old").context["cl"]
    assert [*only.queryset] == [old]
    assert [*client.get(f"{LIST}?state=fine").context["cl"].queryset] == [aside]
    assert client.get(f"{LIST}?state=all").context["cl"].result_count == 3


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", None), ("/en", "The link “/no/” leads nowhere."), ("/zh-hans", None)],
)
def test_the_report_as_a_file_has_what_the_list_has(client: Client, prefix: str, said: str | None):
    finding = a_finding(about="=cmd", facts={"link": "=cmd"})
    a_finding(kind="old", column="", about="")
    signed_in_as(client, "editor")

    answer = client.get(f"{prefix}/admin/care/finding/csv/?kind__exact=broken")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = csv.reader(io.StringIO(text))
    assert len(head) == len(row) == 9
    assert row[0] == str(finding.subject) or prefix
    assert "=cmd" in row[2]
    assert row[8].endswith("#id_intro_ko")


def test_called_fine_it_is_told_of_no_more_until_its_text_changes(client: Client):
    page = factories.PageFactory(body_ko='<p><a href="/no/">a</a></p>')
    (finding,) = looked_after(page)
    staff = signed_in_as(client, "editor")
    address = fine(finding)
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": " "}).context["form"].errors

    answer = client.post(address, {"reason": "Soon there."}, follow=True)

    assert "is marked as fine until its text changes" in answer.content.decode()
    finding.refresh_from_db()
    assert (finding.set_aside_by, finding.reason) == (staff, "Soon there.")
    assert Transition.objects.get(to_state="fine").by == staff
    looked_after(page)
    assert not Finding.objects.open().exists()

    page.body_ko = '<p>New words. <a href="/no/">a</a></p>'
    page.save()
    looked_after(page)

    assert Finding.objects.open().get() == finding
    assert Transition.objects.filter(from_state="fine", to_state="open", by=None).count() == 1


def test_fine_twice_is_once_and_can_be_taken_up_again(client: Client):
    finding = a_finding()
    staff = signed_in_as(client, "editor")

    client.post(fine(finding), {"reason": "a"})
    client.post(fine(finding), {"reason": "b"})

    finding.refresh_from_db()
    assert finding.reason == "a"
    assert Transition.objects.filter(to_state="fine").count() == 1
    again = f"{LIST}{finding.pk}/take-up/"
    assert client.get(again).status_code == 405
    client.post(again)
    client.post(again)
    finding.refresh_from_db()
    assert finding.is_open
    assert Transition.objects.filter(to_state="open", by=staff).count() == 1
    with pytest.raises(ValueError, match="reason"):
        finding.call_fine(by=staff, reason="")


def test_many_are_called_fine_for_one_reason(client: Client):
    findings = [a_finding() for _number in range(3)]
    signed_in_as(client, "editor")
    chosen = {"action": "call_selected_fine", "_selected_action": [one.pk for one in findings[:2]]}

    asked = client.post(LIST, chosen)
    assert [row for row, _url in asked.context["rows"]] == findings[1::-1]
    client.post(LIST, {**chosen, "sure": "yes", "reason": "Both are."})

    assert [*Finding.objects.open()] == findings[2:]


def test_more_than_stand_on_a_page_are_not_called_fine_at_once(client: Client, monkeypatch):
    monkeypatch.setattr("oda_portal.care.admin.MOST_FINE", 2)
    findings = [a_finding() for _number in range(3)]
    signed_in_as(client, "editor")
    chosen = {"action": "call_selected_fine", "_selected_action": [one.pk for one in findings]}

    answer = client.post(LIST, {**chosen, "sure": "yes", "reason": "All are."}, follow=True)

    assert "More than 2 records are selected." in answer.text
    assert Finding.objects.open().count() == 3


def test_translators_read_and_others_see_only_what_they_may(client: Client):
    finding = a_finding()
    call = factories.CallFactory()
    theirs = a_finding(
        content_type=type(finding.content_type).objects.get_for_model(call), object_id=call.pk,
        column="guide_en", language="en",
    )  # fmt: skip
    signed_in_as(client, "translator_en")
    assert set(client.get(LIST).context["cl"].queryset) == {finding, theirs}
    assert client.get(fine(finding)).status_code == 403
    assert fine(finding) not in client.get(form_of(finding)).content.decode()
    assert client.post(fine(finding), {"reason": "x"}).status_code == 403

    coordinator = Client()
    signed_in_as(coordinator, "volunteer_coordinator")

    assert coordinator.post(fine(theirs), {"reason": "x"}).status_code == 302
    assert coordinator.post(fine(finding), {"reason": "x"}).status_code == 403
    assert Finding.objects.open().get() == finding
    stranger = Client()
    signed_in_as(stranger, "reviewer")
    assert stranger.get(LIST).status_code == 403
    assert stranger.get(f"{LIST}csv/").status_code == 403


def test_the_first_page_counts_what_each_may_put_right(client: Client):
    a_finding()
    a_finding(language="en", column="intro_en")
    for role, count in (("editor", 2), ("translator_en", 1), ("network_manager", 2)):
        visitor = Client()
        signed_in_as(visitor, role)

        (reminder,) = [
            one for one in visitor.get("/en/admin/").context["reminders"] if "care" in one.url
        ]

        assert reminder.count == count, role
        assert visitor.get(reminder.url).context["cl"].result_count == count
    coordinator = Client()
    signed_in_as(coordinator, "volunteer_coordinator")
    assert "finding" not in str(coordinator.get("/en/admin/").context["reminders"])


@pytest.mark.thorough
def test_the_report_asks_the_database_as_often_for_many_as_for_one(client: Client):
    sign_in_staff(client, factories.StaffFactory())
    a_finding()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _number in range(20):
        a_finding()

    with CaptureQueriesContext(connection) as many:
        assert client.get(LIST).context["cl"].result_count == 21

    assert len(many) == len(one) <= 24


def test_what_is_gone_and_unknown_is_not_found(client: Client):
    sign_in_staff(client, factories.StaffFactory())

    for page in ("fine", "take-up"):
        assert client.post(f"{LIST}99999/{page}/", {"reason": "x"}).status_code == 404
    assert client.get(reverse("admin:care_finding_csv") + "?kind__exact=%27").status_code == 200
