"""What the first page of the back office tells of partners: what waits, what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oda_portal.admin import Counted, remind
from oda_portal.desk import planned
from oda_portal.desk.planned import MOST, Entry, Kind, Stretch

from .models import ActionItem, Agreement, IatiFile, NetworkMeeting

# As the first mail about them goes out; and when it begins to press.
SOON, PRESSING = timedelta(days=90), timedelta(days=30)


def ending(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Of these agreements those that end within three months."""
    today = timezone.localdate()
    return rows.filter(valid_until__range=(today, today + SOON))


@remind
def ending_agreements(request: HttpRequest) -> Counted | None:
    """To whoever could extend one."""
    if not request.user.has_perm("partners.add_agreement"):
        return None
    return Counted(
        ending(Agreement.objects.all()),
        _agreements,
        f"{reverse('admin:partners_agreement_changelist')}?ends=soon",
        pressing=Q(valid_until__lte=timezone.localdate() + PRESSING),
        due="valid_until",
    )


def _agreements(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s agreement ends within three months.",
        "%(count)s agreements end within three months.",
        count,
    ) % {"count": count}


@remind
def overdue_items(request: HttpRequest) -> Counted | None:
    if not request.user.has_perm("partners.change_actionitem"):
        return None
    url = f"{reverse('admin:partners_actionitem_changelist')}?done=overdue"
    return Counted(ActionItem.objects.overdue(), _items, url, is_urgent=True, due="due_on")


def _items(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s action item of the network is overdue.",
        "%(count)s action items of the network are overdue.",
        count,
    ) % {"count": count}


@remind
def read_files(request: HttpRequest) -> Counted | None:
    """Files of partners that only wait for somebody to say yes or no."""
    if not request.user.has_perm("partners.add_iatifile"):
        return None
    rows = IatiFile.objects.filter(state=IatiFile.State.READ)
    url = reverse("admin:partners_iatifile_changelist")
    return Counted(rows, _files, f"{url}?state__exact={IatiFile.State.READ}")


def _files(count: int, pressing: int) -> str:
    return ngettext(
        "%(count)s file of a partner has been read and can be taken over.",
        "%(count)s files of partners have been read and can be taken over.",
        count,
    ) % {"count": count}


@planned.register
def meetings(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    if not request.user.has_perm("partners.view_networkmeeting"):
        return
    rows = NetworkMeeting.objects.filter(starts_at__range=stretch.times, cancelled_at=None)
    for meeting in rows.order_by("starts_at", "pk")[:MOST]:
        url = reverse("admin:partners_networkmeeting_change", args=[meeting.pk])
        sentence = _("“%(meeting)s” begins.") % {"meeting": meeting}
        yield Entry(meeting.starts_at, Kind.EVENT, sentence, url)


@planned.register
def last_days(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """Of agreements, for whoever could extend one."""
    if not request.user.has_perm("partners.add_agreement"):
        return
    rows = Agreement.objects.filter(valid_until__range=(stretch.first, stretch.last))
    for agreement in rows.order_by("valid_until", "pk")[:MOST]:
        url = reverse("admin:partners_agreement_change", args=[agreement.pk])
        sentence = _("“%(agreement)s” ends.") % {"agreement": agreement}
        yield Entry(agreement.valid_until, Kind.DEADLINE, sentence, url)  # type: ignore[arg-type]


@planned.register
def items_due(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """In sum of each day: whose they are is read in their list, where a look is recorded."""
    if not request.user.has_perm("partners.view_actionitem"):
        return
    rows = ActionItem.objects.open().filter(due_on__range=(stretch.first, stretch.last))
    found: dict[date, int] = {}
    for due_on in rows.order_by("due_on").values_list("due_on", flat=True)[: MOST * 5]:
        found[due_on] = found.get(due_on, 0) + 1
    for due_on, count in found.items():
        sentence = ngettext(
            "%(count)s action item of the network is due.",
            "%(count)s action items of the network are due.",
            count,
        ) % {"count": count}
        url = f"{reverse('admin:partners_actionitem_changelist')}?due_on={due_on}&done=open"
        yield Entry(due_on, Kind.DEADLINE, sentence, url)
