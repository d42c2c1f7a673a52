"""What the first page of the back office tells of the news: readers, and the weekly email."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from news.models import DailyViews, Subscription
from news.models.subscriptions import Pace
from news.subscribing.digests import HOUR, WEEKDAY
from oda_portal.desk import days, planned
from oda_portal.desk.planned import Entry, Kind, Stretch


@planned.register
def digests(request: HttpRequest, stretch: Stretch) -> Iterator[Entry]:
    """The weekly emails, and how many people get one if there is news until then."""
    if not request.user.has_perm("news.view_subscription"):
        return
    mondays = [at for at in _mondays(stretch) if stretch.holds(at)]
    if not mondays:
        return
    count = Subscription.objects.active().filter(pace=Pace.WEEKLY).count()
    url = f"{reverse('admin:news_subscription_changelist')}?pace__exact={Pace.WEEKLY}"
    for at in mondays if count else []:
        sentence = ngettext(
            "The weekly email goes to up to %(count)s reader.",
            "The weekly email goes to up to %(count)s readers.",
            count,
        ) % {"count": count}
        yield Entry(at, Kind.MAIL, sentence, f"{url}&state__exact=active")


def _mondays(stretch: Stretch) -> Iterator[datetime]:
    day = stretch.first + timedelta(days=(WEEKDAY - stretch.first.weekday()) % 7)
    while day <= stretch.last:
        yield timezone.make_aware(datetime.combine(day, time(HOUR)))
        day += timedelta(days=7)


days.register(
    days.Chart(
        "readers",
        gettext_lazy("Readers of news"),
        [
            days.Series(
                gettext_lazy("readers"), lambda: DailyViews.objects.all(), "day", total="count"
            )
        ],
        lambda user: user.has_perm("news.view_article"),
        lambda: reverse("admin:news_article_changelist"),
    )
)
