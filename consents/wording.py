"""What a partner says it does with data, and since when: a yes holds for the words that she read (Art. 5(1)(b), 6(4), 7)."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from .attributes import title_of
from .models import Partner, PartnerGrant, Wording

SAID = ("purpose", "attributes", "reasons", "needed", "offers")
# Of them, those to which a member says yes; what may be asked at all is asked of her field by field.
AGREED_TO = ("purpose", "reasons", "needed", "offers")


@dataclass(frozen=True)
class Change:
    """One thing that it says otherwise; `old` is what stood there when she said yes."""

    title: str
    old: str
    new: str


def as_it_stands(partner: Partner) -> Wording:
    """Not yet in the history."""
    return Wording(partner=partner, privacy_url=partner.recipient.privacy_url, **{name: getattr(partner, name) for name in SAID})


def keep(partner: Partner) -> Wording:
    """From now on it says what stands there."""
    now = as_it_stands(partner)
    now.save()
    return now


def keep_change(before: Wording, partner: Partner, *, keeps_meaning: bool) -> None:
    """Who agreed to something else is asked anew, in the transaction of the change: what stood still already stays so."""
    now = as_it_stands(partner)
    if _said(now) == _said(before):
        return
    now.keeps_meaning = keeps_meaning
    now.save()
    if not keeps_meaning:
        agreed_to_else(before, now).update(asks_anew_since=now.since)


def agreed_to_else(before: Wording, now: Wording) -> QuerySet[PartnerGrant]:
    """Permissions that count for `before`: all where the purpose is another, else those for a field of which something is."""
    standing = PartnerGrant.including_hidden.not_withdrawn().filter(partner=before.partner, asks_anew_since=None)
    return standing if before.purpose != now.purpose else standing.allowing(_said_otherwise(before, now))


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


def _said(wording) -> tuple:
    return wording.privacy_url, *(getattr(wording, name) for name in SAID)


def _said_otherwise(before, now) -> list[str]:
    """Fields that are asked for another reason, or that the tool cannot do without any more."""
    asked_still = [name for name in before.attributes if name in now.attributes]
    needed_now = set(now.needed) - set(before.needed)
    return [name for name in asked_still if name in needed_now or before.reasons.get(name, "") != now.reasons.get(name, "")]


def _why(words, name) -> str:
    necessity = _("Needed: without it the tool does not work.") if name in words.needed else ""
    return " ".join(filter(None, [words.reasons.get(name, ""), necessity]))
