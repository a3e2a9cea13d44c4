"""Which account fields can be released at all: what the member provided, never a secret or what we derived; and what people call them."""

from datetime import date

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.datamap import Role, registry
from privacy.evidence.recipients import PORTABLE


def releasable() -> list[str]:
    """Read from the member's data map; a field that is not declared there is not released, nor a file: its path is of no use."""
    data_map = registry.map_of(get_user_model())
    provided = [line for line in data_map.lines.values() if line.role == Role.PROVIDED]
    return [line.name for line in provided if not isinstance(data_map.field(line), models.FileField)]


def askable() -> list[str]:
    """What a partner may ask: each field that can be released, and, as a scope of that name, all that she may take along (G-58)."""
    return [*releasable(), PORTABLE]


def offered(partner) -> list[str]:
    """What this partner may ask today."""
    allowed = set(askable())
    return [name for name in partner.attributes if name in allowed]


def names_of_account_fields(value) -> None:
    """Validator: a list of names that can be asked, each once."""
    if not isinstance(value, list) or len(set(value)) < len(value) or not set(value) <= set(askable()):
        raise ValidationError(_("Name account fields that members fill in, each once."), code="invalid")


def title_of(name: str) -> str:
    """In a person's words; a field that is gone from the account keeps the name it had."""
    if name == PORTABLE:
        return gettext("All data that you can take along")
    line = registry.map_of(get_user_model()).lines.get(name)
    return capfirst(str(registry.map_of(get_user_model()).title(line))) if line else name


def title_of_record(label: str) -> str:
    """A kind of data ("usage.Folder") as our own data map calls it; another's, and what is gone, keeps its name."""
    data_map = registry.labelled(label)
    return capfirst(str(data_map.heading())) if data_map else str(label)[:100]


def value_of(member, name: str) -> str:
    """As the member herself reads it; empty where she filled in nothing."""
    if name == PORTABLE:
        return gettext("What you gave us and what you did here, as in the archive that you can fetch yourself")
    shown = getattr(member, f"get_{name}_display", None)
    value = shown() if shown else getattr(member, name)
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(value)
