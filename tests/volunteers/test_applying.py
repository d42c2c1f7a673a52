"""The whole way through the pages, as a person goes it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from oda_portal.mail.models import Message
from oda_portal.privacy.models import Consent
from tests.consents import texts_in_force
from tests.factories import ConditionFactory, OpeningFactory, RequiredDocumentFactory
from tests.files.samples import picture, upload
from tests.volunteers.applicants import address, answers, person, post_step
from volunteers.models import Application, State, Volunteer

pytestmark = pytest.mark.django_db


def test_a_person_applies_from_the_check_to_the_receipt(client: Client):
    texts_in_force()
    opening = OpeningFactory()
    call = opening.call
    condition = ConditionFactory(call=call)
    document = RequiredDocumentFactory(call=call)
    user = person(preferred_language="en")
    client.force_login(user)

    checked = client.post(
        address("check", call), {"born_on": "1999-03-07", f"condition_{condition.pk}": "yes"}
    )
    assert checked.url == address("begin", call)
    assert not Application.objects.exists()
    begun = client.post(checked.url)
    assert begun.url == address("apply_step", call, "about")
    for step, values in answers(opening).items():
        response = post_step(client, call, step, values)
        assert response.status_code == 302, (step, response.context["form"].errors)
    file = upload("재직 증명서.png", picture("PNG"))
    post_step(client, call, "documents", {f"document_{document.pk}": file})
    review = client.get(address("apply_send", call))
    assert review.context["wrong"] == []
    done = client.post(address("apply_send", call))

    application = Application.objects.get()
    assert done.url == application.get_absolute_url()
    assert application.state == State.SUBMITTED
    assert application.receipt
    assert application.sent_at
    assert application.files.get().name == "재직 증명서.png"
    assert [choice.opening for choice in application.choices.all()] == [opening]
    volunteer = Volunteer.objects.get()
    assert (volunteer.name, volunteer.born_on) == ("홍길동", date(1999, 3, 7))
    assert volunteer.mobile == "+82 10 1234 5678"
    assert {(row.kind, row.given) for row in Consent.objects.all()} == {
        ("general", True),
        ("third_party", False),
        ("overseas", False),
        ("photo", True),
        ("promotion", False),
    }
    message = Message.objects.get(kind="application_received")
    assert (message.to, message.language) == (user.email, "en")
    assert message.context["code"] == application.receipt
    page = client.get(done.url).content.decode()
    assert application.receipt in page
