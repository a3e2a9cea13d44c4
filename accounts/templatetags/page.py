"""What pages need beside their own data: whom to turn to, and fields without a placeholder."""

from django import template

from privacy.conf import setting

register = template.Library()


@register.simple_tag
def contact(who: str) -> dict:
    """Name and address of the "CONTROLLER", the "DPO" or the "AUTHORITY" (K-19, K-20)."""
    return setting(who)


@register.filter
def plain(field):
    """The field without its placeholder, which would only repeat the label and vanish while typing."""
    return field.as_widget(attrs={"placeholder": False})
