"""How many days are left to answer, in words, and how urgent that is."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# From so many days on it is soon.
SOON_DAYS = 7


def in_words(days_left: int) -> str:
    """Below zero it is late."""
    if days_left < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -days_left) % {"count": -days_left}
    if not days_left:
        return _("the last day")
    return ngettext("%(count)d day left", "%(count)d days left", days_left) % {"count": days_left}


def tone_of(days_left: int) -> str:
    return "late" if days_left < 0 else "soon" if days_left <= SOON_DAYS else ""
