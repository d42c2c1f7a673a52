"""Which models of this app public pages show."""

from django.utils.translation import gettext_lazy as _

from oda_portal.files import downloads
from oda_portal.library import uses
from oda_portal.publishing import changes, effects

from .models import (
    Agreement,
    City,
    Country,
    MeetingDocument,
    NetworkMeeting,
    NetworkMember,
    Organisation,
    PartnerActivity,
)


def register() -> None:
    _say_where_shown()
    changes.watch(
        Country, City, Organisation, Agreement, NetworkMember, NetworkMeeting, MeetingDocument,
        PartnerActivity,
    )  # fmt: skip
    # From then on its badge says that it was held.
    changes.watch_times(NetworkMeeting, "ends_at")
    downloads.register(Agreement, file="document")
    downloads.register(MeetingDocument)
    uses.register(Agreement, "document", texts=("title",))


def _say_where_shown() -> None:
    """Staff read it before they publish."""
    effects.shown_in(City, _("Shown in the list of partner cities, on the map and in the search."))
    effects.shown_in(Organisation, _("Shown in the list of organisations and in the search."))
    effects.shown_in(Agreement, _("Shown in the list of agreements and in the search."))
    effects.shown_in(
        NetworkMeeting,
        _("The public part is shown in the list of meetings and in the calendar."),
    )
