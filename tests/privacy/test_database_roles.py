"""`docker/roles.sql`: with the portal's own role nobody bends the access log, and all else works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client

from oda_portal.privacy import consents, sealing
from oda_portal.privacy.closing import close_account
from oda_portal.privacy.models import AccessRecord, Consent
from tests.privacy.everything import NEEDLES, everything
from tests.privacy.samples import a_consent, a_look
from tests.privacy.searching import found_in_tables

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="roles are PostgreSQL's"),
]
SCRIPT = Path(settings.BASE_DIR) / "docker" / "roles.sql"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def may_run_the_script() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@pytest.fixture
def as_the_portal() -> Iterator[None]:
    """Signed in as portal_app; the roles go with the transaction of the test."""
    if not may_run_the_script():
        pytest.skip("the database that was given has no superuser for the tests")
    run("CREATE TABLE IF NOT EXISTS django_migrations (id bigint)")
    script = SCRIPT.read_text(encoding="utf-8").replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(script, [])
        cursor.execute(script, [])
    run("SET LOCAL ROLE portal_app")
    yield
    run("RESET ROLE")


FORBIDDEN = (
    "ALTER TABLE privacy_accessrecord DISABLE TRIGGER ALL",
    "ALTER TABLE privacy_consent DISABLE TRIGGER ALL",
    "DROP TRIGGER privacy_seal_no_update ON privacy_seal",
    "DROP TABLE privacy_accessrecord CASCADE",
    "TRUNCATE privacy_accessrecord CASCADE",
    "TRUNCATE privacy_destructionledger",
    "SET session_replication_role = replica",
    "UPDATE privacy_accessrecord SET reason = ''",
    "UPDATE privacy_accesssubject SET object_id = 1",
    "UPDATE privacy_seal SET sha256 = ''",
    "UPDATE privacy_consent SET given = true",
    "DELETE FROM privacy_seal",
    "DELETE FROM privacy_destructionledger",
    "DELETE FROM privacy_accessrecord",
    "CREATE TABLE of_its_own (id int)",
    "ALTER FUNCTION privacy_seal_no_update() OWNER TO portal_app",
    "DELETE FROM django_migrations",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_portal_cannot_bend_its_log(as_the_portal, statement: str):
    a_look()
    sealing.seal()
    a_consent()

    with pytest.raises(Error), transaction.atomic():
        run(statement)

    assert list(sealing.problems()) == []
    assert AccessRecord.objects.count() == 1


def test_everything_that_the_portal_does_it_still_may(
    as_the_portal, client: Client, django_capture_on_commit_callbacks
):
    user = everything(client)
    consent = Consent.objects.get(kind="speaker")
    sealing.seal()

    assert consents.take_back(consent, by=None) is not None
    with django_capture_on_commit_callbacks(execute=True):
        assert close_account(user)

    run("DELETE FROM mail_message WHERE kind = 'account_closed'")
    assert found_in_tables(NEEDLES) == set()
    assert not Consent.objects.filter(user=user.pk).exists()


def test_without_the_roles_the_owner_could(as_the_portal):
    """The guard of the tests above: as the owner the first statement is taken."""
    run("RESET ROLE")

    run("ALTER TABLE privacy_accessrecord DISABLE TRIGGER ALL")

    assert list(sealing.problems()) != []
    run("ALTER TABLE privacy_accessrecord ENABLE TRIGGER ALL")
