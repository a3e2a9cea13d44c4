"""Who works for us under contract, and whom to tell at an organisation when something goes wrong (Art. 28(3), 33(2), K-8)."""

from django.db import transaction
from django.db.models import QuerySet

from ...evidence import trail
from ...evidence.recipients import Recipient

# What stands on record of a processor; of any other organisation only the address of its officer.
OF_PROCESSOR = ("name", "category", "contract_on", "contact_email", "dpo_email", "privacy_url")
OF_OTHERS = ("dpo_email",)


def processors() -> QuerySet[Recipient]:
    return Recipient.objects.filter(kind=Recipient.Kind.PROCESSOR).order_by("name")


def others() -> QuerySet[Recipient]:
    """Those that we tell of a breach."""
    return Recipient.objects.filter(kind=Recipient.Kind.CONTROLLER).order_by("name")


@transaction.atomic
def record(recipient: Recipient, *, actor_ref) -> Recipient:
    """As a form filled it in; the trail says who did."""
    is_new = recipient.pk is None
    recipient.save()
    trail.record("recipient.changed", actor_ref=actor_ref, reason=f"{'new' if is_new else 'changed'}.{recipient.pk}")
    return recipient
