"""The published normal form of an archive: two that hold the same for another installation have the same one (docs/archive.md).

Left out are keys, the maker's address, moments of making and importing, and what no archive brings (`stays=`). A key of something about
nobody becomes the words by which it is known, a key of a row of hers becomes that row, a file becomes its digest.
"""

import hashlib
import json
import zipfile
from typing import BinaryIO

from ..datamap import registry
from ..datamap.maps import DataMap
from .arrivals import keepers
from .comparing import part_of
from .opening import MANIFEST, Brought, parsed


def normal_form(file: BinaryIO) -> dict[str, list]:
    """Record type -> its rows, each with the columns that may arrive, in the order of their text. Believes the archive: verify it first."""
    with zipfile.ZipFile(file) as archive:
        manifest = parsed(archive.read(MANIFEST))
        return _Normal(Brought(archive, manifest, manifest["issuer"])).records()


class _Normal:
    def __init__(self, brought: Brought):
        self.brought = brought
        self._words: dict[type, dict[str, dict]] = {}
        self._rows: dict[type, dict[str, dict]] = {}

    def records(self) -> dict[str, list]:
        maps = [data_map for data_map in registry.maps.values() if data_map.arrives and data_map.label() in self.brought.parts]
        return {data_map.label(): sorted(self._of(data_map).values(), key=_text) for data_map in maps}

    def _of(self, data_map: type[DataMap]) -> dict[str, dict]:
        """Key in the archive -> row. What a row belongs to is looked up, so a row that belongs to itself would not end; none does."""
        if data_map.model not in self._rows:
            files, key = self.brought.stored_files(data_map.label()), data_map.model._meta.pk.name
            rows = self.brought.rows(data_map.label())
            self._rows[data_map.model] = {str(row[key]): self._row(data_map, row, files, str(row[key])) for row in rows}
        return self._rows[data_map.model]

    def _row(self, data_map, row, files, key):
        return {name: self._value(data_map, name, row[name], files.get((name, key))) for name in data_map.arrives}

    def _value(self, data_map, name, value, file):
        field = data_map.model._meta.get_field(name)
        if (data_map.label(), name) in keepers:
            return bool(value)  # drawn anew where it arrives, so that no digest stays the same
        if file:
            return hashlib.sha256(self.brought.read(file)).hexdigest()
        if value is None or not field.is_relation:
            return value
        if field.related_model in registry.maps:
            return self._of(registry.maps[field.related_model]).get(str(value))
        return self._known(field.related_model).get(str(value))

    def _known(self, model) -> dict[str, dict]:
        if model not in self._words:
            self._words[model] = {str(row["key"]): row["known_by"] for row in self.brought.references(part_of(model))}
        return self._words[model]


def _text(row) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)
