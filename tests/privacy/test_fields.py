"""A column that is a text in Python and a cipher in the table."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F

from oda_portal.mail.models import Message
from oda_portal.privacy.ciphers import CannotDecryptError, is_current
from oda_portal.privacy.fields import EncryptedTextField
from oda_portal.secrets import new_field_key

pytestmark = pytest.mark.django_db
SECRET = '{"link": "https://example.org/비밀"}'


def a_message(text: str = SECRET) -> Message:
    return Message.objects.create(kind="x", language="ko", to="a@example.org", sealed_context=text)


def stored(message: Message) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_context FROM mail_message WHERE id = %s", [message.pk])
        return cursor.fetchone()[0]


def test_the_table_holds_a_cipher_and_python_the_text():
    message = a_message()

    assert "비밀" not in stored(message)
    assert "example" not in stored(message)
    message.refresh_from_db()
    assert message.sealed_context == SECRET
    assert Message.objects.values_list("sealed_context", flat=True).get() == SECRET
    assert Message.objects.annotate(same=F("sealed_context")).get().same == SECRET


def test_an_update_and_a_bulk_write_encrypt_too():
    message = a_message("")
    assert stored(message) == ""

    Message.objects.update(sealed_context="하나")
    first = stored(message)
    message.sealed_context = "둘"
    Message.objects.bulk_update([message], ["sealed_context"])

    assert "하나" not in first
    assert "둘" not in stored(message)
    message.refresh_from_db()
    assert message.sealed_context == "둘"


@pytest.mark.parametrize(
    "question",
    [{"": SECRET}, {"__contains": "a"}, {"__in": [SECRET]}, {"__iexact": "a"}, {"__lower": "a"}],
)
def test_it_cannot_be_searched(question):
    with pytest.raises(FieldError):
        list(Message.objects.filter(**{f"sealed_context{end}": v for end, v in question.items()}))


def test_whether_there_is_one_can_be_asked():
    a_message()

    assert Message.objects.filter(sealed_context__isnull=False).count() == 1


def test_the_key_is_changed_row_by_row_and_the_old_one_may_go(settings, capsys):
    old, new = new_field_key(), new_field_key()
    settings.FIELD_KEYS = [old]
    message, empty = a_message(), a_message("")
    settings.FIELD_KEYS = [new, old]
    fresh = a_message("새것")
    before = stored(fresh)

    call_command("privacy", "rotate")
    settings.FIELD_KEYS = [new]

    message.refresh_from_db()
    assert message.sealed_context == SECRET
    assert is_current(stored(message))
    assert stored(fresh) == before
    assert stored(empty) == ""
    assert "mail.Message.sealed_context: 1 rewritten" in capsys.readouterr().out


def test_a_row_that_no_key_opens_says_so(settings):
    settings.FIELD_KEYS = [new_field_key()]
    message = a_message()
    settings.FIELD_KEYS = [new_field_key()]

    with pytest.raises(CannotDecryptError, match="FIELD_KEYS"):
        message.refresh_from_db()


def test_a_migration_names_the_field_and_nothing_of_the_keys():
    _name, path, args, kwargs = EncryptedTextField(blank=True).deconstruct()

    assert (path, args, kwargs) == (
        "oda_portal.privacy.fields.EncryptedTextField",
        [],
        {"blank": True},
    )
    written, _imports = MigrationWriter.serialize(EncryptedTextField(blank=True))
    assert written == "oda_portal.privacy.fields.EncryptedTextField(blank=True)"
    assert isinstance(EncryptedTextField(), models.TextField)
