"""The mails of the platform: that a member wrote, that we received something, and our answer."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from privacy.conf import hook, setting


def mail(kind: str, address: str, *, language: str, **context) -> None:
    """The first line of a template is the subject."""
    context |= {"controller": setting("CONTROLLER"), "dpo": setting("DPO"), "site": setting("SITE")}
    with translation.override(language):
        title, text = render_to_string(f"usage/letters/{kind}.txt", context).split("\n", 1)
    hook("MAILER")(EmailMessage(title, text.strip() + "\n", to=[address]))


def address_of(member) -> str:
    """The confirmed address she signs in with; "" where she has none."""
    return next(iter(hook("ADDRESSES")(member.subject)), "")


def tell_of_message(message) -> bool:
    """That somebody wrote, not who or what: mail is read by others. One for each conversation until it is opened, and none once it was.

    Nor to who is hidden, or has this use on hold.
    """
    unread = type(message).objects.unread_by(message.recipient).filter(conversation=message.conversation)
    is_first = unread.order_by("pk").values_list("pk", flat=True).first() == message.pk
    if not is_first or not message.recipient.subject.is_usable_for("account", "usage"):
        return False
    if address := address_of(message.recipient):
        mail("message", address, language=hook("LANGUAGE")(message.recipient.subject), conversation=message.conversation)
    return bool(address)
