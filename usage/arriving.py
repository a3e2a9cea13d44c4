"""What a member brings from elsewhere, where it is more than a row: material with its file, and words for all to read."""

from django.utils.translation import gettext_lazy as _

from privacy.rights.arrivals import Fate, Made, Piece, finished_by_host, made_by_host

from . import files
from .documents import Prepared
from .errors import FileRefused
from .models import Comment, Publication, Resource

NO_TITLE = _("it has no title, subject or level that we know")
NO_FILE = _("its file did not come along")


@made_by_host(Publication._meta.label)
def publish_again(subject, piece: Piece, really: bool) -> Made:
    """Checked as what is published here, under the name of the account here or under none."""
    material = piece.values["resource"]
    if not material.words.get("title"):
        return Made(Fate.REFUSED, NO_TITLE)
    try:
        document = _document(piece)
    except FileRefused as refusal:
        return Made(Fate.REFUSED, refusal.sentence)
    before = _before(subject.root, material, piece)
    if before:
        fate = Fate.HERE if _says_the_same(before, piece, document) else Fate.CONFLICT
        return Made(fate, stands_for={"resource": before.resource_id})
    if piece.values["file"] and document is None:
        return Made(Fate.REFUSED, NO_FILE)
    made = _publish(subject.root, material, piece, document) if really else None
    return Made(Fate.NEW, stands_for={"resource": made and made.resource_id})


def _document(piece) -> Prepared | None:
    upload = piece.upload("file", piece.values["file_name"])
    return files.prepare(upload) if upload else None


def _before(author, material, piece):
    """Hers, published at the same moment under the same title: what she brings is that one, as it is now or as it was."""
    same = {f"resource__{name}": value for name, value in material.words.items()}
    return Publication._base_manager.filter(author=author, published_at=piece.values["published_at"], **same).first()


def _says_the_same(before, piece, document) -> bool:
    words = all(getattr(before, name) == piece.values[name] for name in ("description", "town"))
    return words and before.file_size == (len(document.content) if document else 0)


def _publish(author, material, piece, document) -> Publication:
    said = {name: piece.values[name] for name in ("description", "town", "published_at")}
    row = Publication(author=author, shown_name=_name(author, piece.came), resource=Resource.objects.create(**material.words), **said)
    if document is None:
        row.save()
        return row
    with files.stored(document) as path:
        for column, value in files.columns(path, document, piece.values["file_name"]).items():
            setattr(row, column, value)
        row.save()
    return row


@finished_by_host(Comment._meta.label)
def sign(subject, comment: Comment, came: dict) -> None:
    """No archive says under which name something stands here."""
    comment.shown_name = _name(subject.root, came)


def _name(author, came) -> str:
    return author.get_full_name() if came.get("shown_name") else ""
