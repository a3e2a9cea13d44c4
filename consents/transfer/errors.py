"""Refusals of a transfer: to a program as a problem of docs/transfer.md, to a person as a sentence."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class Problem(Exception):
    """What a program is told (RFC 9457); `type` is one of docs/transfer.md."""

    def __init__(self, type: str, status: int, title: str, **more):
        self.type, self.status, self.title, self.more = type, status, title, more
        super().__init__(type)


class TransferOpen(PrivacyError):
    sentence = _("Something of yours is on its way already. Wait until it has arrived, or stop it first.")


class BeingTakenIn(PrivacyError):
    sentence = _("What came for you before is being taken in. Try again in a few minutes.")


class SignInNotOurs(PrivacyError):
    sentence = _("This answer belongs to no transfer that you began here. Nothing was sent. Begin again from your own page.")


class ReceiverSaidNo(PrivacyError):
    sentence = _("You did not say yes there. Nothing was sent.")


class ReceiverUnreachable(PrivacyError):
    sentence = _("The other platform does not answer as it should. Nothing was sent. Try again later.")


class NotNow(PrivacyError):
    sentence = _("Access to this account was recovered recently. For your safety nothing leaves until some days have passed.")


class ReceiverClosed(PrivacyError):
    sentence = _("Nothing goes to that platform from here any more, and nothing was sent. Fetch your archive, and bring it there yourself.")
