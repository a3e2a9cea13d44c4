"""The usage app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    name = "usage"
    verbose_name = _("usage")

    def ready(self):
        # What comes with an archive and what stands in one; a step of erasure; what they listen to.
        from . import arriving, bookmarks, erasure, feedback, sign_ins  # noqa: F401
