"""That she let a program bring an archive here, and that she took it back: a consent like any other, on record (Art. 7(1))."""

from .. import permissions
from ..models import ConsentEvent, IncomingTransfer

Kind, Purpose = ConsentEvent.Kind, ConsentEvent.Purpose


def given(transfer: IncomingTransfer, *, asked: list[str], text_version: str, language: str) -> None:
    """`asked` are the kinds of data that she could choose from."""
    shown = {"asked": sorted(asked), "text_version": text_version, "language": language, "method": ConsentEvent.Method.PAGE}
    _note(Kind.GIVEN, transfer, at=transfer.allowed_at, **shown)


def withdrawn(transfer: IncomingTransfer, *, method, at) -> None:
    """It names the text that was agreed to."""
    agreed = permissions.last_agreed(transfer.member.subject_id, transfer.application.partner_id, Purpose.BRING)
    _note(Kind.WITHDRAWN, transfer, at=at, text_version=agreed.text_version, language=agreed.language, method=method)


def _note(kind, transfer, **shown):
    of_her = {"subject_ref": transfer.member.subject_id, "partner_id": transfer.application.partner_id}
    ConsentEvent.objects.create(**of_her, kind=kind, purpose=Purpose.BRING, attributes=transfer.ticked, **shown)
