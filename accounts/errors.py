"""The refusals of this app: each a translated sentence, nothing secret."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError


class AddressInvalid(PrivacyError):
    sentence = _("This is not an e-mail address. Check the spelling.")


class AddressWaits(PrivacyError):
    sentence = _("This address is not confirmed yet. Open the link that we mailed to it, then make it your main address.")


class AddressNotHers(PrivacyError):
    sentence = _("This address is not in your list any more. Nothing was changed.")


class BanUnfounded(PrivacyError):
    """Both conditions of the platform's own statement are needed (K-7)."""

    sentence = _("A ban needs both a serious breach of trust and repeated notices that were ignored. Write down what happened and when.")


class AlreadyBanned(PrivacyError):
    sentence = _("Another moderator banned this member already. Nothing was changed.")


class NotYourOwnCase(PrivacyError):
    sentence = _("This is about you. Ask a colleague.")


class StaffCannotBeBanned(PrivacyError):
    """Else one moderator could shut out all the others."""

    sentence = _("This is a colleague. First take the role away, then come back.")


class CustodianKeyWrong(PrivacyError):
    sentence = _("This key file and this passphrase do not open the address. Nothing was shown.")


class NothingSealed(PrivacyError):
    sentence = _("No address was sealed with this ban: there was no key of the custodian yet.")


class BanLifted(PrivacyError):
    sentence = _("This ban was lifted. The address can be used again.")


class AccountLeaving(PrivacyError):
    sentence = _("This account is about to be erased. Take that back first, then change your profile.")


class PhotoRefused(PrivacyError):
    """Nothing of it was kept."""


class PhotoTooLarge(PhotoRefused):
    sentence = _("This file is too large: 10 MB is the most. Make it smaller, or choose another one.")


class PhotoUnreadable(PhotoRefused):
    sentence = _("This is no photo that we can read. Choose one in JPEG, PNG or WebP.")


class PhotoTooDetailed(PhotoRefused):
    sentence = _("This photo has too many pixels. Make it smaller, or choose another one.")


class PhotoTooSmall(PhotoRefused):
    sentence = _("This photo is too small to see anybody. It has to be at least 100 pixels wide and high.")
