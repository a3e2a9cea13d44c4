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
