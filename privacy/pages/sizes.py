"""Sizes of files as people say them: whole kilobytes, tenths only from a megabyte on."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def size(count: int) -> str:
    """34 kB, or 4.2 MB."""
    if count < 999_500:
        return _("%(count)s kB") % {"count": number_format(max(1, round(count / 1000)))}
    return _("%(count)s MB") % {"count": number_format(round(count / 1_000_000, 1), decimal_pos=1)}
