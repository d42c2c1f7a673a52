"""Many who put back, bring back and publish the same at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oda_portal.audit.models import Transition
from oda_portal.publishing import histories
from oda_portal.publishing.models import Status
from programs.models import Program
from tests import factories
from tests.admin.forms import filled
from tests.doors import sign_in_staff

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time anyway"),
    pytest.mark.django_db(transaction=True),
]
PEOPLE = 6


def at_once(page: str) -> list[int]:
    """The answers to the page’s form, sent by all of them together."""
    clients = [Client() for _number in range(PEOPLE)]
    for client in clients:
        sign_in_staff(client, factories.StaffFactory())
    forms = [filled(client.get(page)) for client in clients]
    start = Barrier(PEOPLE)

    def send(client: Client, form: dict) -> int:
        start.wait()
        try:
            return client.post(page, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as threads:
        sent = [threads.submit(send, *each) for each in zip(clients, forms, strict=True)]
        return sorted(answer.result() for answer in sent)


def test_one_publishes_and_the_others_find_it_published():
    program = factories.ProgramFactory(status=Status.DRAFT)

    answers = at_once(reverse("admin:programs_program_publish", args=[program.pk]))

    assert answers == [302] * PEOPLE
    assert Transition.objects.count() == 1


def test_one_puts_back_and_the_others_are_told_that_it_changed():
    program = factories.ProgramFactory(title_ko="처음")
    Program.history.model.objects.update(history_date=timezone.now() - timedelta(days=1))
    moment = histories.in_address(timezone.now() - timedelta(hours=1))
    program.title_ko = "나중"
    program.save()

    answers = at_once(reverse("admin:programs_program_restore", args=[program.pk, moment]))

    assert answers == [200] * (PEOPLE - 1) + [302]
    assert program.history.count() == 3
    program.refresh_from_db()
    assert program.title_ko == "처음"


def back_of(program: Program, look: Callable[[str], str]) -> str:
    key = program.pk
    program.delete()
    number = Program.history.filter(pk__gt=0, id=key, history_type="-").get().pk
    return look(str(number))


def test_one_brings_back_and_nobody_makes_a_second():
    page = back_of(
        factories.ProgramFactory(),
        lambda number: reverse("admin:programs_program_bring_back", args=[number]),
    )

    answers = at_once(page)

    assert Program.objects.count() == 1
    assert answers.count(302) == 1
    assert set(answers) <= {200, 302, 404}
