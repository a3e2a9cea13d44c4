"""Tables that only grow: the model and its querysets refuse changes, and on PostgreSQL a trigger does."""

from django.db import migrations, models

from ..errors import AppendOnly

# The one database role that may remove whole sealed periods when their time has passed.
MAINTENANCE_ROLE = "privacy_maintenance"


class GrowingQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly

    def _raw_delete(self, using):
        raise AppendOnly


class GrowingModel(models.Model):
    """Rows are added and read, never changed. Pair it with `RefuseChanges` in a migration."""

    objects = GrowingQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _do_update(self, *args, **kwargs):
        raise AppendOnly

    def delete(self, *args, **kwargs):
        raise AppendOnly


class RefuseChanges(migrations.RunPython):
    """Migration operation: on PostgreSQL, triggers refuse UPDATE, DELETE and TRUNCATE of `table` outside the maintenance role. SQLite has the model's guard alone."""

    reduces_to_sql = True

    def __init__(self, table: str):
        self.table = table
        super().__init__(self._install, self._remove)

    def deconstruct(self):
        return type(self).__name__, [self.table], {}

    def _install(self, apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(INSTALL % {"table": self.table, "role": MAINTENANCE_ROLE})

    def _remove(self, apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(REMOVE % {"table": self.table})


INSTALL = """
CREATE OR REPLACE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> '%(role)s' THEN
    RAISE EXCEPTION 'table %% only grows', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER %(table)s_only_grows BEFORE UPDATE OR DELETE ON %(table)s
  FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER %(table)s_never_emptied BEFORE TRUNCATE ON %(table)s
  FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse_change();
"""
REMOVE = """
DROP TRIGGER %(table)s_only_grows ON %(table)s;
DROP TRIGGER %(table)s_never_emptied ON %(table)s;
"""
