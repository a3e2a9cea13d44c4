"""What we do about a breach: note it, add what we find out, tell whom the law wants told, or say why not (Art. 33, 34)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ...errors import AlreadyWritten, BreachInFuture, BreachMovedOn, LateWithoutReason, NotConcerned, RiskAsksForIt, SilenceWithoutWords
from ...evidence import trail
from ...evidence.recipients import Recipient
from .. import agenda
from . import breach_letters, clock, duties, reach
from .breaches import AffectedPerson, Breach, BreachNotice, BreachPhase, Risk, last_phase, numbered

To, Outcome = BreachNotice.To, BreachNotice.Outcome
# The grounds on which the law lets us be silent, and towards whom.
SILENCE = {To.AUTHORITY: (Outcome.NO_RISK,), To.PERSONS: (Outcome.ENCRYPTED, Outcome.NEUTRALISED, Outcome.DISPROPORTIONATE)}

# Breaches that are looked through at once.
ROUND = 100


@transaction.atomic
def note(*, title: str, aware_at: datetime, began_at=None, actor_ref, known: dict, refs=(), now=None) -> Breach:
    """The log gets it whatever becomes of it (Art. 33(5)). `known`: the columns of a phase, but for counts. BreachInFuture."""
    now = now or timezone.now()
    if aware_at > now or (began_at and began_at > now):
        raise BreachInFuture
    breach = Breach.objects.create(title=title.strip(), aware_at=aware_at, began_at=began_at, noted_at=now)
    _add(breach, 1, known, refs, now)
    trail.record("breach.noted", actor_ref=actor_ref, request_ref=breach.ref)
    _set_agenda(breach)
    return breach


@transaction.atomic
def know_more(ref: str, *, seen: int, known: dict, refs=(), actor_ref, now=None) -> BreachPhase:
    """What was found out since: the authority is told of it too (Art. 33(4)). BreachMovedOn."""
    breach = _locked(ref, seen)
    phase = _add(breach, seen + 1, known, refs, now or timezone.now())
    trail.record("breach.added", actor_ref=actor_ref, request_ref=breach.ref)
    _set_agenda(breach)
    return phase


def _add(breach, number, known, refs, now):
    reached = reach.Reach(tuple(known["activities"]), tuple(refs))
    counted = {"persons": reached.persons(), "records": reached.records()}
    phase = BreachPhase.objects.create(breach=breach, number=number, at=now, **counted, **known)
    AffectedPerson.objects.bulk_create([AffectedPerson(phase=phase, subject_ref=subject_ref) for subject_ref in dict.fromkeys(refs)])
    return phase


@transaction.atomic
def tell_authority(ref: str, *, seen: int, at: datetime, way: str, reference="", words="", actor_ref, now=None) -> BreachNotice:
    """It was told, by us and elsewhere; here it is put on record. LateWithoutReason: the first time, more than 72 hours after we knew."""
    breach = _locked(ref, seen)
    if not breach.aware_at <= at <= (now or timezone.now()):
        raise BreachInFuture
    is_first = not breach.notices.filter(to=To.AUTHORITY, outcome=Outcome.TOLD).exists()
    is_late = is_first and clock.is_late(breach.aware_at, at)
    if is_late and not words.strip():
        raise LateWithoutReason
    said = {"at": at, "way": way, "reference": reference, "words": words.strip(), "is_late": is_late}
    return _decide(breach, To.AUTHORITY, Outcome.TOLD, actor_ref, **said)


@transaction.atomic
def tell_persons(ref: str, *, seen: int, words: str, effects: str, measures: str, actor_ref) -> BreachNotice:
    """A letter for everybody of the phase, in words of ours that anybody understands (Art. 34(2)). NotConcerned where there is nobody."""
    breach = _locked(ref, seen)
    said = {"words": words.strip(), "effects": effects.strip(), "measures": measures.strip()}
    if not all(said.values()):
        raise SilenceWithoutWords
    notice = _decide(breach, To.PERSONS, Outcome.TOLD, actor_ref, way=BreachNotice.Way.MAIL, **said)
    if not breach_letters.list_people(notice):
        raise NotConcerned
    return notice


@transaction.atomic
def spare(ref: str, to: str, *, seen: int, outcome: str, words: str, actor_ref) -> BreachNotice:
    """Nobody is told, on a ground of the law and with words that say why (Art. 33(1), 34(3)). RiskAsksForIt where there is none."""
    breach = _locked(ref, seen)
    if not words.strip():
        raise SilenceWithoutWords
    if outcome not in SILENCE[To(to)] or (to == To.AUTHORITY and last_phase(breach).risk != Risk.NONE):
        raise RiskAsksForIt
    return _decide(breach, to, Outcome(outcome), actor_ref, words=words.strip())


@transaction.atomic
def tell_public(ref: str, *, seen: int, words: str, actor_ref) -> BreachNotice:
    """What stands in public instead of letters (Art. 34(3)(c))."""
    breach = _locked(ref, seen)
    if not words.strip():
        raise SilenceWithoutWords
    return _decide(breach, To.PUBLIC, Outcome.TOLD, actor_ref, way=BreachNotice.Way.SITE, words=words.strip())


@transaction.atomic
def tell_partners(ref: str, recipients: list[Recipient], *, seen: int, actor_ref) -> list[BreachNotice]:
    """A message to the data protection officer of each, without a person in it; who was told of this phase already is not told again."""
    breach = _locked(ref, seen)
    told = set(last_phase(breach).notices.filter(to=To.PARTNER).values_list("recipient", flat=True))
    notices = []
    for recipient in recipients:
        if recipient.pk not in told:
            notices.append(_decide(breach, To.PARTNER, Outcome.TOLD, actor_ref, recipient=recipient, way=BreachNotice.Way.MAIL))
            breach_letters.list_partner(notices[-1])
    return notices


def _decide(breach, to, outcome, actor_ref, **said) -> BreachNotice:
    phase = last_phase(breach)
    once = {To.AUTHORITY, To.PERSONS}
    if to in once and phase.notices.filter(to=to).exists():
        raise AlreadyWritten
    notice = BreachNotice.objects.create(breach=breach, phase=phase, to=to, outcome=outcome, **said)
    trail.record("breach.decided", actor_ref=actor_ref, request_ref=breach.ref, reason=f"{to}.{outcome}")
    _set_agenda(breach)
    return notice


def _locked(ref, seen) -> Breach:
    """Of two who act on what they read, the second reads first what the other added."""
    breach = Breach.objects.select_for_update().get(pk=numbered(ref).pk)
    if last_phase(breach).number != seen:
        raise BreachMovedOn
    return breach


def note_open(now: datetime) -> None:
    """Each night: what the law wants told and nothing waits for, since a newer rule of ours asks more than the one it was closed by."""
    waits = agenda.AgendaItem.objects.open().filter(kind=agenda.Kind.BREACH).values("request_ref")
    for breach in Breach.objects.exclude(ref__in=waits).prefetch_related("phases__named", "notices").order_by("pk").iterator(ROUND):
        if duties.of(breach).any:
            with transaction.atomic():
                _set_agenda(Breach.objects.select_for_update().get(pk=breach.pk))


def _set_agenda(breach) -> None:
    """It waits as long as somebody has to be told: of the first phase until the 72 hours end, of a later one at once."""
    open_ = duties.of(breach)
    if open_.any:
        agenda.note(agenda.Kind.BREACH, breach.ref, open_.due_on)
    else:
        agenda.AgendaItem.objects.end(breach.ref, agenda.Kind.BREACH)
