"""What the weekly mails to 10,000 subscribers cost: CPU for each, and memory that does not grow.

    [DATABASE_URL=… REDIS_URL=… FIELD_KEYS=…] python -m benchmarks.digest [subscribers]

Twenty articles; every subscriber chose something else. In a database of its own, which it makes and
takes away.
"""

from __future__ import annotations

import time
from datetime import timedelta

from benchmarks.places import numbered, own_database, set_up
from benchmarks.usage import memory

ARTICLES = 20
# What the memory may differ by, after the first handfuls and at the end.
FLAT = 5.0  # MB
WARM = 5


def fill(number: int) -> None:
    from django.utils import timezone

    from news.models import Article, Subscription
    from news.models.subscriptions import CONSENT_LASTS, State
    from partners.models import Country
    from programs.models import Theme

    now = timezone.now()
    before = now - timedelta(days=15)
    countries = [
        Country.objects.create(code=f"A{letter}", alpha3=f"A{letter}X", name_ko=f"나라 {letter}")
        for letter in "BCDEFGHIJK"
    ]
    themes = [Theme.objects.create(slug=f"theme-{n}", name_ko=f"주제 {n}") for n in range(5)]
    kinds = ["notice", "press", "story", "photo"]
    for n in range(ARTICLES):
        article = Article.objects.create(
            slug=f"article-{n}", kind=kinds[n % 4], status="published", title_ko=f"새 소식 {n}",
            title_en=f"News item {n}", title_zh_hans=f"新闻{n}", body_ko="<p>글</p>" * 500,
            registered_at=now - timedelta(days=8),
        )  # fmt: skip
        article.countries.add(countries[n % 10])
        article.themes.add(themes[n % 5])
    for start in range(0, number, 1000):
        rows = Subscription.objects.bulk_create(
            Subscription(
                email=f"reader{n}@example.org", language=("ko", "en", "zh-hans")[n % 3],
                kinds=kinds[: n % 4], state=State.ACTIVE, asked_at=before, confirmed_at=before,
                covered_until=before, reconfirm_by=before + CONSENT_LASTS,
            )
            for n in range(start, min(start + 1000, number))
        )  # fmt: skip
        for row in rows[::3]:
            row.countries.add(*countries[: row.pk % 9 + 1])


def measure(number: int) -> None:
    from django.utils import timezone

    from news.models import Announcement
    from news.subscribing import announcing, digests
    from oda_portal.mail.models import Message

    fill(number)
    announcing.notice()
    # Public a week ago: told by whichever weekly mail comes next.
    early = timezone.now() - timedelta(days=8)
    Announcement.objects.update(public_at=early, noticed_at=early)
    stock = digests.Stock.until(digests.last_end(timezone.now()))
    held, sent, begin = [], 0, time.process_time()
    while (queued := digests._handful(stock)) is not None:
        sent += queued
        held.append(memory())
        if len(held) % 20 == 1:
            print(f"{len(held) * digests.HANDFUL:>6} subscribers, {held[-1]:.1f} MB", flush=True)
    spent = time.process_time() - begin
    assert sent == Message.objects.count()
    print(f"{sent} mails to {number} subscribers, {1000 * spent / number:.2f} ms CPU each")
    first = held[min(WARM, len(held)) - 1]
    print(f"memory first {first:.1f} MB, last {held[-1]:.1f} MB, most {max(held):.1f} MB")
    if held[-1] - first > FLAT:
        raise SystemExit("the memory grew")


def main() -> None:
    number = numbered(__doc__, 10_000, of="subscribers").parse_args().number
    set_up()
    from oda_portal.mail import outbox

    outbox._silent_until = float("inf")  # nobody is to be called
    with own_database():
        measure(number)


if __name__ == "__main__":
    main()
