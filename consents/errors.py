"""Refusals about external permissions."""

from django.utils.translation import gettext_lazy as _

from privacy.errors import PrivacyError, TooManyRequests


class PermissionEnded(PrivacyError):
    sentence = _("This permission does not stand. Nothing was handed over.")


class AccountLeaving(PrivacyError):
    sentence = _("This account is about to be erased. Take that back first, then allow partners again.")


class AttributesNotOffered(PrivacyError):
    """Carries `names`: what was asked and may not be released to this partner."""

    def __init__(self, names):
        self.names = sorted(names)
        super().__init__(_("This partner cannot receive: %(names)s.") % {"names": ", ".join(self.names)})


class PartnerTakesNoPart(PrivacyError):
    sentence = _("This partner gets nothing from us now. Nothing was changed.")


class WordingChanged(PrivacyError):
    sentence = _("This partner changed what it says while you were reading. Nothing was changed: read it again and choose.")


class PartnerIncomplete(PrivacyError):
    """Carries `lacks`: what members have to know before they can choose (K-10)."""

    def __init__(self, lacks):
        self.lacks = lacks
        super().__init__(_("Members cannot see this partner yet. What is missing: %(lacks)s.") % {"lacks": ", ".join(map(str, lacks))})


class PartnerHasEnded(PrivacyError):
    sentence = _("We no longer work with this partner. Nothing was changed.")


class NothingProposed(PrivacyError):
    sentence = _("Nothing would change: it stands like this already.")


class NameTaken(PrivacyError):
    sentence = _("An organisation of this name, or one that looks like it, is known already. Choose another, or ask us to speak for it.")


class NameDeceives(PrivacyError):
    sentence = _("This name holds signs that nobody sees, or letters of several alphabets in one word. Type it over, letter by letter.")


class TooManyProposals(TooManyRequests):
    sentence = _("You sent us many proposals in the past day, and we read each. What you wrote still stands here; send it tomorrow.")


class ProposalDecided(PrivacyError):
    sentence = _("This was decided meanwhile, or replaced by another proposal. Look at what waits now.")


class OwnProposal(PrivacyError):
    sentence = _("You speak for this organisation yourself, so a colleague decides about it.")


class ApprovedAlready(PrivacyError):
    sentence = _("You agreed. A colleague has to agree too.")


class ProposerGone(PrivacyError):
    sentence = _("Who asked this has no account any more, so nobody would speak for the organisation. Refuse it.")


class EarlierSecretCounts(PrivacyError):
    sentence = _("Two secrets count already. End the earlier one first, then make a new one.")


class NoSecret(PrivacyError):
    sentence = _("This program runs on people's own devices, where nothing stays secret, so it has none.")


class TooManyPrograms(PrivacyError):
    sentence = _("This partner has as many programs as it can. Write to us if it needs more.")


class ProgramExists(PrivacyError):
    sentence = _("There is a program of this name already. If you sent this twice, it was made once: open it and make a new secret.")


class AddressRefused(PrivacyError):
    sentence = _("We do not call this address. Give one that begins with https:// and that everybody on the internet can reach.")


class NotReached(Exception):
    """Nothing whole came back from a partner; `code` says why, in a word of ours."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


class AskedToWait(NotReached):
    """It is there, and says after how many `seconds` to come back (429)."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__("429")
