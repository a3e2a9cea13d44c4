"""The accounts app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        # They register how rows find their person, what stands in an archive and what comes with one, and listen.
        from . import arriving, bans, browsers, consent, identity, notices, reclaiming, recovery, replaying, second_factor, vcard  # noqa: F401
        from .misconduct import objecting  # noqa: F401

        recovery.listen()
        # Behind this app in INSTALLED_APPS: by then the permissions of the others are there.
        post_migrate.connect(renew_roles, sender=apps.get_app_config("auth"))


def renew_roles(using, **migrated):
    """Groups of roles follow the software by themselves (test_a_group_of_before_gets_what_its_role_got_since)."""
    from .misconduct import roles

    roles.renew(using)
