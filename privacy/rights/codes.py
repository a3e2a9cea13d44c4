"""What the codes in our own tables mean, for who reads them among her data (G-24)."""

from collections.abc import Callable

from django.conf import settings
from django.db import models

from ..datamap import LawfulBasis, Right, registry
from ..evidence import events


def meanings_of(field: models.Field) -> dict[str, str] | None:
    """Code -> meaning in the language of the moment; None for a column that holds no codes of which all are known."""
    if field.flatchoices:
        return {str(code): str(meaning) for code, meaning in field.flatchoices}
    known = MEANINGS.get((field.model._meta.label, field.name)) or ANYWHERE.get(field.name)
    return known and {code: str(meaning) for code, meaning in known().items()}


def _kinds():
    return {kind: root._meta.verbose_name for root, kind in registry.roots.items()}


MEANINGS: dict[tuple[str, str], Callable[[], dict]] = {
    ("privacy.Disclosure", "basis"): lambda: dict(LawfulBasis.choices),
    ("privacy.Notice", "event"): lambda: dict(Right.choices),
    ("privacy.Subject", "kind"): _kinds,
    ("privacy.TrailEntry", "event"): events.meanings,
}
# In any table, a host's too.
ANYWHERE = {"language": lambda: dict(settings.LANGUAGES)}
