"""How it goes out by mail: letters to persons and notices to recipients, in turns, and again where it failed (Art. 12, 19)."""

import logging
from datetime import timedelta
from functools import partial
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.shortcuts import resolve_url
from django.utils import timezone, translation

from .. import keys
from ..conf import hook, setting
from ..days import ZONE
from ..evidence.recipients import Notice
from ..outbox import Outgoing
from . import letter_text
from .letters import GIVE_UP_AFTER, Letter, forget_address

log = logging.getLogger("privacy")

# A recipient that did not answer in the host's own way by then is written to.
WRITE_AFTER = timedelta(days=1)
# Letters per round: the next round takes the rest.
ROUND = 200
# Notices go round after round for so long, and then make room for the rest of a sweep.
ROUND_SECONDS = 10


def send_due() -> int:
    """Send what is unsent, the oldest first; how many went out."""
    due = Letter.objects.due().free().select_related("request").order_by("pk")[:ROUND]
    return sum(send(letter) for letter in due)


def send(letter: Letter) -> bool:
    """After the last letter of a closed request its key is destroyed: the address can no longer be read."""
    if not letter.take() or not _posted(letter, lambda: _to_person(letter)):
        return False
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    forget_address(letter.request)
    return True


def deliver_notices(**only) -> None:
    """Tell recipients; `only` narrows to one request (`request_ref=`). Who is not reached in 7 days is recorded as such."""
    ends = monotonic() + ROUND_SECONDS
    while (waiting := Notice.objects.filter(**only).in_turn(ROUND)) and monotonic() < ends:
        for notice in waiting:
            if notice.take():
                _deliver(notice)


def _deliver(notice):
    """In the host's own way first; by mail where that is not open, or brought no answer in a day."""
    state, write_at = _by_the_host(notice), notice.created_at + WRITE_AFTER
    if state == Notice.State.QUEUED and timezone.now() < write_at:
        notice.wait(until=write_at)
    elif state in {None, Notice.State.QUEUED}:
        _deliver_by_mail(notice)
    else:
        notice.settle(state)


def _by_the_host(notice):
    """A way that breaks is closed, and stops no mail."""
    try:
        return hook("DELIVER")(notice)
    except Exception as error:
        log.error("notice %s: the host's way to tell recipients stopped at an error: %s", notice.pk, type(error).__name__)
        return None


def _deliver_by_mail(notice):
    if _posted(notice, lambda: _to_recipient(notice), note=partial(notice.note_attempt, "mail")):
        notice.settle(Notice.State.DELIVERED)
    elif timezone.now() - notice.created_at > GIVE_UP_AFTER:
        notice.settle(Notice.State.IMPOSSIBLE)


def _posted(row: Outgoing, post, note=lambda answer: None) -> bool:
    """False after a failure of the mail server, whatever it was; the row rests and is tried again. Nothing of the mail is logged."""
    try:
        post()
    except Exception as error:  # any mail backend may fail in its own way, and none may stop the others
        log.warning("%s %s was not sent: %s", row._meta.label, row.pk, type(error).__name__)
        row.rest()
        note(type(error).__name__)
        return False
    note("accepted")
    return True


def _to_person(letter):
    request = letter.request
    address = keys.unseal(request.ref, request.sealed_address)
    _send(letter_text.of(letter), address, f"{request.ref}.{letter.name}")


def write_to(row: Outgoing, subject, template: str, message_id: str, **words) -> bool:
    """A letter that answers no request; the row rests where the mail could not be sent, or where she confirmed no address."""

    def post():
        _to_address(hook("ADDRESSES")(subject)[0], hook("LANGUAGE")(subject), template, message_id, words)

    return _posted(row, post)


def write_to_address(row: Outgoing, address: str, language: str, template: str, message_id: str, **words) -> bool:
    """To who may be nobody we know: whose address it is does not matter. The row rests where the mail could not be sent."""
    return _posted(row, lambda: _to_address(address, language, template, message_id, words))


def write_to_partner(row: Outgoing, recipient, template: str, message_id: str, **words) -> bool:
    """To its data protection officer, where we know an address of one; the row rests where the mail could not be sent."""
    return write_to_address(
        row, recipient.dpo_email or recipient.contact_email, setting("RECIPIENT_LANGUAGE"), template, message_id, **words
    )


def _to_address(address, language, template, message_id, words):
    with translation.override(language), timezone.override(ZONE):
        _mail(template, address, words, message_id)


def warn(unused, subject) -> bool:
    """That her account goes unless she uses it."""
    words = {"unused": unused, "sign_in": _sign_in_page()}
    return write_to(unused, subject, "privacy/letters/unused", f"unused.{unused.pk}.{unused.days}", **words)


def _sign_in_page() -> str:
    """Empty where PRIVACY["SITE"] is not set."""
    return setting("SITE") and setting("SITE").rstrip("/") + resolve_url(settings.LOGIN_URL)


def _to_recipient(notice):
    with translation.override(setting("RECIPIENT_LANGUAGE")):
        _mail(f"privacy/notices/{notice.event}", notice.recipient.contact_email, {"notice": notice}, f"notice.{notice.pk}")


def _mail(template, address, context, message_id):
    _send(letter_text.said(template, context), address, message_id)


def _send(said: letter_text.Said, address, message_id):
    """The same letter sent twice carries the same Message-ID; a mail that comes back says which it was (casework.bounces)."""
    domain = setting("CONTROLLER")["email"].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message_id}@{domain}>"}
    hook("MAILER")(EmailMessage(said.title, said.text, to=[address], attachments=said.files, headers=headers))
