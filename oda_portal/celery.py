"""The Celery application; its schedule is code, so that every copy of the portal ticks alike."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oda_portal.settings")

app = Celery("oda_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "publishing.settle": {"task": "publishing.settle", "schedule": 30},
    "files.sweep_renditions": {"task": "files.sweep_renditions", "schedule": 300},
}
