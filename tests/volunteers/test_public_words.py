"""The names of states are the office's own: on no page, in no mail and in no file for applicants."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from oda_portal.privacy.archive import archive_of
from tests.factories import OfficeFactory, RequiredDocumentFactory, StaffFactory
from tests.letters import delivered
from tests.volunteers.applicants import address, answers, person
from tests.volunteers.test_states import placed
from volunteers import actions, mails
from volunteers.forms import STEPS
from volunteers.models import Application, Call, State

pytestmark = pytest.mark.django_db

# In Korean pages and mails no word of English is said, so each of these is a name of the code's.
NAMES = re.compile(rf"\b({'|'.join(State.values)})\b", re.IGNORECASE)
# What HTML itself calls so.
MARKUP = re.compile(r"<option[^>]*\sselected[^>]*>")


def written(application: Application) -> Application:
    for step, values in answers(*application.call.openings.all()).items():
        assert application.write(step, {**values, "language": "ko"}, base=application.base_of(step))
    return application


def pages(application: Application) -> Iterator[str]:
    """Everywhere that an applicant can go."""
    call, own = application.call, application.get_absolute_url()
    yield from (own, f"{own}withdraw/", "/volunteers/mine/", "/accounts/")
    yield from (address("begin", call), call.get_absolute_url())
    yield from (address("apply_step", call, step) for step in STEPS)
    yield address("apply_send", call)


def letters(application: Application) -> Iterator[tuple[str, str]]:
    """All that can be mailed about it, text and HTML."""
    in_days = timezone.localdate() + timedelta(days=3)
    actions.ask(application, text="언제 오십니까?", by=StaffFactory(), answer_by=in_days)
    mails.draft_saved(application)
    mails.deadline_near(application, hours=24)
    mails.received(application)
    mails.state_announced(application)
    mails.withdrawn(application)
    mails.call_changed(application, what="한 주 늦춥니다.", stamp="a")
    for letter in delivered():
        yield f"mail {letter.subject}", f"{letter.subject}\n{letter.body}"
        yield f"HTML of {letter.subject}", letter.alternatives[0][0]


def given_out(application: Application) -> Iterator[tuple[str, str]]:
    """The download: names of its files, and the JSON."""
    with zipfile.ZipFile(io.BytesIO(archive_of(application.volunteer.user).read())) as archive:
        yield "names in the download", "\n".join(archive.namelist())
        yield "data.json", archive.read("data.json").decode()


def everything(client: Client, application: Application) -> Iterator[tuple[str, str]]:
    for path in pages(application):
        response = client.get(path, follow=True)
        assert response.status_code in (200, 409), path
        yield path, MARKUP.sub("", response.content.decode())
    yield from letters(application)
    yield from given_out(application)


# While the call is open, an applicant can be in these alone and do more with them.
OPEN = ("draft", "submitted", "withdrawn")


@pytest.mark.parametrize(
    ("state", "is_open"),
    [*((state, False) for state in State.values), *((state, True) for state in OPEN)],
)
def test_no_page_mail_or_file_names_an_internal_state(client: Client, state: str, is_open: bool):
    OfficeFactory()
    user = person(preferred_language="ko")
    application = placed(state, user)
    RequiredDocumentFactory(call=application.call)
    if is_open:
        later = timezone.now() + timedelta(days=9)
        times = {"closes_at": later, "released_at": None, "confirm_by": None}
        Call.objects.filter(pk=application.call_id).update(**times)
    Application.objects.filter(pk=application.pk).update(language="ko")
    application = written(Application.objects.get(pk=application.pk))
    client.force_login(user)

    seen = dict(everything(client, application))

    assert len(seen) > 20
    found = {where: sorted(set(NAMES.findall(text))) for where, text in seen.items()}
    assert {where: names for where, names in found.items() if names} == {}
