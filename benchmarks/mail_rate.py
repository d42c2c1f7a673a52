"""How fast the outbox empties, beside bare loops over smtplib to the same local server.

One loop writes a letter to each person, as a script would (`EmailMessage`, `send_message`), over
one connection; the other sends the same ready bytes again and again, which nobody's mail is.

    python benchmarks/mail_rate.py [how many, 10000 unless said]

Uses a database of its own, made for the purpose: SQLite in a temporary folder, or, with
DATABASE_URL, a test database on that server. The goal: at least 0.8 of the loop that writes
letters, and memory that does not grow.
"""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

GOAL = 0.8
HANDFUL = 1000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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


def memory() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def writing_loop(port: int, text: str, html: str, number: int) -> float:
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for person in range(number):
            letter = EmailMessage()
            letter["Subject"] = "보내지 못한 이메일이 있습니다"
            letter["From"] = "portal@localhost"
            letter["To"] = f"person{person}@example.org"
            letter.set_content(text)
            letter.add_alternative(html, subtype="html")
            line.send_message(letter)
    return number / (time.perf_counter() - begin)


def bare_loop(port: int, letter: bytes, number: int) -> float:
    begin = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(number):
            line.sendmail("portal@localhost", ["person@example.org"], letter)
    return number / (time.perf_counter() - begin)


def fill_outbox(number: int) -> None:
    from oda_portal.mail.outbox import post

    context = {"failed": 12, "unknown": 3}
    for person in range(number):
        post(
            "staff_mail_failed",
            to=f"person{person}@example.org",
            name=f"홍길동 {person}",
            language=("ko", "en", "zh-hans")[person % 3],
            context=context,
            path="/accounts/",
        )


def drain() -> float:
    from oda_portal.mail import delivery
    from oda_portal.mail.models import Message

    number, highest = Message.objects.count(), 0.0
    begin = time.perf_counter()
    before = memory()
    while delivery.run().unfinished:
        highest = max(highest, memory())
        print(f"  {Message.objects.filter(state='sent').count():>6} sent, {memory():.1f} MB")
    rate = number / (time.perf_counter() - begin)
    sent = Message.objects.filter(state="sent").count()
    print(f"  {sent:>6} sent, {memory():.1f} MB; before {before:.1f} MB")
    if sent != number:
        raise SystemExit(f"{number - sent} of {number} were not sent")
    return rate


def measure(number: int) -> float:
    from django.conf import settings
    from django.db import transaction

    from oda_portal.mail import delivery
    from oda_portal.mail.models import Message
    from oda_portal.mail.rendering import Stationery

    with transaction.atomic():
        fill_outbox(number)
        transaction.get_connection().run_on_commit.clear()  # no worker is to be called
    message = Message.objects.order_by("pk")[0]
    mail = delivery.letter_for(message, Stationery())
    letter, html = mail.wire(), str(mail.alternatives[0][0])
    port = settings.EMAIL_PORT
    bare_loop(port, letter, 200)
    ready = bare_loop(port, letter, number)
    print(f"bare loop, ready bytes:     {ready:.0f} mails/s ({len(letter)} bytes each)", flush=True)
    written = writing_loop(port, str(mail.body), html, number)
    print(f"bare loop, written letters: {written:.0f} mails/s", flush=True)
    ours = drain()
    print(
        f"outbox: {ours:.0f} mails/s: {ours / written:.2f} of written, {ours / ready:.2f} of ready"
    )
    return ours / written


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        os.environ["VAR_DIR"] = folder
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")
        import django

        django.setup()
        import logging

        from django.db import connection

        logging.getLogger("oda_portal").setLevel(logging.WARNING)
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        server = start_server(port)
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            if measure(number) < GOAL:
                raise SystemExit(f"below {GOAL}")
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            server.terminate()


if __name__ == "__main__":
    main()
