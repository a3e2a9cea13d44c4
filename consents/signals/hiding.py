"""What a person's leaving means for programs: hidden at once, shown again when she takes it back, signed out wherever she was."""

from django.dispatch import receiver

from privacy.rights.erasure import erasure_step, hidden, shown

from ..models import PartnerGrant
from . import logout, making, waking
from .events import Kind


@receiver(hidden, dispatch_uid="consents.signals.hidden")
def _tell_hidden(sender, subject, **kwargs):
    """In the transaction that hides her; that and nothing more: why is nobody's business."""
    grants = _standing(subject)
    waking.wake(making.of_account(grants, Kind.ACCOUNT_DISABLED))
    logout.sign_out(grants)


@receiver(shown, dispatch_uid="consents.signals.shown")
def _tell_shown(sender, subject, **kwargs):
    waking.wake(making.of_account(_standing(subject), Kind.ACCOUNT_ENABLED))


def _standing(subject):
    return PartnerGrant.including_hidden.not_withdrawn().filter(member__subject=subject).select_related("member")


@erasure_step("sign out at partners", order=250)
def sign_out(work) -> None:
    """What was not sent yet, once, before the rows that say it go; after that, that the account is gone says it all."""
    if work.subject is not None:
        logout.send_due(subject_ref=work.subject.ref)
