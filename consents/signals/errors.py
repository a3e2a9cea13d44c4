"""What we refuse programs about their streams."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class StreamExists(PrivacyError):
    sentence = _("This program has a stream already. Change that one, or end it first.")


class TooSoon(PrivacyError):
    sentence = _("A test was asked just now. Wait half a minute.")
