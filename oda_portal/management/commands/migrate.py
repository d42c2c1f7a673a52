from django.core.management.commands.migrate import Command as Base

from oda_portal.migrating import WordlessAutodetector


class Command(Base):
    autodetector = WordlessAutodetector
