"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        # They register how rows find their person, what stands in an archive and what comes with one, and listen.
        from . import arriving, bans, browsers, consent, identity, notices, reclaiming, recovery, replaying, second_factor, vcard  # noqa: F401
        from .misconduct import objecting  # noqa: F401

        recovery.listen()
