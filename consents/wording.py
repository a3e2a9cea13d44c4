"""What a partner says it does with data, and since when: a yes holds for the words that she read (Art. 5(1)(b), 6(4), 7)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .attributes import title_of
from .models import ConsentEvent, Partner, PartnerGrant, Wording

SAID = ("purpose", "attributes", "reasons", "needed", "offers")
# Of them, those to which a member says yes; what may be asked at all is asked of her field by field.
AGREED_TO = ("purpose", "reasons", "needed", "offers")
# The shortest time by which a moment can come after another.
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Change:
    """One thing that it says otherwise; `old` is what stood there when she said yes."""

    title: str
    old: str
    new: str


@dataclass(frozen=True)
class Otherwise:
    """What it says otherwise of that to which members say yes: what for, of which fields it says another thing, which offers."""

    purpose: bool
    attributes: list[str]
    offers: bool

    def __bool__(self):
        return self.purpose or bool(self.attributes) or self.offers

    def among(self, grants) -> QuerySet[PartnerGrant]:
        """Permissions that were given to it: all where the purpose is another, else those for one of the fields."""
        return grants if self.purpose else grants.allowing(self.attributes)


def otherwise(before: Wording, now: Wording) -> Otherwise:
    asked_still = [name for name in before.attributes if name in now.attributes]
    needed_now = set(now.needed) - set(before.needed)
    about = [name for name in asked_still if name in needed_now or before.reasons.get(name, "") != now.reasons.get(name, "")]
    return Otherwise(before.purpose != now.purpose, about, before.offers != now.offers)


def hold(partner: Partner) -> Partner:
    """Locked, so that what it says changes before this or after. Taken before the lock of a person, never under it."""
    return Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)


def as_it_stands(partner: Partner) -> Wording:
    """Not yet in the history."""
    return Wording(partner=partner, privacy_url=partner.recipient.privacy_url, **{name: getattr(partner, name) for name in SAID})


def keep(partner: Partner) -> Wording:
    """From now on it says what stands there."""
    now = as_it_stands(partner)
    now.save()
    return now


def keep_change(before: Wording, partner: Partner, *, keeps_meaning: bool) -> None:
    """Who agreed to something else is asked anew, in the transaction of the change, under `hold`: what stood still already stays so.

    Where it says again what somebody had agreed to, her permission counts again.
    """
    now = as_it_stands(partner)
    if _said(now) == _said(before):
        return
    _begin_history(before)
    now.keeps_meaning, now.since = keeps_meaning, _moment_of_a_change(partner)
    now.save()
    if not keeps_meaning:
        agreed_to_else(before, now).update(asks_anew_since=now.since)
    if otherwise(before, now):
        _let_stand_again(now)


def agreed_to_else(before: Wording, now: Wording) -> QuerySet[PartnerGrant]:
    """Permissions that count for `before` and not for `now`."""
    return otherwise(before, now).among(_standing(before.partner).filter(asks_anew_since=None))


def proposed(partner: Partner, changes: dict) -> Wording:
    """What it would say."""
    then = as_it_stands(partner)
    for name in set(SAID) & set(changes):
        setattr(then, name, changes[name])
    return then


def differences(before: Wording, now: Partner, names) -> list[Change]:
    """What is another than when she allowed these fields, in words."""
    said = [Change(_("What for"), before.purpose, now.purpose)]
    said += [Change(title_of(name), _why(before, name), _why(now, name)) for name in names if name in now.attributes]
    return [change for change in said if change.old != change.new]


def corrections(grant: PartnerGrant, partner: Partner, history: list[Wording]) -> list[Change]:
    """What reads otherwise than when she said yes, and we judged the same: of a permission that counts nothing else can be."""
    found = differences(said_at(grant.granted_at, history, partner), partner, grant.attributes)
    if grant.contact_allowed_at is None:
        return found
    offered = Change(_("Offers"), said_at(grant.contact_allowed_at, history, partner).offers, partner.offers)
    return found + [offered] * (offered.old != offered.new)


def histories(partners) -> dict[int, list[Wording]]:
    """Partner's key -> what it said, the oldest first; one statement."""
    found = defaultdict(list)
    for wording in Wording.objects.filter(partner__in=partners).order_by("pk"):
        found[wording.partner_id].append(wording)
    return found


def said_at(moment, history: list[Wording], partner: Partner) -> Wording:
    """What it said at that moment. The oldest row holds for all that was before it: nothing older is known."""
    then = [wording for wording in history if wording.since <= moment] or history[:1]
    return then[-1] if then else as_it_stands(partner)


def moment_of_a_yes(partner: Partner) -> datetime:
    """Now, under `hold`, and never before the words that it is for: another server's clock, by which they came, may be ahead."""
    last = _last(partner)
    return max(timezone.now(), last.since) if last else timezone.now()


def _moment_of_a_change(partner) -> datetime:
    """Now, under `hold`, and always after the words before it and the last yes to them."""
    yes = ConsentEvent.objects.filter(partner=partner, kind=ConsentEvent.Kind.GIVEN).order_by("-pk").first()
    before = [moment + TICK for moment in (_last(partner).since, yes and yes.at) if moment]
    return max(timezone.now(), *before)


def _last(partner) -> Wording | None:
    return Wording.objects.filter(partner=partner).order_by("-pk").first()


def _begin_history(before):
    """What members read until now stands in it, also where that came about otherwise than by an approval."""
    last = _last(before.partner)
    if last is None or _said(last) != _said(before):
        before.save()


def _let_stand_again(now):
    still = _standing(now.partner).filter(asks_anew_since__isnull=False)
    if not still.exists():
        return
    history = histories([now.partner])[now.partner_id]
    for meaning in _meanings(history):
        agreed = _given_to(meaning, history, still)
        for said in meaning:
            to_else = otherwise(said, now).among(agreed)
            to_more = agreed.allowing(set(now.attributes).difference(said.attributes))
            agreed.exclude(pk__in=to_else.values("pk")).exclude(pk__in=to_more.values("pk")).update(asks_anew_since=None)


def _meanings(history) -> list[list[Wording]]:
    """Rows that follow each other, of which nobody was asked anew."""
    found = []
    for wording in history:
        if found and (wording.keeps_meaning or not otherwise(found[-1][-1], wording)):
            found[-1].append(wording)
        else:
            found.append([wording])
    return found


def _given_to(meaning, history, grants) -> QuerySet[PartnerGrant]:
    """As `said_at`: from its first row on, until the row after its last."""
    begins, ends = history.index(meaning[0]), history.index(meaning[-1]) + 1
    since = {"granted_at__gte": meaning[0].since} if begins else {}
    until = {"granted_at__lt": history[ends].since} if ends < len(history) else {}
    return grants.filter(**since, **until)


def _standing(partner) -> QuerySet[PartnerGrant]:
    return PartnerGrant.including_hidden.not_withdrawn().filter(partner=partner)


def _said(wording) -> tuple:
    return wording.privacy_url, *(getattr(wording, name) for name in SAID)


def _why(words, name) -> str:
    necessity = _("Needed: without it the tool does not work.") if name in words.needed else ""
    return " ".join(filter(None, [words.reasons.get(name, ""), necessity]))
