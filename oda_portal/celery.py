"""The Celery application; its schedule is code, so that every copy of the portal ticks alike."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

app = Celery("oda_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "volunteers.remind": {"task": "volunteers.remind", "schedule": 600},
    "volunteers.tell_results": {"task": "volunteers.tell_results", "schedule": 30},
    "publishing.settle": {"task": "publishing.settle", "schedule": 30},
    "mail.sweep": {"task": "mail.sweep", "schedule": 30},
    "files.sweep_renditions": {"task": "files.sweep_renditions", "schedule": 300},
    "privacy.seal": {"task": "privacy.seal", "schedule": crontab(minute=0)},
    "privacy.destroy_due": {"task": "privacy.destroy_due", "schedule": crontab(hour=3, minute=0)},
}
