"""Ending a member's sessions at partners: OpenID Connect Back-Channel Logout 1.0."""

import time
from collections import defaultdict
from datetime import timedelta
from functools import partial
from time import monotonic
from urllib.parse import urlencode

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from privacy.outbox import RETRY

from .. import outgoing
from ..models import PartnerGrant
from ..oidc import signing_keys
from . import answers, making, settling, waking
from .events import BACKCHANNEL_LOGOUT, Kind
from .models import ROUND, Signal

# A token lives no longer than the standard advises (2.4).
LIVES_SECONDS = 120
# A sign-out that arrives an hour late ends a session of later.
TRIES, NO_NEWS = 4, timedelta(hours=1)
# Of one round, and of it what one program may take: more than a call or two that hang.
ROUND_SECONDS, SECONDS_EACH = 30, 8
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
State = Signal.State


def token_of(signal: Signal) -> str:
    """Without `nonce`, so that nobody takes it for an ID token; without `sid`: all sessions of this member there."""
    now = int(time.time())
    said = {"iss": signing_keys.issuer(), "aud": signal.application.client_id, "iat": now, "exp": now + LIVES_SECONDS}
    said |= {"jti": str(signal.jti), "sub": signal.sub, "events": {BACKCHANNEL_LOGOUT: {}}}
    return signing_keys.sign(said, kind="logout+jwt")


def send_due(**only) -> None:
    """What waits, for half a minute at most; `only` narrows to one person, of whom nothing rests.

    A program that takes long rests, and one at which a worker is waits for it: whoever is slow keeps one worker for a moment.
    """
    settling.drop(Signal.objects.filter(kind=Kind.LOGOUT, created_at__lt=timezone.now() - NO_NEWS), "late")
    waiting = Signal.objects.filter(kind=Kind.LOGOUT, **only)
    ends, room = monotonic() + ROUND_SECONDS, defaultdict(lambda: SECONDS_EACH)
    for signal in (waiting if only else waiting.exclude(application__in=_at_rest())).in_turn(ROUND):
        began = monotonic()
        if began >= ends:
            return
        if room[signal.application_id] > 0 and signal.take():
            is_there = _sent(signal)
            room[signal.application_id] -= monotonic() - began if is_there else SECONDS_EACH
            if room[signal.application_id] <= 0:
                _rest(signal.application_id)


def _at_rest():
    """Programs of which one sign-out is under way, or rests since they took long; where one alone was answered badly, the others go on."""
    held = Signal.objects.queued().filter(kind=Kind.LOGOUT, held_until__gt=timezone.now())
    return held.exclude(answer__regex=r"^[0-9]").values("application")


def _rest(application_id) -> None:
    """All that still waits for it."""
    waiting = Signal.objects.queued().free().filter(kind=Kind.LOGOUT, application=application_id)
    waiting.update(held_until=timezone.now() + RETRY)


def _sent(signal) -> bool:
    """False where the program could not be reached."""
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
