"""What programs are to be told, as rows: of a notice, of a person who is hidden or shown again, of a sign-out."""

import uuid

from oauth2_provider.models import get_id_token_model, get_refresh_token_model

from ..oidc import signing_keys
from ..oidc.models import PartnerApplication
from . import events
from .events import Kind
from .models import Signal, Stream


def of_notice(notice) -> list[Signal]:
    """What a notice says to each program of its recipient that takes it, made once however often it is asked.

    None where the recipient knows the person by no name of ours, or no stream of its programs is open for this event.
    """
    kinds = events.OF_NOTICE.get(notice.event, ())
    if not kinds or not notice.known_as:
        return []
    return [_made(notice, stream, kind) for stream in _streams_for(notice, kinds[0]) for kind in kinds if stream.takes(kind)]


def _streams_for(notice, main) -> list[Stream]:
    """A program that does not take the event that says it all counts for nothing."""
    of_recipient = Stream.objects.filter(application__partner__recipient=notice.recipient_id)
    streams = of_recipient.select_related("application__partner").order_by("pk")
    return [stream for stream in streams if stream.is_open and stream.takes(main)]


def _made(notice, stream, kind) -> Signal:
    """Numbers that come from the act itself: what is made twice is still one message to who receives it."""
    act = f"{notice.pk} {notice.created_at.isoformat()}"
    fields = {
        "application": stream.application,
        "kind": kind,
        "notice": notice,
        "txn": _number(f"{notice.request_ref or act} {notice.recipient_id}"),
        "payload": events.payload_of(kind, notice),
        "subject_ref": notice.subject_ref,
        "sub": notice.known_as,
    }
    return Signal.objects.get_or_create(jti=_number(f"{act} {kind} {stream.application_id}"), defaults=fields)[0]


def _number(name) -> uuid.UUID:
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, signing_keys.issuer()), name)


def of_account(grants, kind: str) -> list[Signal]:
    """To every program with a stream of the partners that these grants are to; nobody is written to about it."""
    txns = {grant.partner_id: uuid.uuid4() for grant in grants}
    streams = Stream.objects.filter(application__partner__in=txns).select_related("application__partner")
    takers = [stream.application for stream in streams if stream.is_open and stream.takes(kind)]
    return Signal.objects.bulk_create(
        _row(grant, application, kind, txn=txns[grant.partner_id])
        for application in takers
        for grant in grants
        if grant.partner_id == application.partner_id
    )


def sign_out(grants: list) -> list[Signal]:
    """To each program that asked for it and in which she signed in; one that waits already says the same (Back-Channel Logout 1.0).

    The grants are of one member; all of them take as many statements as one.
    """
    partners = {grant.partner_id: grant for grant in grants}
    programs = list(PartnerApplication.objects.filter(partner__in=partners).exclude(backchannel_logout_uri=""))
    if not programs:
        return []
    told = _signed_in(grants[0].member_id, programs) - _waiting(grants)
    due = [(partners[program.partner_id], program) for program in programs if program.pk in told]
    return Signal.objects.bulk_create(_row(grant, program, Kind.LOGOUT) for grant, program in due)


def _signed_in(member_id, programs) -> set[int]:
    """Keys of those programs; whom one never saw, it is not told of."""
    kinds = get_id_token_model(), get_refresh_token_model()
    hers = [kind.objects.filter(user=member_id, application__in=programs).values_list("application", flat=True) for kind in kinds]
    return set(hers[0].union(hers[1]))


def _waiting(grants) -> set[int]:
    subs = [str(grant.sub) for grant in grants]
    return set(Signal.objects.queued().filter(kind=Kind.LOGOUT, sub__in=subs).values_list("application", flat=True))


def _row(grant, application, kind, **fields) -> Signal:
    return Signal(application=application, kind=kind, subject_ref=grant.member.subject_id, sub=str(grant.sub), **fields)
