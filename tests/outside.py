"""Asking without an account, as a person does: the form, the mail, the link in it, the button."""

import re

from django.test import Client
from django.urls import reverse

from privacy.casework import outside

LINK = re.compile(r"https?://[^/\s]+(/\S+/ask/\S+)")
STRANGER = "niemand@elders.example"


def asked(email=STRANGER, right="access", *, browser=None, **given):
    """The answer to the form."""
    return (browser or Client()).post(reverse("privacy:ask"), {"right": right, "email": email, "words": "", "language": "nl"} | given)


def link_in(mail) -> str:
    """The path of the link that a mail asks to open."""
    return LINK.search(mail.body)[1]


def confirmed(mailoutbox, email=STRANGER, right="access", *, browser=None, **given):
    """Asked, mailed and confirmed; the answer of the button."""
    asked(email, right, **given)
    outside.send_due()
    return (browser or Client()).post(link_in(mailoutbox[-1]))
