"""What might be of use to a member: worked out when she asks from what she opened and kept, and kept nowhere."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.subjects import usable

from . import published
from .curriculum import subject_name
from .models import Favourite, Level, Publication, ResourceView
from .names import NAMED_FOR

# Of each of so many interests so many resources: a page that can be read to its end.
INTERESTS, OF_EACH = 3, 5
# Who keeps a resource means it more than who opens one.
KEEPING_COUNTS = 2


@dataclass(frozen=True)
class Interest:
    """A subject at a level, and how many resources of it she opened and kept."""

    subject_taught: str
    level: str
    opened: int
    kept: int

    @property
    def weight(self) -> int:
        return self.opened + KEEPING_COUNTS * self.kept

    @property
    def reason(self) -> str:
        """Because you opened 5 and kept 2 resources about mathematics (primary school)."""
        one = max(self.opened, self.kept)
        if not self.kept:
            said = ngettext(
                "Because you opened %(opened)s resource about %(about)s.", "Because you opened %(opened)s resources about %(about)s.", one
            )
        elif not self.opened:
            said = ngettext(
                "Because you kept %(kept)s resource about %(about)s.", "Because you kept %(kept)s resources about %(about)s.", one
            )
        else:
            said = _("Because you opened %(opened)s and kept %(kept)s resources about %(about)s.")
        return said % {"opened": self.opened, "kept": self.kept, "about": self.about}

    @property
    def about(self) -> str:
        """Mathematics (primary school)."""
        level = dict(Level.choices).get(self.level, self.level)
        taught = subject_name(self.subject_taught)
        return f"{taught} ({level})" if level else taught


@dataclass(frozen=True)
class Suggestions:
    """Resources for one reason."""

    interest: Interest
    publications: list[Publication]


def suggest(member) -> list[Suggestions]:
    """For the subjects and levels that concern her most; nothing is asked of the database where she wants none.

    Nor where she said no to that use, or had it put on hold: a suggestion is made of what she did here (Art. 21(1), K-16).
    """
    if not may_profile(member):
        return []
    found = interests(member)
    fitting = _newest_of(found, member)
    told = [Suggestions(interest, [row for row in fitting if _is_about(row, interest)]) for interest in found]
    return [suggestions for suggestions in told if suggestions.publications]


def may_profile(member) -> bool:
    return member.recommendations and not member.subject.restricts("usage")


def interests(member) -> list[Interest]:
    """The few that weigh most. Only what she opened and kept counts: not who she is, nor what she writes."""
    opened = _counted(ResourceView.objects.filter(member=member))
    kept = _counted(Favourite.objects.filter(folder__member=member))
    every = [Interest(*about, opened[about], kept[about]) for about in opened | kept]
    return sorted(every, key=lambda interest: (-interest.weight, interest.subject_taught, interest.level))[:INTERESTS]


def _counted(rows) -> Counter:
    """(subject, level) -> different resources."""
    about = rows.values_list("resource__subject_taught", "resource__level")
    return Counter({(taught, level): number for taught, level, number in about.annotate(Count("resource", distinct=True))})


def _newest_of(found, member) -> list[Publication]:
    """Not hers, neither opened nor kept by her, and by members who are here: hidden, restricted and gone look the same (K-14)."""
    wanted = Q(pk__in=[])
    for interest in found:
        wanted |= Q(resource__subject_taught=interest.subject_taught, resource__level=interest.level)
    known = Q(Exists(ResourceView.objects.filter(member=member, resource=OuterRef("resource"))))
    known |= Q(Exists(Favourite.objects.filter(folder__member=member, resource=OuterRef("resource"))))
    here = Q(author__is_active=True) & usable("author__subject__", *NAMED_FOR)
    rows = published.under_a_name().filter(wanted, here).exclude(author=member).exclude(known)
    place = Window(RowNumber(), partition_by=["resource__subject_taught", "resource__level"], order_by=F("published_at").desc())
    return list(rows.annotate(place=place).filter(place__lte=OF_EACH))


def _is_about(publication, interest) -> bool:
    return (publication.resource.subject_taught, publication.resource.level) == (interest.subject_taught, interest.level)
