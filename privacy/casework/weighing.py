"""What is looked at while her data are only kept: an objection, and a value that she says is wrong (Art. 16, 18(1)(a) and (d), 21(1))."""

from datetime import datetime

from django.db import transaction
from django.dispatch import receiver

from ..datamap import RestrictionGround, Right
from ..errors import RowNotFound, UseNotNamed
from ..evidence.replay import replayed
from ..rights import rectification, restriction, statements
from ..rights.restriction import Restriction
from ..rights.statements import Place, Statement
from ..subjects import Subject
from . import agenda, asking, cases, four_eyes, refusing, restricting

Status = cases.Status
STOPS_A_USE = (Right.RESTRICTION, Right.OBJECTION)


@receiver(asking.about_uses, dispatch_uid="privacy.weighing.asked")
def stop_while_weighed(request, activities, **_sent) -> None:
    """An objection works at once: these uses stop until somebody has shown grounds that weigh more. Before its line in the ledger."""
    if request.right == Right.OBJECTION and activities:
        _restrict(request, cases.subject_of(request), activities, RestrictionGround.OBJECTION)


@receiver(cases.decided, dispatch_uid="privacy.weighing.decided")
def follow_decision(request, status, refused_about, **_sent) -> None:
    """A yes to all of it or to some: what we said no to ends after a letter, and the rest holds."""
    if status not in {Status.FULFILLED, Status.PARTLY}:
        return
    if request.right == Right.RESTRICTION:
        _begin_asked(request, set(refused_about))
    elif request.right == Right.OBJECTION:
        restriction.uphold([row for row in _objected(request) if row.activity not in set(refused_about)])
    if request.right == Right.RECTIFICATION or (request.right == Right.OBJECTION and status == Status.PARTLY):
        restricting.announce_rest(request)


def _begin_asked(request, refused):
    """As she asked, with the ground that she named; what we began already stays as it is."""
    said = [words for words in statements.words_with(request) if words.about not in refused and words.ground]
    subject = cases.subject_of(request)
    if subject is not None and said:
        how = {"ground": said[0].ground, "request_ref": request.ref, "actor_ref": request.actor_ref}
        restricting.note(restriction.begin(subject, [words.about for words in said], **how))


def need_use(request) -> None:
    """UseNotNamed for an objection or a restriction where a yes stops nothing; without an account nothing stops by itself."""
    subject = cases.subject_of(request)
    if request.right not in STOPS_A_USE or subject is None or not subject.has_root:
        return
    stops = _objected(request) if request.right == Right.OBJECTION else restricting.of(request)
    if not refusing.uses_of(request) and not stops:
        raise UseNotNamed


def _objected(request) -> list[Restriction]:
    """What a yes to an objection stops for good; a use on hold on another ground goes on once that ends."""
    return [row for row in restricting.of(request) if row.ground == RestrictionGround.OBJECTION]


def dispute(subject: Subject, place: Place, text: str, *, identified_by="", actor_ref=""):
    """She says that a value is wrong which she cannot correct herself: we look, and until then its use is on hold (Art. 18(1)(a)).

    Her words stand beside the value; a dispute that is open already takes this one in. RowNotFound, FieldNotOpen as `statements.state`.
    """
    with transaction.atomic():
        data_map, _row = statements.check(subject, place)
        request = asking.joined(Right.RECTIFICATION, subject=subject, identified_by=identified_by, actor_ref=actor_ref)
        if text != statements.text_beside(subject, place):
            statements.state(subject, place, text, request_ref=request.ref)
        agenda.note(agenda.Kind.VERIFY_ACCURACY, request.ref, request.due_on)
        restricting.note(_restrict(request, subject, [data_map.activity.slug], RestrictionGround.ACCURACY))
    return request


def disputed(request, number: int) -> Statement:
    """Her words beside a value, while the dispute about it is open. RowNotFound for any other."""
    said = Statement.objects.beside_values().filter(subject_ref=request.subject_ref, request_ref=request.ref, pk=number).first()
    if said is None or not request.is_open or request.right != Right.RECTIFICATION:
        raise RowNotFound
    return said


@transaction.atomic
def put_right(request, said: Statement, value, *, actor_ref) -> None:
    """She was right: the value is corrected. Her words stay beside it until she takes them away, and the request is still to be answered.

    OwnDecision, and the refusals of rectification.put_right.
    """
    four_eyes.refuse_own(request, str(actor_ref))
    label, _dot, column = said.about.rpartition(".")
    subject = cases.subject_of(request)
    if subject is None:
        raise RowNotFound
    rectification.put_right(subject, label, said.row_key, column, value, actor_ref=actor_ref, request_ref=request.ref)
    agenda.settle(agenda.Kind.VERIFY_ACCURACY, request.ref, actor_ref)


def _restrict(request, subject, uses, ground) -> list[Restriction]:
    """Of these uses, those that can stop; the others go on by law, and are looked at all the same (Art. 18(2)).

    One that is on hold on this ground already, though not for good, follows from now on what becomes of this request.
    """
    stop = {activity.slug for activity in restriction.restrictable()}
    uses = [use for use in uses if use in stop]
    if subject is None or not uses:
        return []
    rows = restriction.begin(subject, uses, ground=ground, request_ref=request.ref, actor_ref=request.actor_ref)
    there = Restriction.objects.in_force().of(subject.pk).filter(ground=ground, activity__in=uses, upheld_at=None)
    there.update(request_ref=request.ref)
    return rows


@replayed("restricted")
@transaction.atomic
def restrict_again(line) -> None:
    """Also where the request itself is not known any more: nobody uses what she asked us only to keep."""
    subject = Subject.objects.filter(ref=line.subject_ref).first()
    if subject is not None:
        facts, at = line.facts, datetime.fromisoformat(line.facts["since"])
        how = {"ground": facts["because"], "request_ref": facts["request_ref"], "actor_ref": facts["by"], "at": at}
        restriction.begin(subject, facts["about"], **how)


@replayed("restriction_lifted")
@transaction.atomic
def lift_again(line) -> None:
    """She was told then."""
    rows = Restriction.objects.in_force().of(line.subject_ref).filter(activity=line.facts["about"], ground=line.facts["because"])
    restriction.end(list(rows.filter(begun_at__lte=line.at)), actor_ref="operator")
