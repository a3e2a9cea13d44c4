"""Days and moments as people say them: the year only where it is another."""

from datetime import date, datetime

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _


def day(when: date | datetime | None) -> str:
    """Today, 26 November, or 26 November 2025; nothing for the empty text that a template gives where it has no value."""
    if not when:
        return ""
    on = timezone.localtime(when) if hasattr(when, "hour") else when
    today = timezone.localdate()
    if (on.date() if hasattr(on, "hour") else on) == today:
        return _("today")
    return formatted(on, "j F" if on.year == today.year else "j F Y")


def moment(when: datetime | None) -> str:
    """Today, 09:41."""
    return f"{day(when)}, {formatted(timezone.localtime(when), 'H:i')}" if when else ""
