"""Mail to the data protection officer: numbers and codes, and nobody's name; while she is away her stand-in gets it too."""

from datetime import date

from django.core.mail import EmailMessage
from django.shortcuts import resolve_url
from django.utils import timezone, translation

from ..conf import hook, setting
from ..days import ZONE
from . import absences, letter_text


def addresses(on: date) -> list[str]:
    """PRIVACY["DPO"], which may be read by several, and the first confirmed address of who stands in that day."""
    stand_ins = [hook("ADDRESSES")(user.subject)[:1] for user in absences.stand_ins(on)]
    known = [setting("DPO")["email"], *(address for found in stand_ins for address in found)]
    return list(dict.fromkeys(filter(None, known)))


def write(template: str, to: list[str], **words) -> None:
    """One mail; the first line of the template is its subject."""
    with translation.override(setting("RECIPIENT_LANGUAGE")), timezone.override(ZONE):
        said = letter_text.said(f"privacy/letters/{template}", {"desk": _desk(), **words})
    hook("MAILER")(EmailMessage(said.title, said.text, to=to))


def _desk() -> str:
    """Empty where PRIVACY["SITE"] is not set."""
    return setting("SITE") and setting("SITE").rstrip("/") + resolve_url("privacy:desk")
