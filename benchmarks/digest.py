"""What the weekly mails to 10,000 subscribers cost: CPU for each, and memory that does not grow.

    python benchmarks/digest.py [how many, 10000 unless said]

Twenty articles; every subscriber chose something else. Uses a database of its own, made for the
purpose: SQLite in a temporary folder, or, with DATABASE_URL, a test database on that server.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

ARTICLES = 20
# What the memory may differ by, after the first handfuls and at the end.
FLAT = 5.0  # MB
WARM = 5


def memory() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


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
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")
        import django

        django.setup()
        from django.db import connection

        from oda_portal.mail import outbox

        outbox._silent_until = float("inf")  # nobody is to be called
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure(number)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
