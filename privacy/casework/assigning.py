"""Who of the desk has something in hand: a row beside an item of the agenda, which goes with it."""

from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import NotAtDesk
from .agenda import AgendaItem
from .colleagues import READS, who_may


class Assignment(models.Model):
    """One item, and the colleague who looks after it; anybody else of the desk may still do it."""

    item = models.OneToOneField(
        AgendaItem, on_delete=models.CASCADE, related_name="assignment", verbose_name=_("item"), help_text=_("What has to be done.")
    )
    colleague_ref = models.UUIDField(_("colleague"), db_index=True, help_text=_("Reference of who looks after it."))
    assigned_at = models.DateTimeField(_("since"), default=timezone.now, help_text=_("Since when."))

    class Meta:
        verbose_name = _("who looks after an item")
        verbose_name_plural = _("who looks after which item")

    def __str__(self):
        return f"assignment {self.pk}"


@transaction.atomic
def hand(items: models.QuerySet, colleague_ref: UUID) -> int:
    """How many of these still waited: from now on they are this colleague's, whoever had them. NotAtDesk for anybody else."""
    if not who_may(READS).filter(subject=colleague_ref).exists():
        raise NotAtDesk
    now = timezone.now()
    waiting = items.open().order_by("pk").select_for_update().values_list("pk", flat=True)
    rows = [Assignment(item_id=pk, colleague_ref=colleague_ref, assigned_at=now) for pk in waiting]
    Assignment.objects.bulk_create(rows, update_conflicts=True, unique_fields=["item"], update_fields=["colleague_ref", "assigned_at"])
    return len(rows)
