"""What went out to a partner: which event, when, how far it is and what was answered; never about whom."""

from django.utils.translation import gettext_lazy as _

from privacy.evidence.recipients import Notice
from privacy.pages.notices import chip

from ..errors import PartnerHasEnded
from ..signals import streams

# What a partner reads of a notice's event; one that is new keeps its name.
EVENTS = {
    "withdrawal": _("A member stopped"),
    "ended": _("A permission ended with our work together"),
    "narrowed": _("A member lets you have less"),
    "erasure": _("A member left, and everything of hers goes"),
    "rectification": _("A member corrected something"),
    "restriction": _("A member's data may not be used for now"),
    "restriction-lifted": _("A member's data may be used again"),
    "objection": _("A member said no to a use"),
}


def notices(partner):
    """The newest first."""
    return Notice.objects.filter(recipient=partner.recipient_id).order_by("-pk").defer("subject_ref", "known_as", "request_ref")


def in_words(notices) -> list[dict]:
    """As the log shows each."""
    return [{"row": notice, "event": EVENTS.get(notice.event, notice.event), "chip": chip(notice.state)} for notice in notices]


def signals(application):
    """Signed messages to one program, the newest first."""
    return application.signals.order_by("-pk").defer("subject_ref", "sub", "payload")


def send_test(application) -> bool:
    """A verification event (SSF 1.0, 8.1.4) into its stream; False where it has none. PartnerHasEnded, TooSoon."""
    if application.partner.ended_at:
        raise PartnerHasEnded
    stream = getattr(application, "stream", None)
    if stream is None:
        return False
    streams.verify(stream)
    return True
