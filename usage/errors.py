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


class TooMuchFeedback(PrivacyError):
    sentence = _("We received a great deal from you today. What you wrote still stands here; send it tomorrow.")


class AlreadyAnswered(PrivacyError):
    sentence = _("A colleague answered this meanwhile. Nothing was sent; what you wrote still stands here.")


class AnswerNotSent(PrivacyError):
    sentence = _("The mail server did not take the answer. What you wrote still stands here; try again in a few minutes.")
