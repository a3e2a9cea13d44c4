"""What the register of Art. 30 would lack: E017, W002."""

from collections import Counter

from ...conf import setting
from .messages import error, is_empty, maps_of, warning

ASKED = ("purpose", "lawful_bases", "persons", "retention", "transfers", "security", "source")


def incomplete_activities(models, registry):
    """Also the second of two activities under one name, whose entries would mix."""
    found = _activities(models, registry)
    slugs = Counter(activity.slug for activity in found)
    for activity, model in found.items():
        missing = [name for name in ASKED if not getattr(activity, name) or is_empty(getattr(activity, name))]
        if missing:
            defect = f"Activity `{activity.slug}` lacks {', '.join(missing)}."
            yield error(17, model, defect, "Art. 30(1) asks for it: fill it in where the Activity is made.")
        if slugs[activity.slug] > 1:
            yield error(17, model, f"Two activities are called `{activity.slug}`.", "Give each its own slug, or share one Activity.")


def nameless_organisation(models, registry):
    named = {"CONTROLLER": setting("CONTROLLER")["name"], "DPO": setting("DPO")["email"]}
    missing = [name for name, value in named.items() if is_empty(value)]
    if missing and _activities(models, registry):
        yield warning(2, None, f"The register names no {' and no '.join(missing)}.", 'Fill in PRIVACY["CONTROLLER"] and PRIVACY["DPO"].')


def _activities(models, registry) -> dict:
    """Activity -> a model that is declared under it."""
    return {data_map.activity: data_map.model for data_map in reversed(list(maps_of(models, registry)))}


def held_for_ever(models, registry):
    """A category outside the database has no map whose rows say when they go."""
    for held in registry.elsewhere:
        if is_empty(held.erased_by) or is_empty(held.activity.retention):
            defect = f"Nobody says when what is held in `{held.name}` is erased."
            yield error(17, None, defect, "Art. 30(1)(f) asks for it: write `erased_by`, and `retention` of its Activity.")


CHECKS = [incomplete_activities, nameless_organisation, held_for_ever]
