"""`prepare`: everything that must be there before the portal can be started; safe to repeat."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from oda_portal.accounts.roles import set_up_roles
from oda_portal.care.models import Finding
from oda_portal.care.tasks import look_after_everything
from oda_portal.catalogues import compile_catalogues
from oda_portal.demo import people
from oda_portal.languages import path_in
from oda_portal.migrating import is_empty, make_at_once
from oda_portal.privacy import consent_texts, retention
from oda_portal.search.models import SearchEntry
from oda_portal.styles import build_stylesheet


class Command(BaseCommand):
    help = "Set the portal up: tables, stylesheet, catalogues and, in the demonstration, content."
    # The rest takes longer than the command itself, and ./runtests asks for it.
    requires_system_checks = [checks.Tags.security]

    def handle(self, *args: Any, **options: Any) -> None:
        self.migrate()
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        build_stylesheet()
        made = compile_catalogues()
        if made:
            self.stdout.write(f"Catalogues: {len(made)} compiled.")
        set_up_roles()
        # A city's texts begin as drafts, which its privacy officer completes and puts in force.
        consent_texts.load(in_force=settings.DEMO)
        retention.load_rules()
        if settings.DEMO:
            call_command("load_demo", stdout=self.stdout)
            people.open_doors()
            self.show_doors()
        else:
            self.close_doors()
        self.fill_search()
        self.look_after_content()
        self.show_addresses()

    def migrate(self) -> None:
        if connection.vendor == "sqlite" and is_empty(connection):
            make_at_once(connection)
            # Nothing is left of it but kinds of content and permissions.
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write("Database: tables made.")
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write("Database: tables brought up to date.")

    def fill_search(self) -> None:
        """What was loaded can be found from the first minute; later the worker sees to it."""
        if not SearchEntry.objects.exists():
            call_command("search_rebuild", stdout=self.stdout)

    def look_after_content(self) -> None:
        """What was loaded has its findings soon, and not only after the first night."""
        if not Finding.objects.exists():
            transaction.on_commit(look_after_everything.delay, robust=True)

    def close_doors(self) -> None:
        for email in people.close_doors():
            self.stdout.write(f"{email}: the demonstration's password no longer opens anything.")

    def show_doors(self) -> None:
        for line in people.doors():
            self.stdout.write(line)

    def show_addresses(self) -> None:
        self.stdout.write("Addresses:")
        for code, name in settings.LANGUAGES:
            self.stdout.write(f"  {settings.SITE_URL}{path_in('/', code)}  {name}")
        self.stdout.write(f"  {settings.SITE_URL}/admin/")
