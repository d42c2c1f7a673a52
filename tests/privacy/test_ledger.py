"""What was destroyed is written down twice: in the database, and beside it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from oda_portal.privacy import ledger
from oda_portal.privacy.models import DestructionLedger

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_that_takes_nothing_stops_nobody_and_is_made_up_for(settings, tmp_path):
    settings.LEDGER_FILE = tmp_path / "in-the-way" / "destroyed.jsonl"
    settings.LEDGER_FILE.parent.write_text("a file where the folder should be")

    with transaction.atomic():
        ledger.write("inquiries", 7, rule="its time is over")

    assert DestructionLedger.objects.get().object_id == 7
    settings.LEDGER_FILE.parent.unlink()
    assert ledger.complete() == 1
    assert settings.LEDGER_FILE.read_text().count("its time is over") == 1


def test_without_the_file_nobody_says_that_all_is_destroyed_again():
    with pytest.raises(CommandError, match="no ledger of what was destroyed"):
        call_command("destroy_again")
