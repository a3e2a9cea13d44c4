"""What a person can do, in plain words: one entry per right, with the law in small (Art. 12(2))."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..conf import setting


@dataclass(frozen=True)
class Card:
    """One right; `mail` is a second address beside the link."""

    icon: str
    title: str
    text: str
    article: str
    url: str
    mail: str = ""


def cards() -> list[Card]:
    """Stopping what she allowed has a card only where the host has a page for it."""
    return [*_reading(), *_changing(), *_stopping(), *_ending(), *_speaking()]


def _reading():
    yield Card(
        "eye",
        _("See what we know"),
        _("Everything in one place, with the reason beside it."),
        _("Right of access, Art. 15 GDPR"),
        reverse("privacy:data"),
    )
    yield Card(
        "down",
        _("Take your data along"),
        _("An archive that you can open, and load elsewhere."),
        _("Right to data portability, Art. 20 GDPR"),
        reverse("privacy:download"),
    )


def _changing():
    yield Card(
        "pen",
        _("Correct something"),
        _("Change what is wrong, or add what is missing."),
        _("Right to rectification, Art. 16 GDPR"),
        reverse("privacy:correct"),
    )


def _stopping():
    if setting("PERMISSIONS_PAGE"):
        yield Card(
            "plug",
            _("Stop the access of a partner"),
            _("One click, no reason needed, and it counts at once."),
            _("Withdrawing consent, Art. 7 GDPR"),
            reverse(setting("PERMISSIONS_PAGE")),
        )
    yield Card(
        "hand",
        _("Say no to a use"),
        _("Tell us what has to stop. We look at it together."),
        _("Right to object, Art. 21 GDPR"),
        reverse("privacy:object"),
    )
    yield Card(
        "pause",
        _("Put a use on hold"),
        _("We keep your data, and do nothing else with them."),
        _("Right to restriction, Art. 18 GDPR"),
        reverse("privacy:restrict"),
    )


def _ending():
    days = setting("ERASURE_GRACE_DAYS")
    yield Card(
        "bin",
        _("Have everything erased"),
        ngettext(
            "You first see what goes. %(days)d day to think it over.", "You first see what goes. %(days)d days to think it over.", days
        )
        % {"days": days},
        _("Right to erasure, Art. 17 GDPR"),
        reverse("privacy:erase"),
    )


def _speaking():
    yield Card(
        "info",
        _("Ask for an explanation"),
        _("We say it again in other words."),
        _("Clear information, Art. 12 GDPR"),
        reverse("privacy:question"),
    )
    yield Card(
        "voice",
        _("Complain"),
        _("First with us, or at once with the authority:"),
        _("Right to complain, Art. 77 GDPR"),
        reverse("privacy:complain"),
        mail=setting("AUTHORITY")["email"],
    )
