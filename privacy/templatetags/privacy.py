"""What pages need beside their own data: the menu, whom to turn to, moments as people say them, fields without a placeholder."""

from django import template
from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _

from ..conf import setting
from ..pages import menu

register = template.Library()


@register.simple_tag
def contact(who: str) -> dict:
    """Name and address of the "CONTROLLER", the "DPO" or the "AUTHORITY" (K-19, K-20)."""
    return setting(who)


@register.simple_tag(takes_context=True)
def main_menu(context) -> list[menu.Item]:
    """The pages of a signed-in person, and which of them this is."""
    return menu.items(context["request"]) if "request" in context else []


@register.filter
def plain(field):
    """The field without its placeholder, which would only repeat the label and vanish while typing."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def day(moment) -> str:
    """Today, 26 November, or 26 November 2025: the year only where it is another."""
    if moment is None:
        return ""
    local = timezone.localtime(moment) if hasattr(moment, "hour") else moment
    today = timezone.localdate()
    if (local.date() if hasattr(local, "hour") else local) == today:
        return _("today")
    return formatted(local, "j F" if local.year == today.year else "j F Y")


@register.filter
def moment(when) -> str:
    """Today, 09:41."""
    if when is None:
        return ""
    return f"{day(when)}, {formatted(timezone.localtime(when), 'H:i')}"
