"""How a person's permissions stand: every partner, what it may fetch and got, and whether it knows that she stopped (K-10)."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.casework.letters import GIVE_UP_AFTER
from privacy.evidence.recipients import Notice, Received, received
from privacy.pages import notices

from .attributes import releasable, title_of
from .models import Partner, PartnerGrant

State = Notice.State


@dataclass(frozen=True)
class Standing:
    """One partner as this person sees it; `notice` tells it of her last withdrawal."""

    partner: Partner
    grant: PartnerGrant | None
    received: Received
    notice: Notice | None

    @property
    def is_open(self) -> bool:
        return self.grant is not None and not self.grant.is_withdrawn

    @property
    def is_stopped(self) -> bool:
        return self.grant is not None and self.grant.is_withdrawn

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
    def chip(self) -> dict:
        if self.notice is None:
            return {"kind": "", "icon": "check", "text": _("Stopped")}
        return notices.chip(self.notice.state, self._in_a_word())

    def _in_a_word(self):
        waits = _("Does not answer yet") if self.notice.attempts else _("Our message is on its way")
        return {State.QUEUED: waits, State.IMPOSSIBLE: _("Not reached"), State.ACKNOWLEDGED: _("Confirmed")}.get(
            self.notice.state, _("It was told")
        )

    @property
    def steps(self) -> list[dict]:
        """From the moment access was closed, also when our message fails."""
        closed = {"name": _("Access closed"), "state": "done", "at": self.grant.revoked_at}
        return [closed, *(_steps(self.notice, self.name) if self.notice else ())]

    @property
    def is_not_reached(self) -> bool:
        return self.notice is not None and self.notice.state == State.IMPOSSIBLE

    @property
    def gives_up_on(self):
        """Until when we try; then it counts as not reached."""
        still_tries = self.notice and self.notice.state == State.QUEUED and self.notice.attempts
        return self.notice.created_at + GIVE_UP_AFTER if still_tries else None


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


def offered(partner) -> list[str]:
    """The account fields this partner may ask today."""
    allowed = set(releasable())
    return [name for name in partner.attributes if name in allowed]


def standings(subject, **only) -> list[Standing]:
    """Every partner, by name; `only` narrows to some. Four statements, however many partners and releases there are."""
    partners = Partner.objects.filter(**only).select_related("recipient").order_by("recipient__name")
    grants = {grant.partner_id: grant for grant in grants_of(subject)}
    got, told = received(subject.ref), _last_notices(subject)
    return [Standing(partner, grants.get(partner.pk), got[partner.recipient_id], told.get(partner.recipient_id)) for partner in partners]


def grants_of(subject):
    return PartnerGrant.including_hidden.filter(member__subject=subject)


def _last_notices(subject) -> dict[int, Notice]:
    """Recipient's key -> what it was told of her last withdrawal."""
    withdrawals = Notice.objects.filter(subject_ref=subject.ref, event="withdrawal")
    last = withdrawals.order_by().values("recipient").annotate(last=Max("pk")).values("last")
    return {notice.recipient_id: notice for notice in Notice.objects.filter(pk__in=last)}
