"""What an archive holds, as one says it: the data of “What you do here” that you can take along, from 1 March 2026."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _

from ..datamap import registry
from ..days import ZONE, day_of, is_midnight
from .portability import Kind, Scope


def full_day(on: date) -> str:
    return formatted(on, "j F Y")


def full_moment(at: datetime) -> str:
    return formatted(timezone.localtime(at, ZONE), "j F Y, H:i")


def caption(scope: Scope, *, day: Callable[[date], str] = full_day, moment: Callable[[datetime], str] = full_moment) -> str:
    """Days where it lies between two midnights, else moments."""
    return ", ".join([_data(scope), *_time(scope, day, moment)])


def _data(scope) -> str:
    if not scope.activity:
        return _("all your data") if scope.kind is Kind.EVERYTHING else _("the data that you can take along")
    sentence = _("all data of “%(category)s”") if scope.kind is Kind.EVERYTHING else _("the data of “%(category)s” that you can take along")
    return sentence % {"category": heading_of(scope.activity)}


def heading_of(slug: str) -> str:
    """What a person reads above its data."""
    return str(next(activity.heading for activity in registry.activities() if activity.slug == slug))


def _time(scope, day, moment) -> Iterator[str]:
    """The last day is part of it: until midnight is up to and including the day before."""
    if scope.since and is_midnight(scope.since):
        yield _("from %(day)s on") % {"day": day(day_of(scope.since))}
    elif scope.since:
        yield _("changed since %(moment)s") % {"moment": moment(scope.since)}
    if scope.until and is_midnight(scope.until):
        yield _("up to and including %(day)s") % {"day": day(day_of(scope.until) - timedelta(days=1))}
    elif scope.until:
        yield _("until %(moment)s") % {"moment": moment(scope.until)}
