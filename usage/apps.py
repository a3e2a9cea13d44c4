"""The usage app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    name = "usage"
    verbose_name = _("usage")

    def ready(self):
        from . import bookmarks, erasure, feedback, sign_ins  # noqa: F401 - a file of the archive; a step of erasure; what they listen to
