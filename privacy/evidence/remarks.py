"""Why somebody of ours did something, in words: beside the trail and never in it, so that they can be destroyed (Art. 5(1)(c), (e))."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# One line.
WORDS_AT_MOST = 60


class Remark(models.Model):
    """Beside one entry of the trail, which holds a code or nothing. It goes when the person is erased, or after ACCOUNTABILITY_YEARS."""

    entry_id = models.BigIntegerField(_("entry"), unique=True, help_text=_("Number of the trail entry."))
    subject_ref = models.UUIDField(_("person"), null=True, blank=True, db_index=True, help_text=_("Reference of the person concerned."))
    text = models.CharField(_("reason"), max_length=WORDS_AT_MOST, help_text=_("Why it was done, in words."))
    given_by = models.CharField(_("done by"), max_length=WORDS_AT_MOST, blank=True, help_text=_("Who did it, as an operator wrote it."))
    written_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When it was written."))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self):
        return f"remark {self.pk}"


def write(entry, text: str, *, given_by="") -> None:
    """In the transaction of the entry; nothing where nothing was said."""
    if text.strip():
        said = {"text": text.strip()[:WORDS_AT_MOST], "given_by": given_by[:WORDS_AT_MOST]}
        Remark.objects.create(entry_id=entry.pk, subject_ref=entry.subject_ref, **said)


def beside(entries) -> dict[int, str]:
    """Number of the entry -> why, in words."""
    found = Remark.objects.filter(entry_id__in=[entry.pk for entry in entries])
    return dict(found.values_list("entry_id", "text"))
