"""What the timer calls, and when: of what nobody calls, nobody sees that it is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from celery.schedules import crontab
from django.conf import settings

from oda_portal.celery import app

# Seconds; or minute, hour, day of the week, day of the month, in Korea.
SCHEDULE: dict[str, float | str] = {
    "care.look_after_everything": "20 2 * *",
    "certificates.resume": 60,
    "files.sweep_renditions": 300,
    "forums.remind": "*/10 9-20 * *",
    "jobs.drop_results": "45 * * *",
    "jobs.resume": 60,
    "library.take_in": 300,
    "mail.sweep": 30,
    "news.announce": 60,
    "news.renew_subscriptions": "0 10 * *",
    "news.send_digests": "*/5 * * *",
    "news.write_down_readers": 20,
    "partners.remind_of_agreements": "0 9-18 * *",
    "partners.remind_of_items": "*/10 9-18 mon *",
    "partners.resume_iati": 60,
    "privacy.deadlines": "20 8-17 * *",
    "privacy.destroy_due": "0 3 * *",
    "privacy.report": "10 9-17 * 1-3",
    "privacy.seal": "0 * * *",
    "programs.measure_reporting": "40 1 * *",
    "programs.publish_iati": "5 * * *",
    "publishing.settle": 30,
    "recovery.back_up": "40 3-8 * *",
    "reviews.release": 15,
    "seats.expire": 30,
    "structured.sweep_pictures": "30 4 * *",
    "translating.tell": "*/10 9-18 mon *",
    "volunteers.remind": 600,
    "volunteers.remind_of_departure": "20 9-20 * *",
    "volunteers.remind_of_interviews": 600,
    "volunteers.remind_to_answer": 600,
    "watching.look": 60,
    "watching.pulse": 15,
}
# As a worker begins, in a process where no test has imported anything.
REGISTERED = "from oda_portal.celery import app; app.loader.init_worker(); print(*app.tasks)"


def said(schedule: float | crontab) -> float | str:
    if not isinstance(schedule, crontab):
        return schedule
    assert str(schedule._orig_month_of_year) == "*"
    parts = (
        schedule._orig_minute,
        schedule._orig_hour,
        schedule._orig_day_of_week,
        schedule._orig_day_of_month,
    )
    return " ".join(map(str, parts))


def test_the_timer_calls_each_task_at_its_time():
    found = {entry["task"]: said(entry["schedule"]) for entry in app.conf.beat_schedule.values()}

    assert found == SCHEDULE
    assert len(app.conf.beat_schedule) == len(SCHEDULE)
    assert str(app.timezone) == "Asia/Seoul"


def test_a_worker_knows_each_task_that_the_timer_calls():
    asked = subprocess.run(
        [sys.executable, "-c", REGISTERED],
        cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
    )  # fmt: skip

    known = set(asked.stdout.split())
    assert set(SCHEDULE) - known == set()


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def test_no_task_waits_in_the_queue_for_its_time():
    """Redis gives a task that waits longer than the visibility timeout to a second worker: what is
    for later stands in a column, and the timer looks for it."""
    apps = ("oda_portal", "programs", "volunteers", "partners", "forums", "news")
    code = [path for app_name in apps for path in (settings.BASE_DIR / app_name).rglob("*.py")]
    waits = [
        f"{path}:{call.lineno}"
        for path in code
        for call in calls(path)
        if {"eta", "countdown", "retry_backoff", "autoretry_for"}
        & {one.arg for one in call.keywords}
    ]

    assert len(code) > 500
    assert waits == []
