"""Rows that stay when their person goes: which they are, which still lie together, and how many people's they are by now (recital 26)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from ..datamap import blank, detach, empty, registry
from ..datamap.maps import DataMap
from ..subjects import NOTHING

# Fates after which a row stays without its person.
LEAVING_ROWS = {"anonymised", "shared", "chosen"}
# What is left in a column tells nobody apart, so that rows of all who left look the same there.
LEFT = {detach: {"isnull": True}, empty: {"isnull": True}, blank: {"exact": ""}}


class Unmixed(models.Model):
    """One row that lost its person and still lies beside her others: until the next night, or until there is company."""

    table = models.CharField(_("table"), max_length=100, help_text=_("Which table, as app.Model."))
    row_key = models.CharField(_("row"), max_length=255, help_text=_("Which row of it."))
    whose = models.CharField(
        _("one of"),
        max_length=40,
        blank=True,
        help_text=_("A digest that is the same for rows of one person; empty once there is company."),
    )
    noted_on = models.DateField(_("noted"), help_text=_("Day on which it lost its person."))

    class Meta:
        verbose_name = _("row to mix")
        verbose_name_plural = _("rows to mix")
        constraints = [models.UniqueConstraint(fields=["table", "row_key"], name="privacy_unmixed_once")]
        indexes = [models.Index(fields=["table", "whose"], name="privacy_unmixed_of_one")]

    def __str__(self):
        return f"row {self.pk}"

    @classmethod
    def keys(cls, data_map: type[DataMap], **found) -> models.QuerySet:
        """Of the rows of this table, as the table itself writes them."""
        return cls.objects.filter(table=data_map.label(), **found).annotate(key=Cast("row_key", key_field(data_map))).values("key")


class Mixed(models.Model):
    """Of how many people the rows are that lie mixed in one table."""

    table = models.CharField(_("table"), max_length=100, unique=True, help_text=_("Which table, as app.Model."))
    people = models.PositiveBigIntegerField(_("people"), default=0, help_text=_("How many people's rows were mixed into it."))

    class Meta:
        verbose_name = _("mixed table")
        verbose_name_plural = _("mixed tables")

    def __str__(self):
        return self.table


def tables() -> list[type[DataMap]]:
    """Those in which rows stay without their person."""
    return [data_map for data_map in registry.maps.values() if data_map.row.name in LEAVING_ROWS]


def key_field(data_map: type[DataMap]) -> models.Field:
    field = data_map.model._meta.pk
    while field.remote_field:
        field = field.target_field
    return field


def left_behind(data_map: type[DataMap]) -> models.QuerySet:
    """Rows as an erasure leaves them: one of their persons is gone, with what went with her. One that keeps a name is none of them."""
    gone = Q(NOTHING)
    for person_line in data_map.person_lines():
        lines = (person_line, *data_map.owned_by(person_line))
        left = {f"{line.name}__{lookup}": value for line in lines for lookup, value in LEFT.get(line.erase, {}).items()}
        gone |= Q(**left)
    return data_map.model._base_manager.filter(gone)


def people_in(data_maps: Iterable[type[DataMap]]) -> dict[str, int]:
    """Table -> of how many people its mixed rows are."""
    return dict(Mixed.objects.filter(table__in=[data_map.label() for data_map in data_maps]).values_list("table", "people"))
