"""The engine as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    label = "privacy"
    verbose_name = _("privacy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("personal_data")
        from . import (
            guard,
            guard_postgresql,
            tasks,  # noqa: F401 - registers the worker's tasks and listens for ready acts
        )
        from .casework import (
            replaying,  # noqa: F401 - registers what is done again after a restore
            weighing,  # noqa: F401 - listens for objections and decisions
        )
        from .datamap import checks  # noqa: F401 - registers the checks, once every map is declared
        from .evidence import ledger_checks  # noqa: F401 - registers a check
        from .pages import step_up  # noqa: F401 - listens for who signs in
        from .rights import cleaning, looking, removing, setting_aside, successors  # noqa: F401 - register their steps
        from .rights import replaying as holds_again  # noqa: F401 - registers the same of holds

        guard.watch()
        guard_postgresql.watch()
