"""The consents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    name = "consents"
    verbose_name = _("consents")

    def ready(self):
        # A step of erasure, who is told of a correction or restriction, what is done again after a restore, and what programs are told.
        from . import ending, erasure, rectification, replaying, restricting  # noqa: F401
        from .signals import hiding, settling  # noqa: F401
        from .transfer import leaving  # noqa: F401
