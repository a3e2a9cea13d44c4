"""What a moderator does: ask a member in writing to follow the rules, and ban who seriously broke our trust and went on (K-7)."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format

from privacy.conf import hook
from privacy.evidence import trail

from .. import bans
from ..errors import AlreadyBanned, BanUnfounded, NotYourOwnCase, StaffCannotBeBanned
from ..mailboxes import one_at_a_time
from ..models import Ban, FormalNotice, Member
from ..replaying import in_one_line
from . import letters

# Who was asked only once was not asked again, and within a day nobody had time to listen.
NOTICES_AT_LEAST = 2
APART = timedelta(days=1)


def notices_of(member) -> list[FormalNotice]:
    """All of them, the oldest first, also while she is hidden."""
    return list(FormalNotice.including_hidden.filter(member=member))


def are_enough(notices) -> bool:
    """Whether she was told, and told again."""
    told = [notice.given_at for notice in notices if notice.told_at]
    return len(told) >= NOTICES_AT_LEAST and told[-1] - told[0] >= APART


@transaction.atomic
def give_notice(member: Member, text: str, *, by) -> FormalNotice:
    """She is mailed, and finds it on her own page. `by` is the moderator's Subject."""
    _refuse_own_case(member, by)
    given = FormalNotice.objects.create(member=member, text=text, given_by=str(by.ref))
    trail.record("notice.given", subject_ref=member.subject_id, actor_ref=by.ref)
    transaction.on_commit(partial(letters.tell_of_notice, given))
    return given


def put_ban(member: Member, breach: str, *, by) -> Ban:
    """Every address that she confirmed is listed, and she is told once; the notices on record become part of the ban.

    BanUnfounded without both grounds, AlreadyBanned for the slower of two moderators.
    """
    with one_at_a_time(member) as member:
        _refuse(member, by)
        notices = notices_of(member)
        if not are_enough(notices):
            raise BanUnfounded
        addresses = hook("ADDRESSES")(member.subject) or [member.email]
        with in_one_line():
            put = [bans.ban(address, breach=breach, notices=_in_words(notices, member), actor_ref=by.ref) for address in addresses]
            transaction.on_commit(partial(letters.tell_of_ban, put[0]))
    return put[0]


def _refuse(member, by):
    _refuse_own_case(member, by)
    if member.is_staff:
        raise StaffCannotBeBanned
    if bans.is_kept_out(member):
        raise AlreadyBanned


def _refuse_own_case(member, by):
    if member.subject_id == by.ref:
        raise NotYourOwnCase


def _in_words(notices, member) -> str:
    """They go with her account; the ban keeps what they said and when, as she reads it in our mail."""
    with translation.override(member.language):
        told = [(date_format(timezone.localdate(notice.given_at)), notice.text) for notice in notices if notice.told_at]
    return "\n\n".join(f"{day}: {text}" for day, text in told)
