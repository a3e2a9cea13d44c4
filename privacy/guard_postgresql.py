"""The same refusal in PostgreSQL, whoever writes: triggers made from the data map after every migration, so that none is forgotten."""

# ruff: noqa: S608 - statements are made of names of tables and columns, and of slugs of ours

import hashlib

from django.db import connection
from django.db.models.signals import post_migrate

from . import restricted
from .datamap.maps import registry
from .guard import Guarded, guarded

PREFIX = "privacy_restricted_"
REFUSED = "restricted, only kept"
# As long as nobody is restricted, one look in a nearly empty index is all it costs. Columns are named in words, so that a migration
# may rename or drop them; a column that is not there leads to nobody.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION {PREFIX}refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb; after jsonb; led text; is_refused boolean;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM privacy_subject WHERE restricted_at IS NOT NULL) THEN
    RETURN COALESCE(NEW, OLD);
  END IF;
  IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' AND NOT EXISTS (
    SELECT 1 FROM unnest(string_to_array(TG_ARGV[2], ',')) AS hers WHERE before -> hers IS DISTINCT FROM after -> hers
  ) THEN
    RETURN NEW;
  END IF;
  FOREACH led IN ARRAY ARRAY[before ->> TG_ARGV[0], after ->> TG_ARGV[0]] LOOP
    IF led IS NOT NULL THEN
      EXECUTE TG_ARGV[1] INTO is_refused USING led;
      IF is_refused THEN
        RAISE EXCEPTION '{REFUSED}: table %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END IF;
    END IF;
  END LOOP;
  RETURN COALESCE(NEW, OLD);
END $$
"""
TRIGGER = f"""
CREATE TRIGGER {{name}} BEFORE {{moments}} ON {{table}} FOR EACH ROW
WHEN (COALESCE(current_setting('{restricted.SETTING}', true), '') <> 'on')
EXECUTE FUNCTION {PREFIX}refuse({{key}}, {{question}}, {{columns}})
"""
THERE = """
SELECT place.relname, made.tgname FROM pg_trigger made JOIN pg_class place ON place.oid = made.tgrelid
WHERE made.tgname LIKE %s AND pg_table_is_visible(place.oid)
"""


def install(sender, using="default", plan=None, **kwargs) -> None:
    """Only what is not there yet, and what is no longer wanted: a migration that changes nothing of this takes no lock. Not at a flush."""
    if plan is None or using != connection.alias or connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if "privacy_subject" not in tables or not _knows_restrictions(cursor):
            return
        cursor.execute(FUNCTION)
        wanted = dict(_wanted(tables))
        cursor.execute(THERE, [f"{PREFIX}%"])
        there = set(cursor.fetchall())
        for table, name in there - set(wanted):
            cursor.execute(f"DROP TRIGGER {_quoted(name)} ON {_quoted(table)}")
        for place in set(wanted) - there:
            cursor.execute(wanted[place])


def is_refusal(error: Exception) -> bool:
    """Whether it was one of these triggers that refused: what passed by the models and met the database."""
    return REFUSED in str(error)


def _knows_restrictions(cursor) -> bool:
    """Not where the tables were put back to an older state."""
    columns = connection.introspection.get_table_description(cursor, "privacy_subject")
    return "restricted_uses" in {column.name for column in columns}


def _wanted(tables):
    """(table, name) -> statement; the name holds a digest of what the trigger does."""
    for data_map in registry.maps.values():
        for each in guarded(data_map) if data_map.model._meta.db_table in tables else ():
            yield _trigger(data_map.model, each)


def _trigger(model, each: Guarded):
    table = model._meta.db_table
    columns = ",".join(sorted(model._meta.get_field(name).column for name in each.columns))
    given = {"key": model._meta.get_field(each.line.name).column, "question": _question(model, each), "columns": columns}
    name = PREFIX + hashlib.sha256(repr((table, given, FUNCTION)).encode()).hexdigest()[:16]
    # A root is new with its person, and goes by an erasure alone.
    moments = "UPDATE" if model in registry.roots else "INSERT OR UPDATE OR DELETE"
    words = {what: _literal(value) for what, value in given.items()}
    return (table, name), TRIGGER.format(name=_quoted(name), table=_quoted(table), moments=moments, **words)


def _question(model, each: Guarded) -> str:
    """Whether the row of this key leads to somebody restricted in this use: one lookup by key for each step."""
    steps = each.path.removesuffix("__").split("__")
    first = model._meta.get_field(steps[0])
    current, joins, alias = first.related_model, "", "t0"
    place, key = f"{_quoted(current._meta.db_table)} t0", f"t0.{_quoted(current._meta.pk.column)}"
    for number, step in enumerate(steps[1:], 1):
        step = current._meta.get_field(step)
        current = step.related_model
        joins += f" JOIN {_quoted(current._meta.db_table)} t{number} ON t{number}.{_quoted(current._meta.pk.column)}"
        joins += f" = {alias}.{_quoted(step.column)}"
        alias = f"t{number}"
    use = registry.map_of(model).activity.slug
    either = " OR ".join(f"{alias}.restricted_uses LIKE '% {what} %'" for what in (restricted.EVERY_USE, _escaped(use)))
    stopped = f"{key} = $1::{first.rel_db_type(connection)} AND {alias}.restricted_at IS NOT NULL AND ({either})"
    return f"SELECT EXISTS (SELECT 1 FROM {place}{joins} WHERE {stopped})"


def _escaped(use: str) -> str:
    return use.replace("_", r"\_").replace("%", r"\%")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def watch() -> None:
    post_migrate.connect(install, dispatch_uid="privacy.guard_postgresql")
