"""A letter on paper: the same words as in the mail, in the one style of what we print; it names nobody."""

from io import BytesIO

from django.utils import timezone, translation
from django.utils.formats import date_format

from ..conf import setting
from ..days import ZONE
from ..paper import Paper
from . import letter_text
from .certifying import Attachment


def on_paper(letter) -> Attachment:
    """In her language; the same letter gives the same pages."""
    said = letter_text.of(letter, on_paper=True)
    with translation.override(letter.request.language), timezone.override(ZONE):
        return Attachment(f"letter-{letter.request.ref}-{letter.kind}.pdf", _pages(letter, said), "application/pdf")


def _pages(letter, said) -> bytes:
    controller, file = setting("CONTROLLER"), BytesIO()
    language = letter.request.language
    paper = Paper(file, title=said.title, author=controller["name"], language=language, made_at=letter.created_at)
    day = date_format(timezone.localtime(letter.created_at), "DATE_FORMAT")
    paper.board(said.title, f"{controller['name']}, {day}", controller["address"])
    for paragraph in said.text.strip().split("\n\n"):
        paper.paragraph(paragraph)
    paper.close()
    return file.getvalue()
