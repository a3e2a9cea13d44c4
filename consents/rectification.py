"""What correcting an account means for recipients: who may hold the field is told which one changed, not its value (Art. 19)."""

from django.contrib.auth import get_user_model
from django.dispatch import receiver

from privacy.datamap import registry
from privacy.evidence.recipients import PORTABLE, Recipient, received, tell
from privacy.rights.rectification import corrected

from .models import PartnerGrant
from .transfer.going import numbers_there


@receiver(corrected, dispatch_uid="consents.rectification")
def tell_recipients(sender, subject, request_ref, columns, **kwargs) -> None:
    """Runs inside the correction's transaction; `columns` are named as app.Model.column."""
    changed = {column.rpartition(".")[2] for column in columns if column.startswith(f"{get_user_model()._meta.label}.")}
    grants = PartnerGrant.including_hidden.filter(member__subject=subject).select_related("partner")
    known_as = numbers_there(subject) | {grant.partner.recipient_id: str(grant.sub) for grant in grants}
    concerned = {key: sorted(names & changed) for key, names in _held(subject, grants).items() if names & changed}
    for key, recipient in Recipient.objects.in_bulk(concerned).items():
        tell(
            recipient,
            "rectification",
            subject_ref=subject.ref,
            known_as=known_as.get(key, ""),
            request_ref=request_ref,
            attributes=concerned[key],
        )


def _held(subject, grants) -> dict[int, set[str]]:
    """Recipient's key -> fields it ever received, and those it may fetch today."""
    held = {key: _fields(got.attributes) for key, got in received(subject.ref).items()}
    for grant in grants:
        if not grant.is_withdrawn:
            held.setdefault(grant.partner.recipient_id, set()).update(_fields(grant.attributes))
    return held


def _fields(names) -> set[str]:
    """All that she may take along stands for what of her account is among it."""
    lines = registry.map_of(get_user_model()).portable_lines() if PORTABLE in names else []
    return {*names, *(line.name for line in lines)}
