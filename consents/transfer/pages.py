"""Taking data elsewhere in the browser: where to, what would go, on to there and back, how far it is, and the receipt (Art. 20(2))."""

import secrets
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from privacy.evidence import signing
from privacy.pages.forms import form_page
from privacy.pages.holding import held_until
from privacy.pages.people import person_page
from privacy.pages.step_up import evidence, recently_identified

from ..errors import AccountLeaving, AddressRefused, NotReached
from . import coming, going, remote
from .errors import NotNow, ReceiverSaidNo, ReceiverUnreachable, SignInNotOurs
from .following import Coming, Going
from .models import IncomingTransfer, OutgoingTransfer, Receiver
from .package import Package

# In the session: which transfer she is saying yes to elsewhere, and what only this session knows of it.
SESSION_KEY = "consents.transfer"
SHOWN = 20


def receivers():
    return Receiver.objects.filter(closed_at=None).select_related("recipient").order_by("recipient__name")


@require_GET
@person_page
def choose(request):
    context = {
        "receivers": receivers(),
        "outgoing": [Going(transfer) for transfer in _outgoing(request).order_by("-pk")[:SHOWN]],
        "incoming": [Coming(transfer) for transfer in _incoming(request).order_by("-pk")[:SHOWN]],
    }
    return render(request, "consents/transfer/choose.html", context)


def _outgoing(request):
    return OutgoingTransfer.including_hidden.filter(member=request.user).select_related("receiver__recipient", "member")


def _incoming(request):
    hers = IncomingTransfer.including_hidden.filter(member=request.user)
    return hers.select_related("application__partner__recipient", "member__subject")


@person_page
@form_page
def start(request, receiver):
    """What would go there, and what it would not take; nothing leaves before she said yes there too."""
    if request.subject.hidden_at:
        raise AccountLeaving
    chosen = get_object_or_404(receivers(), slug=receiver)
    return _send_there(request, chosen) if request.method == "POST" else _show(request, chosen)


def _show(request, receiver):
    try:
        taken = remote.takes(receiver, get_language())
    except (NotReached, AddressRefused):
        taken = None
    context = {
        "receiver": receiver,
        "host": urlsplit(receiver.issuer).netloc,
        "package": Package.of(request.subject, taken or remote.Takes({})),
        "is_silent": taken is None,
        "open": _outgoing(request).filter(state=OutgoingTransfer.State.SENDING).first(),
    }
    answer = render(request, "consents/transfer/start.html", context)
    answer._csp_update = {"form-action": [receiver.issuer]}
    return answer


@recently_identified
def _send_there(request, receiver):
    """On to the receiver; the state and the proof of this session stay here (RFC 7636, RFC 6749, 10.12)."""
    if held_until(request):
        raise NotNow
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    try:
        there = going.address_to_allow(receiver, state, verifier, _way_back())
    except (NotReached, AddressRefused):
        raise ReceiverUnreachable from None
    transfer = going.ask(request.user, receiver)
    request.session[SESSION_KEY] = {"ref": str(transfer.ref), "state": state, "verifier": verifier}
    return redirect(there)


def _way_back() -> str:
    return signing.issuer() + reverse("transfer:back")


@require_GET
@person_page
def back(request):
    """Only what this session asked, answered by whom it asked (RFC 9207); each answer is good once."""
    kept = request.session.get(SESSION_KEY)
    if not kept or not constant_time_compare(request.GET.get("state", ""), kept["state"]):
        raise SignInNotOurs
    del request.session[SESSION_KEY]
    request.session.save()  # a reload while we ask the receiver finds nothing
    transfer = get_object_or_404(_outgoing(request), ref=kept["ref"])
    try:
        _begin(request, transfer, kept["verifier"])
    except Exception:
        going.give_up(transfer)
        raise
    return redirect(transfer)


def _begin(request, transfer, verifier):
    if request.GET.get("iss") != transfer.receiver.issuer:
        raise SignInNotOurs
    code = request.GET.get("code", "")
    if "error" in request.GET or not code:
        raise ReceiverSaidNo
    if held_until(request):
        raise NotNow
    try:
        token = remote.token_for(transfer.receiver, code, verifier, _way_back())
    except (NotReached, AddressRefused, remote.Refused):
        raise ReceiverUnreachable from None
    is_begun = False
    try:
        is_begun = going.begin(transfer, token, identified_by=evidence(request))
    finally:
        if not is_begun:
            going.decline(transfer, token)


@require_GET
@person_page
def outgoing(request, ref):
    following = Going(get_object_or_404(_outgoing(request), ref=ref))
    return render(request, "consents/transfer/outgoing.html", {"following": following})


@require_POST
@person_page
def stop(request, ref):
    transfer = get_object_or_404(_outgoing(request), ref=ref)
    if going.stop(transfer):
        messages.success(request, _("Stopped. Nothing more goes there."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect(transfer)


@require_GET
@person_page
def incoming(request, ref):
    following = Coming(get_object_or_404(_incoming(request), ref=ref))
    return render(request, "consents/transfer/incoming.html", {"following": following})


@require_POST
@person_page
def stop_incoming(request, ref):
    transfer = get_object_or_404(_incoming(request), ref=ref)
    if coming.stop(transfer):
        messages.success(request, _("Stopped. Nothing more comes from there, and what came was destroyed."))
    else:
        messages.info(request, _("Too late to stop: it had ended, or is being taken in."))
    return redirect("transfer:incoming", ref)


@require_GET
@person_page
def outgoing_receipt(request, ref):
    return _receipt(get_object_or_404(_outgoing(request).exclude(receipt=""), ref=ref))


@require_GET
@person_page
def incoming_receipt(request, ref):
    return _receipt(get_object_or_404(_incoming(request).exclude(receipt=""), ref=ref))


def _receipt(transfer):
    """Exactly what was signed, with the signature beside it: anybody can check it with the receiver's public keys."""
    answer = JsonResponse(
        {"receipt": transfer.receipt, "signature": transfer.receipt_signature}, json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="inzage-receipt-{transfer.ref}.json"'
    return answer
