"""What the settings leave open: E019, W003, W004, W005."""

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from ...conf import DEFAULTS, setting
from .messages import error, warning


def keys_have_no_place(models, registry):
    if not setting("STORE"):
        defect = 'PRIVACY["STORE"] names no folder: keys and archives have no place.'
        yield error(19, None, defect, "Name a folder outside the database and its dumps, the same for web and workers.")


def nobody_gets_a_letter(models, registry):
    if setting("ADDRESSES") == DEFAULTS["ADDRESSES"]:
        defect = 'PRIVACY["ADDRESSES"] is not set: no letter can go out, and nothing is found by address.'
        yield warning(3, None, defect, "Name a function of a Subject that gives the addresses this person verified, the main one first.")


GATE = "privacy.middleware.HiddenPersonMiddleware"


def hidden_people_reach_everything(models, registry):
    if _has_pages() and GATE not in settings.MIDDLEWARE:
        defect = f"The pages are included, and {GATE} is not installed: who asked for erasure still uses everything."
        yield warning(4, None, defect, "Add it to MIDDLEWARE, after those of sessions, sign-in and messages.")


def _has_pages() -> bool:
    if not getattr(settings, "ROOT_URLCONF", None):
        return False
    try:
        return bool(reverse("privacy:overview"))
    except NoReverseMatch:
        return False


def admin_without_a_trail(models, registry):
    """Whoever browses people's data in the admin site leaves no trace there that these people could see (T-18)."""
    for model, model_admin in _registered_in_admin():
        data_map = registry.map_of(model) if model._meta.concrete_model in models else None
        if data_map and data_map.personal_lines() and not getattr(model_admin, "writes_to_trail", False):
            defect = f"{type(model_admin).__name__} shows personal data in the admin site and leaves no trace in the trail."
            yield warning(5, model, defect, "Derive it from privacy.admin.LoggedAdmin first, or unregister it.")


def _registered_in_admin():
    if not apps.is_installed("django.contrib.admin"):
        return
    from django.contrib.admin.sites import all_sites

    for site in all_sites:
        yield from site._registry.items()


CHECKS = [keys_have_no_place, nobody_gets_a_letter, hidden_people_reach_everything, admin_without_a_trail]
