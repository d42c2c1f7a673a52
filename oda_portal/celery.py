"""The Celery application; its schedule is code, so that every copy of the portal ticks alike."""

import os

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

TRANSPORT_ALIASES["filesystem"] = "oda_portal.folder_broker:Transport"

app = Celery("oda_portal", task_cls="oda_portal.watching.watched_task:WatchedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_scheduler = "oda_portal.watching.working:WatchedScheduler"
app.steps["worker"] |= {
    "oda_portal.watching.working:SignsOfLife",
    "oda_portal.watching.working:OwnFigures",
}
app.autodiscover_tasks()
app.autodiscover_tasks(
    [
        "forums.registering",
        "news.subscribing",
        "partners.iati",
        "partners.meetings",
        "programs.reporting",
    ]
)

app.conf.beat_schedule = {
    "watching.pulse": {"task": "watching.pulse", "schedule": 15},
    "watching.look": {"task": "watching.look", "schedule": 60},
    "volunteers.remind": {"task": "volunteers.remind", "schedule": 600},
    "volunteers.remind_to_answer": {"task": "volunteers.remind_to_answer", "schedule": 600},
    "reviews.release": {"task": "reviews.release", "schedule": 15},
    "seats.expire": {"task": "seats.expire", "schedule": 30},
    "volunteers.remind_of_interviews": {
        "task": "volunteers.remind_of_interviews",
        "schedule": 600,
    },
    # By day: it is about weeks, and nobody is woken by it.
    "volunteers.remind_of_departure": {
        "task": "volunteers.remind_of_departure",
        "schedule": crontab(minute=20, hour="9-20"),
    },
    "publishing.settle": {"task": "publishing.settle", "schedule": 30},
    # By day: nobody is woken by it.
    "forums.remind": {"task": "forums.remind", "schedule": crontab(minute="*/10", hour="9-20")},
    # About Monday at nine; more often, so that a run that was killed goes on.
    "partners.remind_of_items": {
        "task": "partners.remind_of_items",
        "schedule": crontab(minute="*/10", hour="9-18", day_of_week="mon"),
    },
    "partners.remind_of_agreements": {
        "task": "partners.remind_of_agreements",
        "schedule": crontab(minute=0, hour="9-18"),
    },
    "news.announce": {"task": "news.announce", "schedule": 60},
    # About Monday at nine in Korea; more often, so that a run that was killed goes on.
    "news.send_digests": {"task": "news.send_digests", "schedule": crontab(minute="*/5")},
    "news.renew_subscriptions": {
        "task": "news.renew_subscriptions",
        "schedule": crontab(hour=10, minute=0),
    },
    # Besides soon after each change: a call may be lost, and dates pass.
    "programs.publish_iati": {"task": "programs.publish_iati", "schedule": crontab(minute=5)},
    # Changes are measured within a minute; rules of a new version are not told by any.
    "programs.measure_reporting": {
        "task": "programs.measure_reporting",
        "schedule": crontab(hour=1, minute=40),
    },
    # About Monday at nine; more often, so that a run that was killed goes on.
    "translating.tell": {
        "task": "translating.tell",
        "schedule": crontab(minute="*/10", hour="9-18", day_of_week="mon"),
    },
    "mail.sweep": {"task": "mail.sweep", "schedule": 30},
    "news.write_down_readers": {"task": "news.write_down_readers", "schedule": 20},
    "partners.resume_iati": {"task": "partners.resume_iati", "schedule": 60},
    "jobs.resume": {"task": "jobs.resume", "schedule": 60},
    "jobs.drop_results": {"task": "jobs.drop_results", "schedule": crontab(minute=45)},
    "certificates.resume": {"task": "certificates.resume", "schedule": 60},
    "library.take_in": {"task": "library.take_in", "schedule": 300},
    "files.sweep_renditions": {"task": "files.sweep_renditions", "schedule": 300},
    "structured.sweep_pictures": {
        "task": "structured.sweep_pictures",
        "schedule": crontab(hour=4, minute=30),
    },
    # On the first, by day; again on the next two, so that a machine that was off makes up for it.
    "privacy.report": {
        "task": "privacy.report",
        "schedule": crontab(minute=10, hour="9-17", day_of_month="1-3"),
    },
    # At night: what changes is looked at within a minute; days pass and files go by themselves.
    "care.look_after_everything": {
        "task": "care.look_after_everything",
        "schedule": crontab(hour=2, minute=20),
    },
    # By day, and again: what was sent today is not sent twice.
    "privacy.deadlines": {
        "task": "privacy.deadlines",
        "schedule": crontab(minute=20, hour="8-17"),
    },
    "privacy.seal": {"task": "privacy.seal", "schedule": crontab(minute=0)},
    "privacy.destroy_due": {"task": "privacy.destroy_due", "schedule": crontab(hour=3, minute=0)},
    # After what is over its time went. More often, so that a machine that was off makes up for it.
    "recovery.back_up": {
        "task": "recovery.back_up",
        "schedule": crontab(minute=40, hour="3-8"),
    },
}
