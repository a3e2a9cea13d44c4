"""What people call the data that went out: a release holds names of columns, a person reads words."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ..datamap import registry
from ..evidence.recipients import PORTABLE


def in_words(subject, names: Iterable[str]) -> str:
    """ "first name, town and e-mail address", as the person's own data map calls them; a column that is gone keeps the name it had."""
    data_map = registry.map_of(registry.root_of(subject.kind))
    lines = data_map.lines if data_map else {}
    titles = (
        _record_types()
        | {PORTABLE: _("all data that you can take along")}
        | {name: str(data_map.title(line)) for name, line in lines.items()}
    )
    return get_text_list([titles.get(name, str(name)) for name in sorted(names)], _("and"))


def titles_of(labels: Iterable[str]) -> list[str]:
    """Of whole record types; one that an update took away keeps the name it had."""
    known = _record_types()
    return [known.get(label, label) for label in labels]


def _record_types() -> dict[str, str]:
    """What an authority gets: "app.Model" -> what people call it."""
    return {data_map.label(): str(data_map.heading()) for data_map in registry.maps.values()}
