"""Ending a member's sessions at partners: OpenID Connect Back-Channel Logout 1.0."""

import time
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from .. import outgoing
from ..models import PartnerGrant
from ..oidc import signing_keys
from . import answers, making, settling, waking
from .events import BACKCHANNEL_LOGOUT, Kind
from .models import ROUND, Signal

# A token lives no longer than the standard advises (2.4).
LIVES_SECONDS = 120
# A sign-out that arrives an hour late ends a session of later.
TRIES = 4
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
State = Signal.State


def token_of(signal: Signal) -> str:
    """Without `nonce`, so that nobody takes it for an ID token; without `sid`: all sessions of this member there."""
    now = int(time.time())
    said = {"iss": signing_keys.issuer(), "aud": signal.application.client_id, "iat": now, "exp": now + LIVES_SECONDS}
    said |= {"jti": str(signal.jti), "sub": signal.sub, "events": {BACKCHANNEL_LOGOUT: {}}}
    return signing_keys.sign(said, kind="logout+jwt")


def send_due(**only) -> None:
    """Every sign-out that waits; `only` narrows to one person."""
    shut = set()
    for signal in Signal.objects.filter(kind=Kind.LOGOUT, **only).in_turn(ROUND):
        if signal.application_id not in shut and signal.take() and not _sent(signal):
            shut.add(signal.application_id)


def _sent(signal) -> bool:
    """False where the program could not be reached: the others for it wait too, instead of hanging one by one."""
    body = urlencode({"logout_token": token_of(signal)}).encode()
    code = answers.of_call(partial(outgoing.post, signal.application.backchannel_logout_uri, body, HEADERS))
    if code in {"200", "204"}:
        settling.settle(signal, State.ACKNOWLEDGED, code)
    elif code.startswith("400") or signal.attempts >= TRIES:
        settling.settle(signal, State.FAILED, code)
    else:
        Signal.objects.filter(pk=signal.pk).update(answer=code)
        signal.rest()
    return code.isdigit()


@receiver(user_logged_out, dispatch_uid="consents.logout")
def _sign_out_at_partners(sender, user, **kwargs):
    """Where she signed in with this account."""
    if user is not None:
        sign_out(PartnerGrant.objects.going_on().filter(member=user))


def sign_out(grants) -> None:
    """Of the partners that these grants of hers are to, in the caller's transaction."""
    waking.wake(making.sign_out(list(grants.select_related("member"))))
