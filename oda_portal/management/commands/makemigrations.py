from django.core.management.commands.makemigrations import Command as Base

from oda_portal.migrating import WordlessAutodetector


class Command(Base):
    autodetector = WordlessAutodetector
