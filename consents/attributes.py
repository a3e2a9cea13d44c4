"""Which account fields can be released at all: what the member provided, never a secret or what we derived."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.datamap import Role, registry


def releasable() -> list[str]:
    """Read from the member's data map; a field that is not declared there is not released."""
    data_map = registry.map_of(get_user_model())
    return [line.name for line in data_map.lines.values() if line.role == Role.PROVIDED]


def names_of_account_fields(value) -> None:
    """Validator: a list of releasable names, each once."""
    if not isinstance(value, list) or len(set(value)) < len(value) or not set(value) <= set(releasable()):
        raise ValidationError(_("Name account fields that members fill in, each once."), code="invalid")
