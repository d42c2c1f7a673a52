"""`privacy`: check the access log, and write encrypted columns anew with the first key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from oda_portal.accounts import second_factor
from oda_portal.privacy import sealing
from oda_portal.privacy.ciphers import is_current
from oda_portal.privacy.fields import EncryptedTextField

BATCH = 500


class Command(BaseCommand):
    help = "Personal data: `verify` the access log, `seal` it now, `rotate` the encryption keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "seal", "rotate"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"verify": self.verify, "seal": self.seal, "rotate": self.rotate}[options["act"]]()

    def verify(self) -> None:
        """Exit code 1 when anybody changed, added or removed a look."""
        found = list(sealing.problems())
        for problem in found:
            self.stdout.write(problem)
        if found:
            raise CommandError(f"The access log is not as it was written: {len(found)} problems")
        self.stdout.write("The access log is as it was written.")

    def seal(self) -> None:
        made = sealing.seal()
        self.stdout.write(f"Sealed: {made}" if made else "Nothing to seal.")

    def rotate(self) -> None:
        """What another key than the first wrote is written anew; after it the others may go."""
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, EncryptedTextField):
                    count = _rewrite(model, field)
                    self.stdout.write(f"{model._meta.label}.{field.name}: {count} rewritten")
        count = second_factor.write_secrets_anew()
        self.stdout.write(f"{Authenticator._meta.label}.data: {count} rewritten")


def _rewrite(model: Any, field: EncryptedTextField) -> int:
    """Row by row, and only where the cipher is still the one that was read."""
    table, key, column = (
        connection.ops.quote_name(name)
        for name in (model._meta.db_table, model._meta.pk.column, str(field.column))
    )
    read = f"SELECT {column} FROM {table} WHERE {key} = %s"  # noqa: S608  (names of our own)
    write = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
    rewritten = 0
    numbers = model._base_manager.order_by("pk").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        for pk in numbers.iterator(chunk_size=BATCH):
            cursor.execute(read, [pk])
            row = cursor.fetchone()
            if row and row[0] and not is_current(row[0]):
                plain = field.from_db_value(row[0], None, connection)
                cursor.execute(write, [field.get_prep_value(plain), pk, row[0]])
                rewritten += cursor.rowcount
    return rewritten
