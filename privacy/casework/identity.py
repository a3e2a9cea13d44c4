"""How we knew who asks: the ways that we accept, the strongest first, and what came of each look (Art. 12(6))."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import IdentityNotShown
from ..evidence import replay
from . import pausing
from .receiving import record


class Method(models.TextChoices):
    """A closed list, the strongest first; none of them takes in a document (T-03, T-04)."""

    FACTOR = "factor", _("signed in with a second step")
    SIGNED_IN = "signed_in", _("signed in")
    STORED_ADDRESS = "stored_address", _("answered to a confirmed address")
    IN_PERSON = "in_person", _("came to us, and is known")
    CALLED_BACK = "called_back", _("called back on a number that we knew")
    ID_SEEN = "id_seen", _("saw an identity card")

    def is_weaker_than(self, other) -> bool:
        return Method.values.index(self) > Method.values.index(other)


class IdentityCheck(models.Model):
    """One look at who asks: the way as a code and what came of it, and nothing of what was shown."""

    request = models.ForeignKey(
        "privacy.DataSubjectRequest",
        on_delete=models.CASCADE,
        related_name="identity_checks",
        verbose_name=_("request"),
        help_text=_("Who asked this."),
    )
    method = models.CharField(_("way"), max_length=20, choices=Method.choices, help_text=_("How we looked who asks, as a code."))
    passed = models.BooleanField(_("shown"), help_text=_("Whether it was the person."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("When we looked."))
    by = models.CharField(_("done by"), max_length=60, blank=True, help_text=_("Reference or role of who looked."))

    class Meta:
        verbose_name = _("look at who asks")
        verbose_name_plural = _("looks at who asks")
        constraints = [models.CheckConstraint(condition=models.Q(method__in=Method.values), name="privacy_identity_method_is_known")]

    def __str__(self):
        return f"{self.method} {self.request}"


@transaction.atomic
def note(request, method: Method, *, passed: bool, actor_ref="") -> IdentityCheck:
    check = IdentityCheck.objects.create(request=request, method=Method(method), passed=passed, by=str(actor_ref))
    if passed:
        record("identified", request, actor_ref, reason=check.method)
        pausing.note_identified(request, actor_ref)
    else:
        record("not_identified", request, actor_ref, reason=check.method)
    return check


def need(request) -> None:
    """IdentityNotShown where we looked, and the last look failed; after a restore it was looked at then."""
    last = None if replay.under_way() else request.identity_checks.order_by("pk").last()
    if last is not None and not last.passed:
        raise IdentityNotShown
