"""What ends transfers besides her stopping them: she is hidden, it was not she who asked, she ends a partner's access, she is erased."""

from django.dispatch import receiver

from privacy.casework.disowning import disowned
from privacy.rights.erasure import erasure_step, hidden

from .. import permissions
from . import coming, going, sending, storing
from .models import IncomingTransfer, OutgoingTransfer


@receiver(hidden, dispatch_uid="consents.transfer.hidden")
def _stop(sender, subject, **kwargs):
    """In the transaction that hides her."""
    for transfer in OutgoingTransfer.including_hidden.under_way().filter(member__subject=subject).select_related("member"):
        going.end(transfer, OutgoingTransfer.State.STOPPED)
    coming.stop_those(IncomingTransfer.including_hidden.open().filter(member__subject=subject), permissions.Method.ERASURE)


@receiver(permissions.closed, dispatch_uid="consents.transfer.closed")
def _bring_no_more(sender, grant, method, **kwargs):
    """She ended the access of its partner, and with it every token; what is here as a whole is taken in."""
    brought = IncomingTransfer.including_hidden.waiting().filter(member=grant.member, application__partner=grant.partner_id)
    coming.stop_those(brought, method)


@receiver(disowned, dispatch_uid="consents.transfer.disowned")
def _hold_back(sender, request, **kwargs):
    """It was not she who asked: the worker sends no further piece (T-07)."""
    for transfer in OutgoingTransfer.including_hidden.under_way().filter(request_ref=request.ref).select_related("member"):
        going.end(transfer, OutgoingTransfer.State.STOPPED)


@erasure_step("stop transfers", order=150)
def _let_go(work) -> None:
    """Tokens are given back once more and forgotten, and what came is destroyed, whatever the other side answers."""
    if work.subject is None:
        return
    member = work.subject.root
    for transfer in OutgoingTransfer.including_hidden.filter(member=member).exclude(sealed_token=b"").select_related("member", "receiver"):
        sending.say_goodbye(transfer)
        going.forget_token(transfer)
    for ref in IncomingTransfer.including_hidden.filter(member=member).values_list("ref", flat=True):
        storing.destroy(ref)
