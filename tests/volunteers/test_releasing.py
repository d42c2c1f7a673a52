"""The time of the results: what it sets off is shown, and is what happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oda_portal.mail.models import Message
from oda_portal.reviews import decisions
from tests.admin.forms import filled
from tests.factories import OfficeFactory
from tests.volunteers.rounds import applicant, decide, opening_in_review, states
from tests.volunteers.staff import page_of, signed_in_as
from volunteers.models import Call

pytestmark = pytest.mark.django_db

PAST = timezone.localtime(timezone.now() - timedelta(hours=1))


def asked(client: Client, call: Call, **changes: str):
    page = page_of("call_change", call.pk, language="en")
    Call.objects.filter(pk=call.pk).update(closes_at=PAST - timedelta(days=1))
    form = filled(client.get(page), **changes)
    return client.post(page, form, follow=True)


def out_now() -> dict[str, str]:
    return {"released_at_0": PAST.strftime("%Y-%m-%d"), "released_at_1": PAST.strftime("%H:%M:%S")}


def test_the_results_go_out_after_it_was_shown_who_is_told_what(client: Client):
    OfficeFactory()
    opening = opening_in_review(5)
    chosen, refused = applicant(opening), applicant(opening)
    decide(chosen, "select")
    decide(refused, "not_select")
    signed_in_as(client, "volunteer_coordinator")
    before = Call.objects.get().released_at

    shown = asked(client, opening.call, **out_now())

    assert Call.objects.get().released_at == before
    page = shown.context["page"]
    assert sorted(effect.count for effect in page.effects) == [0, 1, 1]
    html = shown.content.decode()
    for application in (chosen, refused):
        assert str(application.volunteer) not in html
    client.post(shown.redirect_chain[-1][0], filled(shown))
    decisions.release_due()
    told = {message.context["sentence"] for message in Message.objects.all()}
    letters = [letter.letter.text for effect in page.effects for letter in effect.letters]
    assert len(told) == 2
    assert all(any(sentence in text for text in letters) for sentence in told)
    assert set(states(chosen, refused)) == {"selected", "not_selected"}


def test_a_decision_meanwhile_brings_the_page_back(client: Client):
    OfficeFactory()
    opening = opening_in_review(5)
    first, second = applicant(opening), applicant(opening)
    decide(first, "select")
    signed_in_as(client, "volunteer_coordinator")
    shown = asked(client, opening.call, **out_now())
    decide(second, "not_select")

    again = client.post(shown.redirect_chain[-1][0], filled(shown))

    assert again.context["has_changed"]
    assert Call.objects.get().released_at > timezone.now()
    assert decisions.release_due() == 0


def test_without_decisions_the_time_is_simply_saved(client: Client):
    OfficeFactory()
    opening = opening_in_review(5)
    signed_in_as(client, "volunteer_coordinator")

    asked(client, opening.call, **out_now())

    assert Call.objects.get().released_at < timezone.now()
