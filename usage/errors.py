"""Refusals between members, and in what they write to us."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class MemberGone(PrivacyError):
    sentence = _("This member is no longer here. Nothing was sent or saved.")


class NotOneself(PrivacyError):
    sentence = _("This is your own page: you cannot follow yourself or write to yourself.")


class AccountLeaving(PrivacyError):
    sentence = _("This account is about to be erased. Nothing was sent or saved; take that back first.")


class TooManyMessages(PrivacyError):
    sentence = _("You wrote many messages in the past hour. What you wrote still stands here; send it a little later.")
