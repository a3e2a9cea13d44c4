"""Refusals about external permissions."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class PermissionEnded(PrivacyError):
    sentence = _("This permission does not stand. Nothing was handed over.")


class AccountLeaving(PrivacyError):
    sentence = _("This account is about to be erased. Take that back first, then allow partners again.")


class AttributesNotOffered(PrivacyError):
    """Carries `names`: what was asked and may not be released to this partner."""

    def __init__(self, names):
        self.names = sorted(names)
        super().__init__(_("This partner cannot receive: %(names)s.") % {"names": ", ".join(self.names)})


class AddressRefused(PrivacyError):
    sentence = _("We do not call this address. Give one that begins with https:// and that everybody on the internet can reach.")


class NotReached(Exception):
    """Nothing whole came back from a partner; `code` says why, in a word of ours."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)
