"""What the settings leave open: E019, W003."""

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


CHECKS = [keys_have_no_place, nobody_gets_a_letter]
