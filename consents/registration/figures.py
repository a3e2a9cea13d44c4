"""How much a partner is used: counts of people, from ten on, as in every statistic of ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone

from privacy.evidence.recipients import Disclosure

from ..models import PartnerGrant

# Of fewer people a number says something about each.
AT_LEAST = 10
WEEKS = 8
# A partner of a million members has millions of releases; its page is opened more often than they change.
FRESH_SECONDS = 3600


@dataclass(frozen=True)
class Week:
    """`releases` is None where fewer than ten people stood behind them."""

    begins: datetime
    releases: int | None


@dataclass(frozen=True)
class Figures:
    """`members` is None below ten."""

    members: int | None
    weeks: list[Week]


def figures(partner) -> Figures:
    """Of the last whole weeks, the newest first."""
    return cache.get_or_set(f"partner.figures.{partner.pk}", lambda: _count(partner), FRESH_SECONDS)


def _count(partner) -> Figures:
    this_week = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=timezone.localtime().weekday())
    handed_out = Disclosure.objects.filter(recipient=partner.recipient_id, at__lt=this_week, at__gte=this_week - timedelta(weeks=WEEKS))
    weeks = handed_out.annotate(week=TruncWeek("at")).values("week").order_by("-week")
    counted = weeks.annotate(releases=Count("pk"), people=Count("subject_ref", distinct=True))
    return Figures(
        members=_enough(PartnerGrant.objects.live().filter(partner=partner).count()),
        weeks=[Week(each["week"], each["releases"] if each["people"] >= AT_LEAST else None) for each in counted],
    )


def _enough(people: int) -> int | None:
    return people if people >= AT_LEAST else None
