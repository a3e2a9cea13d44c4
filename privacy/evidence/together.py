"""Rows that an erasure left side by side: noted in the statement that takes their person away, by hundreds in one note."""

# ruff: noqa: S608 - statements are made of names of tables and columns, and of statements of Django's own

from datetime import date

from django.db import connection, models, transaction
from django.db.models import Func, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ..datamap.maps import DataMap
from ..sql import Open, Sql, selecting, send, updating
from .crowds import Unmixed

# Of a note: which rows, `lost`, as a list of keys; and a row of Unmixed for each key in it.
KEYS = {"postgresql": "jsonb_agg(lost.key::text)", "sqlite": "json_group_array(CAST(lost.key AS text))"}
EACH_KEY = {"postgresql": "jsonb_array_elements_text(keys)", "sqlite": "json_each(keys)"}
HOW_MANY = {"postgresql": "jsonb_array_length", "sqlite": "json_array_length"}


class LeftTogether(models.Model):
    """Rows of one table that one transaction left side by side; the next night begins by taking them apart."""

    table = models.CharField(_("table"), max_length=100, help_text=_("Which table, as app.Model."))
    keys = models.JSONField(_("rows"), help_text=_("Which rows of it."))
    whose = models.CharField(_("one of"), max_length=40, help_text=_("A digest that is the same for rows of one person."))
    noted_on = models.DateField(_("noted"), help_text=_("Day on which they lost their person."))

    class Meta:
        verbose_name = _("rows left together")
        verbose_name_plural = _("rows left together")

    def __str__(self):
        return f"rows {self.pk}"


def losing(data_map: type[DataMap], rows: models.QuerySet, values: dict) -> list[Sql]:
    """The statements that set these rows to `values`, without their person, and note that they lie together; the last brings how many.

    PostgreSQL notes the very rows that it changed. SQLite has one writer at a time: nobody comes in between the two.
    """
    changing = updating(rows, values)
    if connection.vendor != "postgresql":
        return [_noting_each(data_map, rows), changing]
    note, table, key = _noting(data_map), data_map.model._meta.db_table, data_map.model._meta.pk.column
    lost = f'{changing.text} RETURNING "{table}"."{key}" AS key'
    return [Sql(f"WITH lost AS ({lost}), noted AS ({note.text}) SELECT COUNT(*) FROM lost", (*changing.values, *note.values))]


def note(data_map: type[DataMap], rows: models.QuerySet, *, request_ref: str) -> None:
    """That these rows lie together, in the caller's transaction."""
    send([_noting_each(data_map, rows).filled(of_today(request_ref))])


def of_today(request_ref: str, today: date | None = None) -> dict[str, object]:
    """What stays open in these statements: whose the rows were, and the day."""
    noted_on = models.DateField().get_db_prep_value(today or timezone.now().date(), connection)
    return {"whose": salted_hmac(__name__, request_ref).hexdigest(), "noted_on": noted_on}


def take_apart() -> None:
    """Each row is to be mixed by itself. What is waiting already stays as it is."""
    lists = f'"{LeftTogether._meta.db_table}" AS noted, {EACH_KEY[connection.vendor]} AS each'
    each = f'SELECT "table", each.value, "whose", "noted_on" FROM {lists}'
    into = f'INSERT INTO "{Unmixed._meta.db_table}" ("table", "row_key", "whose", "noted_on")'
    for noted in LeftTogether.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            send([Sql(f"{into} {each} WHERE noted.id = %s ON CONFLICT DO NOTHING", (noted,))])
            LeftTogether.objects.filter(pk=noted).delete()


def waiting(data_map: type[DataMap]) -> int:
    """How many rows of this table still lie together."""
    length = Func("keys", function=HOW_MANY[connection.vendor], output_field=models.IntegerField())
    noted = LeftTogether.objects.filter(table=data_map.label()).aggregate(rows=Sum(length))["rows"]
    return Unmixed.objects.filter(table=data_map.label()).count() + (noted or 0)


def _noting_each(data_map, rows) -> Sql:
    note, lost = _noting(data_map), selecting(rows.order_by().values("pk"))
    return Sql(f"WITH lost (key) AS ({lost.text}) {note.text}", (*lost.values, *note.values))


def _noting(data_map) -> Sql:
    """Nothing, where no row was lost."""
    columns = '"table", "keys", "whose", "noted_on"'
    found = f'SELECT %s AS "table", {KEYS[connection.vendor]} AS "keys", %s AS "whose", %s AS "noted_on", COUNT(*) AS number FROM lost'
    into = f'INSERT INTO "{LeftTogether._meta.db_table}" ({columns})'
    return Sql(f"{into} SELECT {columns} FROM ({found}) AS found WHERE number > 0", (data_map.label(), Open("whose"), Open("noted_on")))
