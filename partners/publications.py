"""Which models of this app public pages show."""

from oda_portal.publishing import changes

from .models import Agreement, City, Country, Organisation


def register() -> None:
    changes.watch(Country, City, Organisation, Agreement)
