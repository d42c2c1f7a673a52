"""A backup comes back whole into an empty database, or is refused and nothing has changed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from oda_portal.accounts.models import User
from oda_portal.mail.models import Message, State
from oda_portal.privacy import ledger
from oda_portal.recovery import making
from oda_portal.recovery.archive import ABOUT, Writer
from oda_portal.recovery.envelope import Sealer, new_pair
from oda_portal.recovery.folder import backups
from oda_portal.recovery.postgres import figures
from tests.factories import ProgramFactory, UserFactory
from tests.faults.line import line
from tests.files.samples import full_disk
from tests.mail.examples import a_mail
from tests.recovery.places import (
    a_backup,
    bring_back,
    empty_machine,
    files_below,
    key_file,
    nothing_there,
    on_postgresql,
    sealed,
)

pytestmark = [on_postgresql, pytest.mark.django_db(transaction=True)]


def a_site() -> None:
    """Rows and files of every kind that is hard to carry."""
    UserFactory(name='홍길동\t\\N "quoted"\n二', email="hong@example.org")
    ProgramFactory()
    Session.objects.create(session_key="k" * 32, session_data="x", expire_date=timezone.now())
    for root, name, content in (
        (settings.PRIVATE_ROOT, "a/b/원본.pdf", b"%PDF" + bytes(range(256)) * 5000),
        (settings.PRIVATE_ROOT, "empty", b""),
        (settings.MEDIA_ROOT, "renditions/one.avif", b"picture"),
    ):
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_everything_comes_back_equal_but_who_was_signed_in(tmp_path: Path):
    a_site()
    before = figures()
    files = files_below(settings.PRIVATE_ROOT, settings.MEDIA_ROOT)
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        bring_back(backup, tmp_path)

        assert figures() == before
        assert files_below(settings.PRIVATE_ROOT, settings.MEDIA_ROOT) == files
        assert User.objects.get().name.startswith("홍길동\t\\N")
        assert not Session.objects.exists()
        # Numbers go on where they were.
        assert UserFactory().pk > User.objects.order_by("pk").first().pk
    assert "accounts_user" in before
    assert "django_session" not in before


@pytest.mark.thorough
def test_a_mail_that_may_have_gone_out_since_is_left_to_staff(tmp_path: Path):
    waiting, sent = a_mail("a@example.org"), a_mail("b@example.org")
    Message.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=timezone.now())
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        bring_back(backup, tmp_path)

        states = dict(Message.objects.values_list("pk", "state"))
    assert states == {waiting.pk: State.UNKNOWN, sent.pk: State.SENT}


def test_verify_says_what_is_in_the_file(tmp_path: Path):
    a_site()
    out = StringIO()

    call_command("backup_verify", a_backup(tmp_path), "--key", key_file(tmp_path), stdout=out)

    assert out.getvalue().startswith("Whole: ")
    assert f"{len(figures())} tables" in out.getvalue()
    assert "3 files" in out.getvalue()


def test_a_database_that_is_not_empty_is_left_as_it_is(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    UserFactory()
    before = figures()

    with pytest.raises(CommandError, match="not empty"):
        bring_back(backup, tmp_path)

    assert figures() == before


def test_without_the_ledger_nothing_changes_unless_that_is_said(tmp_path: Path):
    """Whoever was destroyed since the backup would be back, and nobody would know."""
    a_site()
    before = figures()
    backup = a_backup(tmp_path / "backups")
    command = ("restore", backup, "--key", key_file(tmp_path))

    with empty_machine(tmp_path / "other"):
        with pytest.raises(CommandError, match="no ledger of what was destroyed"):
            call_command(*command)
        assert nothing_there()

        out = StringIO()
        call_command(*command, "--no-ledger", stdout=out)

        assert figures() == before
        assert "There was no ledger" in out.getvalue()
        later = UserFactory()
        with pytest.raises(CommandError, match="no ledger of what was destroyed"):
            call_command(*command, "--replace")
        assert User.objects.filter(pk=later.pk).exists()


def test_a_ledger_that_cannot_be_read_changes_nothing(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    Path(settings.LEDGER_FILE).mkdir(parents=True)

    with empty_machine(tmp_path / "other"):
        with pytest.raises(CommandError, match="ledger of what was destroyed cannot be read"):
            call_command("restore", backup, "--key", key_file(tmp_path))

        assert nothing_there()


@pytest.mark.thorough
def test_an_old_ledger_is_told_and_what_the_replaced_tables_knew_is_kept(tmp_path: Path):
    a_site()
    for number in (7001, 7002):
        ledger.write("pages.inquiry", number, rule="test")
    backup = a_backup(tmp_path / "backups")
    first, _second = filter(None, settings.LEDGER_FILE.read_text().splitlines())
    settings.LEDGER_FILE.write_text(first + "\n")

    with empty_machine(tmp_path / "other"):
        said = bring_back(backup, tmp_path)
        ledger.write("pages.inquiry", 7003, rule="test")
        settings.LEDGER_FILE.write_text(first + "\n")
        again = bring_back(backup, tmp_path, "--replace")

        known = {line.object_id for line in ledger.lines()}
    assert "Lines that only the backup had: 1." in said
    assert "old copy" not in again
    assert known >= {7001, 7002, 7003}


@pytest.mark.thorough
def test_replacing_takes_away_what_the_backup_does_not_have(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")

    with empty_machine(tmp_path / "other"):
        bring_back(backup, tmp_path)
        before = figures(), files_below(settings.PRIVATE_ROOT)
        UserFactory()
        (Path(settings.PRIVATE_ROOT) / "later.pdf").write_bytes(b"later")
        (Path(settings.PRIVATE_ROOT) / "empty").write_bytes(b"no more")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE of_a_later_version (id int)")

        bring_back(backup, tmp_path, "--replace")

        assert (figures(), files_below(settings.PRIVATE_ROOT)) == before


def test_with_another_key_nothing_changes(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    other = tmp_path / "other.key"
    other.write_text(new_pair().secret)
    with empty_machine(tmp_path / "other"):
        with pytest.raises(CommandError, match="does not open"):
            call_command("restore", backup, "--key", other, "--no-ledger")

        assert nothing_there()


def test_a_damaged_file_changes_nothing(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    content = backup.read_bytes()
    places = [int(len(content) * at) for at in (0.02, 0.5, 0.999)]
    cut = [content[:place] for place in places]
    altered = [
        content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] for place in places
    ]

    with empty_machine(tmp_path / "other"):
        for damaged in cut + altered:
            backup.write_bytes(damaged)
            with pytest.raises(CommandError, match=r"damaged|cut short"):
                bring_back(backup, tmp_path)

        assert nothing_there()


OTHER = {
    "newer tables": ({"migrations": [["programs", "9999_later"]]}, "newer version"),
    "newer format": ({"format": 99}, "format 99"),
    "other database": ({"database": "sqlite"}, "is of sqlite"),
    "other keys": (
        {"field_keys": Fernet(Fernet.generate_key()).encrypt(b"x").decode()},
        "FIELD_KEYS",
    ),
}


@pytest.mark.parametrize("case", OTHER)
def test_what_does_not_fit_is_refused_before_anything_changes(tmp_path: Path, case: str):
    values, said = OTHER[case]
    about = {**making.about(timezone.now()), **values}

    def write(sealer: Sealer) -> None:
        with Writer(sealer) as writer:
            writer.put_json(ABOUT, about)

    with empty_machine(tmp_path / "other"):
        with pytest.raises(CommandError, match=said):
            bring_back(sealed(tmp_path / "file", write), tmp_path)

        assert nothing_there()


@pytest.mark.thorough
def test_lost_field_keys_can_be_said(settings: Any, tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    before = figures()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with empty_machine(tmp_path / "other"):
        bring_back(backup, tmp_path, "--keys-lost")

        assert figures() == before


@pytest.mark.thorough
def test_a_disk_that_is_full_while_bringing_back_changes_nothing(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")
    before = figures()

    with empty_machine(tmp_path / "other"):
        with full_disk(room=20_000), pytest.raises(CommandError, match="nothing was brought back"):
            bring_back(backup, tmp_path)

        assert nothing_there()
        bring_back(backup, tmp_path)
        found = figures()
    assert found == before
    lost = sum(found.get(table) != one for table, one in before.items())
    print(line("disk full, a backup is brought back", len(before), lost=lost, errors=1))


def test_a_disk_that_is_full_while_backing_up_leaves_no_file(tmp_path: Path):
    a_site()

    with full_disk(room=100_000), pytest.raises(making.RecoveryError, match="could not be written"):
        a_backup(tmp_path / "backups")

    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]
    a_backup(tmp_path / "backups")
    whole = len(backups(tmp_path / "backups"))
    assert whole == 1
    print(line("disk full, a backup is written", 1, lost=1 - whole, repeated=whole - 1, errors=1))


def test_no_file_holds_a_word_of_it_in_the_clear(tmp_path: Path):
    a_site()
    backup = a_backup(tmp_path / "backups")

    for content in files_below(tmp_path / "backups").values():
        assert b"hong@example.org" not in content
        assert b"%PDF" not in content
    assert oct(backup.stat().st_mode & 0o777) == "0o600"


def test_without_a_key_nothing_is_written(settings: Any, tmp_path: Path):
    settings.BACKUP_KEY = []

    with pytest.raises(CommandError, match="BACKUP_KEY"):
        call_command("backup", tmp_path / "backups")

    assert not (tmp_path / "backups").exists()
