"""What is taught, as teachers in Flanders call it; stored by its Dutch name, shown in the reader's language."""

from django.utils.translation import gettext_lazy as _

SUBJECTS = {
    "aardrijkskunde": _("geography"),
    "beeldende vorming": _("visual arts"),
    "burgerschap": _("citizenship"),
    "economie": _("economics"),
    "Engels": _("English"),
    "Frans": _("French"),
    "geschiedenis": _("history"),
    "informatica": _("computer science"),
    "levensbeschouwing": _("philosophy of life"),
    "lichamelijke opvoeding": _("physical education"),
    "muziek": _("music"),
    "natuurwetenschappen": _("natural sciences"),
    "Nederlands": _("Dutch"),
    "techniek": _("technology"),
    "wereldoriëntatie": _("world orientation"),
    "wiskunde": _("mathematics"),
    "ander vak": _("another subject"),
}


def subject_name(stored: str) -> str:
    """A subject that is not in the list is called as it was written."""
    return str(SUBJECTS.get(stored, stored))
