"""What the settings leave open: E019, E022, W003, W004, W005, W007."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from ...conf import DEFAULTS, ERASURE_PACES, setting
from ...verify import KeysUnreadable, keys_of
from .messages import error, warning


def keys_have_no_place(models, registry):
    if not setting("STORE"):
        defect = 'PRIVACY["STORE"] names no folder: keys and archives have no place.'
        yield error(19, None, defect, "Name a folder outside the database and its dumps, the same for web and workers.")


def no_such_pace(models, registry):
    if setting("ERASURE_PACE") not in ERASURE_PACES:
        defect = f'PRIVACY["ERASURE_PACE"] is {setting("ERASURE_PACE")!r}: no erasure can begin.'
        yield error(22, None, defect, "Say {}.".format(" or ".join(f'"{name}"' for name in ERASURE_PACES)))


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


# As an archive names it: with a path, a slash or a capital it never matches.
MAKER = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")


def makers_that_are_trusted_in_vain(models, registry):
    """Their archives are refused, whoever brings one."""
    trusted = setting("TRUSTED_ISSUERS")
    if not isinstance(trusted, dict):
        yield warning(7, None, 'PRIVACY["TRUSTED_ISSUERS"] is no dict: nobody else is trusted.', 'Write {"https://other.example": keys}.')
        return
    for maker, keys in trusted.items():
        if not isinstance(maker, str) or not MAKER.fullmatch(maker):
            yield warning(
                7, None, f'PRIVACY["TRUSTED_ISSUERS"] trusts {maker!r}, as which no archive is signed.', "Write https://host alone."
            )
        elif not _are_keys(keys):
            defect = f'PRIVACY["TRUSTED_ISSUERS"] has no keys of {maker} that can be read: its archives are refused.'
            yield warning(7, None, defect, "Fetch its /.well-known/inzage-keys.json, and name that file or its contents.")


def _are_keys(keys) -> bool:
    try:
        return bool(keys_of(keys if isinstance(keys, dict) else Path(keys).read_bytes()))
    except (KeysUnreadable, OSError, TypeError, ValueError):
        return False


CHECKS = [
    keys_have_no_place,
    no_such_pace,
    nobody_gets_a_letter,
    hidden_people_reach_everything,
    admin_without_a_trail,
    makers_that_are_trusted_in_vain,
]
