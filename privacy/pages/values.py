"""What people read for a value: moments in their own time, choices by their names, lists as lists; escaped."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db import models
from django.utils.duration import duration_string
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..datamap import registry
from .moments import day, moment

# Characters of a text that are read at once; the rest opens.
AT_ONCE = 280


def writer_of(field: models.Field) -> Callable[[object], SafeString]:
    """How the values of this column are shown; the first kind that fits counts."""
    if field.flatchoices:
        return partial(chosen, dict(field.flatchoices))
    while field.is_relation:
        field = field.target_field
    return next((write for kind, write in WRITERS if isinstance(field, kind)), text)


def text(value) -> SafeString:
    """As it was written, line breaks included; the rest of a long text opens on the spot."""
    said = str(value)
    if len(said) <= AT_ONCE:
        return format_html('<bdi class="said">{}</bdi>', said)
    end = max(said.rfind(" ", AT_ONCE // 2, AT_ONCE), AT_ONCE // 2)
    return format_html(
        '<bdi class="said">{}</bdi><details class="rest"><summary>{}</summary><bdi class="said">{}</bdi></details>',
        said[:end] + " …",
        _("Read on"),
        said[end:].lstrip(" "),
    )


def chosen(names: dict, value) -> SafeString:
    return text(names.get(value, value))


def yes_or_no(value) -> SafeString:
    return text(_("yes") if value else _("no"))


def at(value: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment(value))


def on(value: date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value))


def code(value) -> SafeString:
    return format_html("<code>{}</code>", value)


def number(value) -> SafeString:
    """Whole numbers as they are: a year or a number of a row has no thousands."""
    return text(value if isinstance(value, int) else localize(value))


def duration(value) -> SafeString:
    return text(duration_string(value))


def octets(value) -> SafeString:
    size = len(value)
    return text(ngettext("%(count)s byte", "%(count)s bytes", size) % {"count": size})


def structure(value) -> SafeString:
    """Lists joined; names and values of an object side by side; what lies deeper as JSON."""
    if isinstance(value, dict):
        return text("\n".join(f"{title_of(name)}: {_plain(item)}" for name, item in value.items()))
    if isinstance(value, list):
        return text(", ".join(map(_plain, value)))
    return text(_plain(value))


def _plain(value) -> str:
    if isinstance(value, str):
        return title_of(value)
    return json.dumps(value, ensure_ascii=False)


def title_of(name: str) -> str:
    """Of a field of an account what people call it, for lists that name such fields; any other text as it is."""
    for root in registry.roots:
        data_map = registry.map_of(root)
        if data_map and name in data_map.lines:
            return str(data_map.title(data_map.lines[name]))
    return name


def empty() -> SafeString:
    return _soft(_("empty"))


def expired(days: int) -> SafeString:
    return _soft(ngettext("erased after %(days)s day", "erased after %(days)s days", days) % {"days": days})


def somebody(is_her: bool) -> SafeString:
    """Who else stands in the row is not hers to read (Art. 15(4))."""
    return text(_("you")) if is_her else _soft(_("another person"))


def anothers() -> SafeString:
    """Not even whether there is a value (Art. 15(4))."""
    return _soft(_("only for the other person"))


def _soft(said):
    return format_html('<span class="soft">{}</span>', said)


# A DateTimeField is a DateField too.
WRITERS = [
    (models.BooleanField, yes_or_no),
    (models.DateTimeField, at),
    (models.DateField, on),
    (models.DurationField, duration),
    ((models.IntegerField, models.FloatField, models.DecimalField), number),
    ((models.UUIDField, models.GenericIPAddressField), code),
    (models.JSONField, structure),
    (models.BinaryField, octets),
]
