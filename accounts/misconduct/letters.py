"""The mails about a notice, a ban and a review: sent again until the mail server takes them."""

import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from privacy.conf import hook
from privacy.errors import PrivacyError

from ..models import Ban, FormalNotice, Member
from ..replaying import note_terms
from . import objecting, roles

log = logging.getLogger("accounts")


def tell_of_notice(notice: FormalNotice) -> None:
    """That there is one, and what it says; it counts once it went out."""
    member = notice.member
    page = _link("accounts:notices")
    if notice.take() and _post("notice", member.subject, {"text": notice.text, "page": page}):
        FormalNotice.including_hidden.filter(pk=notice.pk).update(told_at=timezone.now())


def tell_of_ban(ban: Ban) -> None:
    """Why, what it means, and how she says that we are wrong; once, however many of her addresses are listed."""
    member = Member.objects.filter(subject=ban.subject_ref).select_related("subject").first()
    words = {"breach": ban.breach, "notices": ban.notices, "page": objecting.link_to(ban)}
    if member and ban.take() and _post("ban", member.subject, words):
        _note_told(ban, timezone.now())


def _note_told(ban, at):
    """Where the replay ledger takes no line the ban stands all the same, and she is mailed once more."""
    try:
        with transaction.atomic():
            note_terms(ban.change(told_at=at), told_at=at)
    except PrivacyError as refusal:
        log.error("a ban was mailed, and that was not noted: %s", type(refusal).__name__)


def tell_what_waits() -> None:
    """What was written down and did not go out yet. Of a person's bans the first speaks for all."""
    for notice in FormalNotice.including_hidden.untold().free().select_related("member__subject"):
        tell_of_notice(notice)
    first = {ban.subject_ref: ban for ban in Ban.objects.untold().order_by("-pk")}
    for ban in first.values():
        tell_of_ban(ban)


def remind_custodians(waiting: int) -> None:
    """How many bans wait for their yearly review; whose they are no mail says."""
    for custodian in custodians():
        _post("review", custodian.subject, {"waiting": waiting, "page": _link("misconduct:bans")})


def custodians():
    """Who has the role, by a group or for herself."""
    codename = roles.CUSTODIAN.partition(".")[2]
    role = Permission.objects.filter(content_type__app_label="accounts", codename=codename)
    holders = Q(groups__permissions__in=role) | Q(user_permissions__in=role)
    return Member.objects.usable().filter(holders, is_active=True, is_staff=True).select_related("subject").distinct()


def _post(kind: str, subject, words: dict) -> bool:
    """Not through the adapter's choice, which answers a banned address with one letter whatever was to be said."""
    address = next(iter(hook("ADDRESSES")(subject)), "")
    if not address:
        return False
    with translation.override(hook("LANGUAGE")(subject)):
        try:
            get_adapter().post(f"misconduct/letters/{kind}", address, words)
        except OSError as error:  # its words hold her address
            log.error("the letter %s was not sent: %s", kind, type(error).__name__)
            return False
    return True


def _link(view) -> str:
    return settings.PRIVACY["SITE"].rstrip("/") + reverse(view)
