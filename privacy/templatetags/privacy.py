"""What pages need beside their own data: the menu, whom to turn to, moments as people say them, fields without a placeholder."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..conf import setting
from ..pages import menu
from ..pages.moments import day, moment
from ..pages.sizes import size

register = template.Library()
register.filter("day", day)
register.filter("moment", moment)
register.filter("size", size)


@register.simple_tag
def contact(who: str) -> dict:
    """Name and address of the "CONTROLLER", the "DPO" or the "AUTHORITY" (K-19, K-20)."""
    return setting(who)


@register.simple_tag
def own_words(letter) -> str:
    """The organisation's own paragraph in this letter, in the language of the moment; "" where there is none, or it answers no request."""
    kind = getattr(letter, "kind", "")
    return setting("LETTERS").get(f"{kind}.{get_language()}", "") if kind else ""


@register.simple_tag(takes_context=True)
def main_menu(context) -> list[menu.Item]:
    """The pages of a signed-in person, and which of them this is."""
    return menu.items(context["request"]) if "request" in context else []


@register.filter
def plain(field):
    """The field without its placeholder, which would only repeat the label and vanish while typing; with what it was filled with."""
    carried = field.as_hidden(only_initial=True) if field.field.show_hidden_initial else SafeString()
    return carried + field.as_widget(attrs={"placeholder": False})
