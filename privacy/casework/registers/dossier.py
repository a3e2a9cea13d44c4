"""What we show the authority, on paper that is signed: the register of processing, or all registers at once (Art. 5(2), 30(4), 31)."""

from io import BytesIO

from django.utils import timezone, translation

from ...days import ZONE
from ...evidence import signed_paper, trail
from .dossier_paper import DossierPaper


def register(*, language: str) -> bytes:
    """Art. 30 alone, made of the data map."""
    return _signed(language, lambda paper: paper.register())


def everything(*, language: str, actor_ref) -> bytes:
    """Register, processors, breaches, requests of authorities, holds, and what the trail stands at. SigningKeyUnreadable."""
    made = _signed(language, lambda paper: paper.everything(reader_ref=actor_ref))
    trail.record("register.exported", actor_ref=actor_ref)
    return made


def _signed(language, write) -> bytes:
    file, now = BytesIO(), timezone.now()
    with translation.override(language), timezone.override(ZONE):
        paper = DossierPaper(file, language=language, made_at=now)
        write(paper)
        paper.close()
    return signed_paper.signed(file.getvalue(), made_at=now)
