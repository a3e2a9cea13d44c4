"""Tables that only grow: the model and its querysets refuse changes, and on PostgreSQL a trigger does."""

from django.core.exceptions import ImproperlyConfigured
from django.db import migrations, models
from django.db.models.signals import class_prepared, pre_delete

from ..errors import AppendOnly

# The one database role that a trigger lets through. Nothing of ours takes it on: it is for who runs the database.
MAINTENANCE_ROLE = "privacy_maintenance"


class GrowingQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, *args, **kwargs):
        if update_conflicts:
            raise AppendOnly
        return super().bulk_create(objs, batch_size, ignore_conflicts, update_conflicts, *args, **kwargs)

    def _update(self, values):
        raise AppendOnly

    def _raw_delete(self, using):
        raise AppendOnly

    update.alters_data = delete.alters_data = bulk_update.alters_data = bulk_create.alters_data = True


class GrowingModel(models.Model):
    """Rows are added and read, never changed. Pair it with `RefuseChanges` in a migration; its foreign keys are PROTECT."""

    objects = GrowingQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):
        """Reached by every save that is not an insert alone: a row with a key of its own may still be new."""
        if forced_update or base_qs.filter(pk=pk_val).exists():
            raise AppendOnly
        return False

    def delete(self, *args, **kwargs):
        raise AppendOnly


def _guard(sender, **kwargs):
    """Django's collector deletes and empties keys below querysets: a listener makes it ask first, PROTECT leaves it no key."""
    if not issubclass(sender, GrowingModel) or sender._meta.abstract:
        return
    if not isinstance(sender._base_manager.all(), GrowingQuerySet):
        raise ImproperlyConfigured(f"{sender._meta.label} only grows: its base manager has to be `objects` of GrowingModel.")
    if any(field.remote_field and field.remote_field.on_delete is not models.PROTECT for field in sender._meta.local_fields):
        raise ImproperlyConfigured(f"{sender._meta.label} only grows: its foreign keys have to be PROTECT.")
    pre_delete.connect(_refuse_delete, sender=sender, dispatch_uid=f"privacy.growing.{sender._meta.label}")


def _refuse_delete(sender, **kwargs):
    raise AppendOnly


class_prepared.connect(_guard, dispatch_uid="privacy.growing")


class RefuseChanges(migrations.RunPython):
    """Migration operation: on PostgreSQL, triggers refuse UPDATE, DELETE and TRUNCATE of `table` outside the maintenance role.

    SQLite has the model's guard alone: `verify_trail` makes a change evident there, nothing prevents it.
    """

    reduces_to_sql = True

    def __init__(self, table: str):
        self.table = table
        super().__init__(self._install, self._remove)

    def deconstruct(self):
        return type(self).__name__, [self.table], {}

    def _install(self, apps, editor):
        if editor.connection.vendor == "postgresql":
            # None: no placeholders, so that the % of RAISE stays.
            editor.execute(INSTALL % {"table": self.table, "role": MAINTENANCE_ROLE}, params=None)

    def _remove(self, apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(REMOVE % {"table": self.table}, params=None)


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
