"""The worker: messages only wake it, the database row is the truth."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("inzage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
