"""Each night the trail is read from end to end, its head kept outside the database and mailed to the data protection officer (T-27)."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ..conf import hook, setting
from ..evidence import heads, seals
from ..rights.days import day_of
from .deadlines import ZONE


def report(now: datetime) -> None:
    """Whoever has the database can take the newest seals away; not out of a file elsewhere, nor out of a mailbox."""
    seals.seal(now=now, everywhere=True)
    checked = heads.check(now)
    kept = heads.keep(day_of(now))
    if kept and setting("DPO")["email"]:
        head, signature = kept
        hook("MAILER")(_mail({"checked": checked, "head": head.words.decode(), "signature": signature}))


def _mail(said) -> EmailMessage:
    with translation.override(setting("RECIPIENT_LANGUAGE")), timezone.override(ZONE):
        title, text = render_to_string("privacy/letters/head.txt", said | {"controller": setting("CONTROLLER")}).split("\n", 1)
    return EmailMessage(title, text.strip() + "\n", to=[setting("DPO")["email"]])
