"""How fast the outbox empties, beside a bare loop over smtplib to the same local server.

The loop sends the same ready bytes again and again over one connection, which nobody's mail is.
Both take turns of about a second, so that whatever else the machine does meets both; the ratio is
the median of the turns. Sender, mail server and PostgreSQL want two cores: while something else
keeps one busy, the sender, which has more to do than the loop, falls behind.

    [DATABASE_URL=…] python -m benchmarks.mail_rate [mails]

10,000 unless said, in a database of its own, made for the purpose: on the server of DATABASE_URL,
or SQLite. The goal: at least 0.8 of the loop, and memory that does not grow.
"""

from __future__ import annotations

import logging
import os
import smtplib
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.places import numbered, own_database, set_up
from benchmarks.usage import memory
from tests.ports import free_port

GOAL = 0.8
TURN = 1000
SECONDS = 1.0
# What the memory may differ by, first turn and last.
FLAT = 5.0  # MB


def start_server(port: int) -> subprocess.Popen[bytes]:
    """A mail server in a process of its own, that takes everything and keeps nothing."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "aiosmtpd",
            "-n",
            "-c",
            "aiosmtpd.handlers.Sink",
            "-l",
            f"127.0.0.1:{port}",
        ]
    )
    for _try in range(100):
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the mail server did not start")


def bare_loop(port: int, letter: bytes, number: int) -> float:
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(number):
            line.sendmail("portal@localhost", ["person@example.org"], letter)
    return time.perf_counter() - begin


def fill_outbox(number: int) -> None:
    from django.db import transaction

    from oda_portal.mail.outbox import post

    context = {"failed": 12, "unknown": 3}
    with transaction.atomic():
        for person in range(number):
            post(
                "staff_mail_failed",
                to=f"person{person}@example.org",
                name=f"홍길동 {person}",
                language=("ko", "en", "zh-hans")[person % 3],
                context=context,
                path="/accounts/",
            )
        transaction.get_connection().run_on_commit.clear()  # no worker is to be called


def a_letter() -> bytes:
    from oda_portal.mail import delivery
    from oda_portal.mail.models import Message
    from oda_portal.mail.rendering import Stationery

    return delivery.letter_for(Message.objects.order_by("-pk")[0], Stationery()).wire


def measure(number: int, port: int) -> None:
    from django.db import connection

    from oda_portal.mail import delivery
    from oda_portal.mail.models import Message

    fill_outbox(200)
    letter = a_letter()
    delivery.run()  # the first mails of a process load what all others use
    fill_outbox(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a server that runs for a minute has done so
    ratios, sent, held = [], 0, [memory()]
    while True:
        bare = TURN / bare_loop(port, letter, TURN)
        begin = time.perf_counter()
        turn = delivery.run(SECONDS)
        ours = turn.sent / (time.perf_counter() - begin)
        ratios.append(ours / bare)
        sent += turn.sent
        held.append(memory())
        print(
            f"{sent:>6} sent, {held[-1]:.1f} MB; bare loop {bare:.0f} mails/s, outbox {ours:.0f}: "
            f"{ratios[-1]:.2f}",
            flush=True,
        )
        if not turn.unfinished:
            break
    if left := Message.objects.exclude(state="sent").count():
        raise SystemExit(f"{left} were not sent")
    ratio = statistics.median(ratios)
    print(f"median of {len(ratios)} turns: {ratio:.2f}; memory {held[0]:.1f} to {held[-1]:.1f} MB")
    if ratio < GOAL:
        raise SystemExit(f"below {GOAL}")
    if held[-1] - held[0] > FLAT:
        raise SystemExit("the memory grew")


def main() -> None:
    number = numbered(__doc__, 10_000, of="mails").parse_args().number
    port = free_port()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    set_up()
    # Written as in production, but not into what this prints.
    logging.getLogger().handlers = [logging.FileHandler(Path(os.environ["VAR_DIR"], "log"))]
    server = start_server(port)
    try:
        with own_database():
            measure(number, port)
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
