"""How pages speak of material: its subject and the kind of its file, in the reader's language."""

from django import template

from ..curriculum import subject_name
from ..documents import KINDS

register = template.Library()
register.filter("taught", subject_name)


@register.filter
def kind(publication) -> str:
    """PDF, Word document."""
    return str(KINDS[publication.file_type].title) if publication.file_type in KINDS else ""
