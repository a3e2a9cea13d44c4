"""Words that the code itself writes into the database: names of models and columns, choices, kinds of persons."""

import re
from functools import cache

from django.apps import apps
from django.conf import settings

from .maps import registry
from .vocabulary import ErasureGround, KeepGround, LawfulBasis, RefusalGround, Right

BETWEEN = re.compile(r"[\s.:/_-]+")
# What becomes of rows, and what an act is called in the ledger of its steps.
OTHERS = {"deleted", "counted", "anonymised", "shared", "hollow", "kept", "former", "member", "name", "stays", "remove", "files", "held"}


@cache
def code_words() -> frozenset[str]:
    words = OTHERS | {code for code, _name in settings.LANGUAGES} | set(registry.roots.values())
    for model in apps.get_models(include_auto_created=True):
        words |= {model._meta.label, model._meta.model_name}
        for field in model._meta.local_concrete_fields:
            words |= {field.name, field.attname} | {str(value) for value, _label in field.flatchoices}
    for vocabulary in (ErasureGround, KeepGround, LawfulBasis, RefusalGround, Right):
        words |= set(vocabulary.values)
    return frozenset(piece.lower() for word in words for piece in [word, *BETWEEN.split(word)] if piece)


def is_code(value) -> bool:
    """Whether every text in it, keys too, is made of such words; numbers and truth say nothing by themselves."""
    if isinstance(value, dict):
        return all(is_code(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return all(map(is_code, value))
    return not isinstance(value, str) or all(piece.lower() in code_words() for piece in BETWEEN.split(value) if piece)
