"""Which models of this app public pages show."""

from oda_portal.files import downloads
from oda_portal.publishing import changes

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
    changes.watch(
        Country, City, Organisation, Agreement, NetworkMember, NetworkMeeting, MeetingDocument,
        PartnerActivity,
    )  # fmt: skip
    # From then on its badge says that it was held.
    changes.watch_times(NetworkMeeting, "ends_at")
    downloads.register(Agreement, file="document")
    downloads.register(MeetingDocument)
