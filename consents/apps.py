"""The consents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    name = "consents"
    verbose_name = _("consents")

    def ready(self):
        from . import erasure, rectification  # noqa: F401 - a step of erasure, and who is told of a correction
