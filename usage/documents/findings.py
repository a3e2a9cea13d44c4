"""What a file told about people beside its contents, in words for who brought it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

AUTHOR = _("the author's name")
LAST_EDITOR = _("who changed it last")
ORGANISATION = _("the organisation")
PROPERTIES = _("other properties of the document")
EDITS = _("numbers of who edited what when")
TEMPLATE = _("the place of a template on your computer")
PLACE_ON_DISK = _("the place of the file on your computer")
PRINTER = _("the name of a printer")
PEOPLE = _("a list of people who worked on it")
WHERE_TAKEN = _("the place where the picture was taken")
CAMERA = _("data of the camera")
HIDDEN_TEXT = _("texts hidden in the picture")
EARLIER = _("notes of the program that made the PDF")

# Of those who commented, names that are shown to who brought the file.
MOST_NAMES = 5


@dataclass
class Findings:
    """`removed` is gone from what we keep; `names` are still in it, beside comments and changes."""

    removed: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def take(self, what, *, where: bool) -> None:
        if where:
            self.removed.add(what)
