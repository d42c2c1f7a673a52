"""The log says in the reader's language what was done beside looking."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from oda_portal.accounts.roles import set_up_roles
from oda_portal.languages import path_in
from oda_portal.privacy.admin.parts import PARTS
from oda_portal.privacy.models import AccessRecord, Act
from tests.doors import sign_in_staff
from tests.factories import StaffFactory

APPS = ("oda_portal", "partners", "programs", "volunteers", "forums", "news")
# `what="answer"` of an admin, and `what="certificates.certificate pdf"` of a view.
SAID = re.compile(r'(?:what|WHAT) ?= ?"(?:[a-z]+\.[a-z]+ ?)?([^"{}]*)"')


def sources() -> list[Path]:
    folders = [settings.BASE_DIR / app for app in APPS]
    return [path for folder in folders for path in folder.rglob("*.py")]


def test_whatever_the_code_writes_into_the_log_has_words():
    said = {
        part
        for path in sources()
        if "record_look" in (text := path.read_text()) or ".look(" in text or "seated(" in text
        for part in SAID.findall(text)
    }

    assert {"answer", "pdf", "history", "touched"} <= said
    assert said - {""} <= PARTS.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "지원서 · 변경 이력"), ("en", "Application · History"), ("zh-hans", "· 修改记录")],
)
def test_the_officer_reads_them_in_their_language(client: Client, language: str, words: str):
    set_up_roles()
    officer = StaffFactory(is_superuser=False)
    officer.groups.add(Group.objects.get(name="privacy_officer"))
    sign_in_staff(client, officer)
    AccessRecord.objects.create(
        account="a@example.org", act=Act.DETAIL, what="volunteers.application history"
    )

    page = client.get(path_in(reverse("admin:privacy_accessrecord_changelist"), language))

    assert words in page.content.decode()
