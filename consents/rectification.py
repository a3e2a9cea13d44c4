"""What correcting an account means for partners: who may hold the field is told which one changed, not its value (Art. 19)."""

from django.contrib.auth import get_user_model
from django.dispatch import receiver

from privacy.rights.rectification import corrected

from .models import PartnerGrant
from .permissions import tell


@receiver(corrected, dispatch_uid="consents.rectification")
def tell_partners(sender, subject, request_ref, columns, **kwargs) -> None:
    """Runs inside the correction's transaction; `columns` are named as app.Model.column."""
    changed = {column.rpartition(".")[2] for column in columns if column.startswith(f"{get_user_model()._meta.label}.")}
    grants = PartnerGrant.including_hidden.filter(member__subject=subject).who_may_hold_data()
    for grant in grants.select_related("member", "partner__recipient"):
        held = [name for name in grant.attributes if name in changed]
        if held:
            tell(grant, "rectification", request_ref=request_ref, attributes=held)
