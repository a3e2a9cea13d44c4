"""What an archive says in codes, keys and ISO dates, as a person reads it on paper; plain text, never markup."""

import re
from collections.abc import Callable
from datetime import date, datetime

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _

from ..datamap import Role

# As docs/archive.md writes them: 2025-03-01T12:00:00.000000Z, 2025-03-01.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# Deeper than this a value is shown as it stands in its file.
DEEP = 2

Titles = dict[str, dict[object, str]]


class Reader:
    """Of one archive, in the language of the moment."""

    def __init__(self, manifest: dict, titles: Titles):
        self.titles, self.zone = titles, timezone.get_current_timezone()
        stored = manifest.get("stored_files", ())
        self.files = {(each["record"], each["column"], each["stored_as"]): each["file"] for each in stored if each["file"]}
        self.subject, self.names = manifest["subject"], _names(manifest["parts"])
        self.months = [short_month(month) for month in range(1, 13)]

    def of(self, part: dict, column: dict) -> Callable[[object], str]:
        """How the values of this column are read."""
        if is_somebody(part, column):
            return lambda value: _("another person") if value is None else _("you")
        if column.get("codes"):
            return lambda value: self._coded(column["codes"], value)
        if column.get("references"):
            known = self.titles.get(column["references"], {})
            return lambda value: self.plain(known.get(value, known.get(str(value), value)))
        if any(key[:2] == (part["record"], column["name"]) for key in self.files):
            return lambda value: self.plain(self.files.get((part["record"], column["name"], value), value))
        return self.plain

    def plain(self, value, depth: int = 0) -> str:
        if isinstance(value, str):
            return self._text(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, float):
            return str(localize(value))
        return self._structure(value, depth) if isinstance(value, list | dict) and depth < DEEP else str(value)

    def day(self, moment: str | None) -> str:
        """The day of a moment, in her own time."""
        return self.plain(moment).partition(",")[0]

    def _coded(self, codes, value):
        return codes[str(value)] if value is not None and str(value) in codes else self.plain(value)

    def _text(self, value):
        if len(value) == 27 and MOMENT.fullmatch(value):
            return self._at(value)
        if len(value) == 10 and DAY.fullmatch(value):
            return self._on(value)
        return _("you") if value == self.subject else value

    def _at(self, value):
        try:
            at = datetime.fromisoformat(value).astimezone(self.zone)
        except (ValueError, OverflowError):
            return value
        return f"{self._said(at)}, {at.hour:02}:{at.minute:02}"

    def _on(self, value):
        try:
            return self._said(date.fromisoformat(value))
        except ValueError:
            return value

    def _said(self, on):
        return f"{on.day} {self.months[on.month - 1]} {on.year}"

    def _structure(self, value, depth):
        if isinstance(value, list):
            return ", ".join(self._named(item, depth) for item in value)
        return "\n".join(f"{self._named(name, depth)}: {self.plain(item, depth + 1)}" for name, item in value.items())

    def _named(self, item, depth):
        """Of a column what people call it, in lists that name columns."""
        return self.names[item] if isinstance(item, str) and item in self.names else self.plain(item, depth + 1)


def is_somebody(part: dict, column: dict) -> bool:
    """It names one of several people; the others are nobody's to read (Art. 15(4))."""
    return column["role"] == Role.PERSON and sum(each["role"] == Role.PERSON for each in part["columns"]) > 1


def counted(number: int) -> str:
    """1.284, as this language groups its figures."""
    return number_format(number, force_grouping=True)


def short_month(month: int) -> str:
    """As this language writes it: Mar, mrt."""
    name, short = (formatted(date(2001, month, 1), form) for form in "FM")
    return short.lower() if name.islower() else short


def _names(parts) -> dict[str, str]:
    """What she gave us, by the names of the columns; the first part that has a column of this name counts."""
    columns = [column for part in parts for column in part["columns"] if column["role"] == Role.PROVIDED]
    return {column["name"]: str(column["label"]) for column in reversed(columns)}
