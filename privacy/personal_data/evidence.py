"""What shows that we kept the rules: who received what, what was done when, and what we wrote."""

from django.utils.translation import gettext_lazy as _

from ..datamap import DataMap, as_it_is, deleted, not_personal, observed, person, provided, renumbered, secret
from ..models import Certificate, Disclosure, Letter, Message, Notice, NoticeAttempt, Remark, Run, Step, TrailEntry, UnusedAccount
from .activity import RIGHTS, accountable, logged


class DisclosureMap(DataMap, model=Disclosure, activity=RIGHTS, row=logged):
    in_copies = {"basis": as_it_is}

    id = not_personal(_("row number"))
    recipient = observed()
    subject_ref = person(by="subject_ref")
    attributes = observed()
    basis = observed()
    at = observed()


class NoticeMap(DataMap, model=Notice, activity=RIGHTS, row=accountable):
    in_copies = {"event": as_it_is, "known_as": renumbered}

    id = not_personal(_("row number"))
    recipient = observed()
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    event = observed()
    known_as = secret()
    attributes = observed()
    state = observed()
    created_at = observed()
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))
    settled_at = observed()


class NoticeAttemptMap(DataMap, model=NoticeAttempt, activity=RIGHTS, row=accountable):
    in_copies = dict.fromkeys(("way", "answer"), as_it_is)

    id = not_personal(_("row number"))
    notice = person(via="notice__subject_ref", by="subject_ref")
    at = observed()
    way = observed()
    answer = observed()


class TrailEntryMap(DataMap, model=TrailEntry, activity=RIGHTS, row=logged):
    in_copies = {"event": as_it_is}

    id = not_personal(_("row number"))
    event = observed()
    at = observed()
    subject_ref = person(by="subject_ref")
    actor_ref = observed(actor=True)
    request_ref = observed()
    reason = observed()


class RemarkMap(DataMap, model=Remark, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    entry_id = not_personal(_("number of the trail entry"))
    subject_ref = person(by="subject_ref")
    text = observed()
    given_by = observed(actor=True)
    written_at = observed()


class RunMap(DataMap, model=Run, activity=RIGHTS, row=accountable):
    in_copies = dict.fromkeys(("rows_expected", "rows_done"), as_it_is)

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    not_before = observed()
    fence = not_personal(_("how often a worker took it up"))
    lease_until = not_personal(_("until when a worker holds it"))
    finished_at = observed()
    rows_expected = observed()
    rows_done = observed()
    wrapped_key = secret()


class StepMap(DataMap, model=Step, activity=RIGHTS, row=accountable):
    in_copies = {"name": as_it_is}

    id = not_personal(_("row number"))
    run = person(via="run__request__subject_ref", by="subject_ref")
    position = not_personal(_("the order of steps"))
    name = observed()
    counts = observed()
    attempts = not_personal(_("how often it was begun"))
    problem = not_personal(_("the kind of error that stopped it"))
    finished_at = observed()


class LetterMap(DataMap, model=Letter, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    kind = observed()
    created_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))
    sent_at = observed()
    by_post = observed()
    posted_at = observed()
    returned_at = observed()
    returned_because = observed()
    mailed_again_at = observed()


class MessageMap(DataMap, model=Message, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    from_us = observed()
    text = provided()
    written_at = observed()
    by = observed(actor=True)


class CertificateMap(DataMap, model=Certificate, activity=RIGHTS, row=accountable):
    copied = False  # signed: it says what it said, or it is none

    id = not_personal(_("row number"))
    request_ref = observed()
    subject_ref = person(by="subject_ref")
    issued_at = observed()
    document = observed()
    signature = not_personal(_("shows that nothing was changed in it"))


class UnusedAccountMap(DataMap, model=UnusedAccount, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    approval = not_personal(_("which rule"))
    subject_ref = person(by="subject_ref")
    unused_since = observed()
    ends_on = observed()
    days = observed()
    written_at = observed()
    sent_at = observed()
    grace_days = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))
