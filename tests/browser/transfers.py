"""What a member took to another platform, and what one brought: as the pages show it, without a second site."""

import json
from datetime import timedelta

from django.utils import timezone

from accounts.models import Member
from consents.models import IncomingTransfer, OutgoingTransfer, Receiver
from consents.oidc.signing_keys import issuer
from tests import makers, partner_side

RECEIPT = {
    "taken": [
        {"record": "usage.Folder", "sent": 4, "new": 3, "here": 1, "conflicts": 0, "not_ticked": 0, "refused": []},
        {
            "record": "usage.Favourite",
            "sent": 12,
            "new": 10,
            "here": 0,
            "conflicts": 0,
            "not_ticked": 0,
            "refused": [{"count": 2, "why": "het verwijst naar iets dat we niet hebben"}],
        },
    ],
    "not_taken": [{"record": "usage.Message", "rows": 7, "why": "Dit soort gegevens heeft hier geen plaats."}],
}
SIGNED = {"receipt": json.dumps(RECEIPT), "receipt_signature": "x..y"}


def move(email: str) -> dict:
    """She took her data to one platform that answers and is this very one; another brought some."""
    member, now = Member.objects.get(email=email), timezone.now()
    elsewhere = makers.make_partner("leerplein", attributes=[])
    receiver = Receiver(slug="leerplein", recipient=elsewhere.recipient, issuer=issuer(), client_id="wij")
    receiver.secret = partner_side.SECRET
    receiver.save()
    sender = partner_side.make_application(elsewhere, client_id="leerplein", brings_from="https://leerplein.example")
    of_her, ended = {"member": member}, {"ended_at": now - timedelta(hours=1)}
    came = IncomingTransfer.objects.create(
        **of_her, **ended, **SIGNED, application=sender, issuer=sender.brings_from, state="done", expires_at=now + timedelta(hours=70)
    )
    went = OutgoingTransfer.objects.create(
        **of_her, **ended, **SIGNED, receiver=receiver, state="done", started_at=now - timedelta(hours=2)
    )
    sizes = {"bytes_expected": 2_400_000, "bytes_sent": 1_500_000}
    going = OutgoingTransfer.objects.create(
        **of_her, **sizes, receiver=receiver, state="sending", started_at=now, held_until=now + timedelta(days=1)
    )
    return {"went": went.ref, "going": going.ref, "came": came.ref}
