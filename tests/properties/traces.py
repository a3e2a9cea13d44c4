"""Where a person's marks still are: every cell of every table, every file, every message."""

from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, models

from privacy.datamap import registry

LEDGER = "replay.jsonl"
# A task that an erasure leaves to us has the number of its request, which is kept.
OF_TASKS = {("privacy_agendaitem", "request_ref")}


def hits(marks) -> set[tuple[str, str]]:
    """(table, column) of every cell that contains a mark, in any case."""
    return {(table, column) for table, column, text in cells() if any(mark in text for mark in marks)}


def cells():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((table, column, as_text(value)) for column, value in zip(columns, row, strict=True))


def as_text(value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("latin-1").lower()
    return str(value).lower()


def allowed() -> set[tuple[str, str]]:
    """Cells that may keep a mark: rows that are kept with a ground, columns with `keep`, and the number of a request in our tasks."""
    return OF_TASKS | {
        (data_map.model._meta.db_table, data_map.field(line).column)
        for data_map in registry.maps.values()
        for line in data_map.lines.values()
        if data_map.row.name == "kept" or line.keeps
    }


def files_with(marks) -> list[str]:
    """Files under the installation's folders whose content or name holds a mark."""
    folders = [Path(settings.MEDIA_ROOT), Path(settings.PRIVACY["STORE"]), Path(settings.VAR) / "broker"]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(mark in file.name.lower() or mark in as_text(file.read_bytes()) for mark in marks)]


def kept_files() -> list[str]:
    """Files that a row with `keep` still names, and the ledger outside the database, which knows her by her reference (D-6)."""
    columns = [(m.model, line.name) for m in registry.maps.values() for line in m.lines.values() if line.keeps]
    stored = [(model, name) for model, name in columns if isinstance(model._meta.get_field(name), models.FileField)]
    return [LEDGER, *(Path(path).name for model, name in stored for path in model._base_manager.values_list(name, flat=True) if path)]


def snapshot() -> dict[str, dict]:
    """Every table as it lies: table -> key -> row; UUIDs without dashes, as SQLite keeps them."""
    with connection.cursor() as cursor:
        return {table: dict(_rows(cursor, table)) for table in connection.introspection.table_names(cursor)}


def _rows(cursor, table):
    key = connection.introspection.get_primary_key_column(cursor, table)
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    columns = [column[0] for column in cursor.description]
    for values in cursor.fetchall():
        row = dict(zip(columns, map(as_text, values), strict=True))
        yield row[key].replace("-", ""), row
