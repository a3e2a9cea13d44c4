"""System checks: an unclassified column stops every command (docs/checks.md lists them with their repair)."""

from django.apps import apps
from django.core.checks import CheckMessage, Tags, register

from ..maps import registry
from . import activities, arrivals, columns, declarations, host, probe, ways

STATIC = [*declarations.CHECKS, *columns.CHECKS, *ways.CHECKS, *activities.CHECKS, *host.CHECKS, *arrivals.CHECKS]


@register("privacy")
def check_data_map(app_configs=None, **kwargs) -> list[CheckMessage]:
    return [message for check in STATIC for message in check(models_of(app_configs), registry)]


@register("privacy", Tags.database)
def probe_treatments(app_configs=None, databases=None, **kwargs) -> list[CheckMessage]:
    """Where a database is named: by `check --database default`, and by `migrate` for the apps that it leaves as they are."""
    found = []
    for alias in databases or []:
        waiting = probe.apps_waiting_for_migrate(alias)
        models = [model for model in models_of(app_configs) if model._meta.app_label not in waiting]
        found += probe.check(models, registry, alias)
    return found


def models_of(app_configs=None) -> list[type]:
    """Every model of every installed app, unmanaged ones and many-to-many tables too; a proxy has no table of its own."""
    labels = {config.label for config in app_configs or apps.get_app_configs()}
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if not model._meta.proxy and model._meta.app_label in labels]
