"""The usage app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsageConfig(AppConfig):
    name = "usage"
    verbose_name = _("usage")

    def ready(self):
        from . import feedback, sign_ins  # noqa: F401 - they listen to what happens with addresses and at the door
