"""How a person's permissions stand: every partner, what it may fetch and got, and whether it knows that she stopped (K-10)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.casework.letters import GIVE_UP_AFTER
from privacy.evidence.recipients import Notice, Received, received
from privacy.pages import notices
from privacy.pages.disclosed import TOLD_OF

from . import wording
from .attributes import offered, title_of
from .joint_control import Arrangement, arrangement_with
from .models import Partner, PartnerGrant, Wording

State = Notice.State
# What a partner is told of a permission; of corrections and erasures it hears as any recipient does.
ABOUT_PERMISSIONS = ("withdrawal", "ended", "narrowed", "objection")


@dataclass(frozen=True)
class Standing:
    """One partner as this person sees it.

    `told` has the last notice of each kind that it got about her permission, `agreed_to` what it said then, where she is asked anew.
    """

    partner: Partner
    grant: PartnerGrant | None
    received: Received
    told: dict[str, Notice]
    agreed_to: Wording | None = None

    @property
    def notice(self) -> Notice | None:
        """Of the end of her permission: hers, or everybody's."""
        ends = [self.told[event] for event in ("withdrawal", "ended") if event in self.told]
        return max(ends, key=lambda notice: notice.pk, default=None)

    @property
    def is_open(self) -> bool:
        return self.grant is not None and self.stopped_at is None and self.grant.asks_anew_since is None

    @property
    def is_asked_anew(self) -> bool:
        """She allowed it, for something else than it says now: it gets nothing before she answers."""
        return self.grant is not None and self.stopped_at is None and self.grant.asks_anew_since is not None

    @cached_property
    def changes(self) -> list[wording.Change]:
        """What it says otherwise than when she said yes."""
        return wording.differences(self.agreed_to, self.partner, self.grant.attributes) if self.agreed_to else []

    @property
    def is_stopped(self) -> bool:
        return self.grant is not None and self.stopped_at is not None

    @property
    def stopped_at(self) -> datetime | None:
        """By her, or for everybody at once: it opens nothing from then on, also where the worker has yet to close it."""
        return self.grant.revoked_at or self.partner.ended_at

    @property
    def name(self) -> str:
        return self.partner.recipient.name

    @cached_property
    def asks(self) -> list[str]:
        """What it may ask, in words."""
        return [title_of(name) for name in offered(self.partner)]

    @cached_property
    def gets(self) -> list[str]:
        """What it can fetch today."""
        return [title_of(name) for name in offered(self.partner) if name in self.grant.attributes]

    @cached_property
    def got(self) -> list[str]:
        return sorted(title_of(name) for name in self.received.attributes)

    @property
    def can_narrow(self) -> bool:
        """There is something that she could leave out and go on."""
        return self.is_open and not set(self.grant.attributes) <= set(self.partner.needed)

    @property
    def may_contact_since(self) -> datetime | None:
        return self.grant and self.grant.contact_allowed_at

    @property
    def arrangement(self) -> Arrangement:
        return arrangement_with(self.partner)

    @cached_property
    def heard(self) -> list[dict]:
        """Of less and of no offers: what it was told last, and how far that is."""
        told = [self.told[event] for event in ("narrowed", "objection") if event in self.told]
        return [{"text": TOLD_OF[notice.event], "at": notice.created_at, "chip": _chip_of(notice)} for notice in told]

    @property
    def chip(self) -> dict:
        if self.notice is None:
            return {"kind": "", "icon": "check", "text": _("Stopped")}
        return _chip_of(self.notice)

    @property
    def steps(self) -> list[dict]:
        """From the moment access was closed, also when our message fails."""
        closed = {"name": _("Access closed"), "state": "done", "at": self.stopped_at}
        return [closed, *(_steps(self.notice, self.name) if self.notice else ())]

    @property
    def is_not_reached(self) -> bool:
        return self.notice is not None and self.notice.state == State.IMPOSSIBLE

    @property
    def gives_up_on(self):
        """Until when we try; then it counts as not reached."""
        still_tries = self.notice and self.notice.state == State.QUEUED and self.notice.attempts
        return self.notice.created_at + GIVE_UP_AFTER if still_tries else None


def _chip_of(notice) -> dict:
    """How far it is, in a word or two."""
    waits = _("Does not answer yet") if notice.attempts else _("Our message is on its way")
    words = {State.QUEUED: waits, State.IMPOSSIBLE: _("Not reached"), State.ACKNOWLEDGED: _("Confirmed")}
    return notices.chip(notice.state, words.get(notice.state, _("It was told")))


def _steps(notice, name):
    """The lines about our notice."""
    told = {"name": _("Message arrived at %(name)s") % {"name": name}, "state": "done", "at": notice.settled_at}
    if notice.state == State.ACKNOWLEDGED:
        return [{**told, "at": None}, {"name": _("%(name)s confirmed") % {"name": name}, "state": "done", "at": notice.settled_at}]
    if notice.state == State.DELIVERED:
        return [told]
    if not notice.attempts:
        return [{"name": _("Message to %(name)s is on its way") % {"name": name}, "state": "now"}]
    return [{"name": _tried(notice), "state": "fail", "at": notice.settled_at, "note": _next_try(notice)}]


def _tried(notice):
    """How often, and whether we still do."""
    if notice.state == State.IMPOSSIBLE:
        text = ngettext("Message did not arrive, tried %(count)d time", "Message did not arrive, tried %(count)d times", notice.attempts)
    else:
        text = ngettext(
            "Message has not arrived yet, tried %(count)d time", "Message has not arrived yet, tried %(count)d times", notice.attempts
        )
    return text % {"count": notice.attempts}


def _next_try(notice):
    """A pause lasts an hour at most, so the time says enough."""
    if notice.settled_at or notice.held_until is None or notice.held_until < timezone.now():
        return ""
    return _("again at %(time)s") % {"time": date_format(timezone.localtime(notice.held_until), "H:i")}


def standings(subject, **only) -> list[Standing]:
    """Every partner that takes part or that she knows, by name; `only` narrows to some.

    Four statements, however many there are, and one more where some ask her anew.
    """
    partners = Partner.objects.seen_by(subject).filter(**only).select_related("recipient", "arrangement").order_by("recipient__name")
    grants = {grant.partner_id: grant for grant in grants_of(subject)}
    got, told = received(subject.ref), _last_notices(subject)
    agreed_to = _agreed_to(partners, grants)
    return [
        Standing(partner, grants.get(partner.pk), got[partner.recipient_id], told[partner.recipient_id], agreed_to.get(partner.pk))
        for partner in partners
    ]


def _agreed_to(partners, grants) -> dict[int, Wording]:
    """Partner's key -> what it said when she said yes, of those that ask her anew."""
    anew = [partner for partner in partners if partner.pk in grants and grants[partner.pk].asks_anew_since]
    history = wording.histories(anew) if anew else {}
    return {partner.pk: wording.said_at(grants[partner.pk].granted_at, history.get(partner.pk, []), partner) for partner in anew}


def grants_of(subject):
    return PartnerGrant.including_hidden.filter(member__subject=subject)


def _last_notices(subject) -> defaultdict[int, dict[str, Notice]]:
    """Recipient's key -> what it was told last of each kind."""
    about_permissions = Notice.objects.filter(subject_ref=subject.ref, event__in=ABOUT_PERMISSIONS)
    last = about_permissions.order_by().values("recipient", "event").annotate(last=Max("pk")).values("last")
    told = defaultdict(dict)
    for notice in Notice.objects.filter(pk__in=last):
        told[notice.recipient_id][notice.event] = notice
    return told
