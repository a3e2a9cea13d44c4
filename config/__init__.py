"""The project: the settings, addresses and worker of one running Inzage."""

from .celery import app as celery_app

__all__ = ["celery_app"]
