"""Publishing material, changing it, and taking it back (K-4)."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from privacy.datamap import registry
from privacy.errors import RowNotFound, WhileRestricted
from privacy.rights.erasure import FileRemoval, remove_expired_files, treat
from privacy.rights.treating import Treating

from . import files, members
from .documents import Prepared
from .errors import TooMuchMaterial
from .models import Publication, Resource

# A whole course at once; each piece may bring 20 MB.
MOST_PER_DAY = 50
DAY = timedelta(days=1)


@transaction.atomic
def publish(author, *, number: uuid.UUID, material: dict, words: dict, document: Prepared, file_name: str) -> Publication:
    """`number` was drawn with the form: sent twice, it gives the same publication; with other words in it, another one.

    AccountLeaving once she asked for erasure, TooMuchMaterial.
    """
    members.hold(author)
    before = Publication._base_manager.filter(pk=number).select_related("resource").first()
    if before and before.author_id == author.pk and _says(before, material, words, document):
        return before
    if author.publications.filter(published_at__gt=timezone.now() - DAY).count() >= MOST_PER_DAY:
        raise TooMuchMaterial
    with files.stored(document) as path:
        return Publication.objects.create(
            pk=uuid.uuid4() if before else number,
            resource=Resource.objects.create(**material),
            author=author,
            **words,
            **files.columns(path, document, file_name),
        )


def _says(publication, material, words, document) -> bool:
    """Whether it is what was sent now; a browser that goes back shows the form again, with the number that it had."""
    file = {"file_type": document.kind.suffix, "file_size": len(document.content)}
    rows = [(publication.resource, material), (publication, words | file)]
    return all(getattr(row, column) == value for row, columns in rows for column, value in columns.items())


def change(publication: Publication, *, material: dict, words: dict, document: Prepared | None = None, file_name: str = "") -> None:
    """With another file, the one before goes."""
    if document is None:
        return _change(publication, material, words)
    with files.stored(document) as path:
        _change(publication, material, words | files.columns(path, document, file_name))


@transaction.atomic
def _change(publication, material, columns):
    """The row as it stands now: another window may have brought another file, or taken it back (RowNotFound)."""
    now = Publication.objects.select_for_update().filter(pk=publication.pk).first()
    if now is None:
        raise RowNotFound
    if "file" in columns and now.file:
        FileRemoval.objects.create(path=now.file.name)
        transaction.on_commit(remove_expired_files)
    Resource.objects.filter(pk=now.resource_id).update(**material)
    Publication.objects.filter(pk=now.pk).update(**columns)


@transaction.atomic
def withdraw(publication: Publication) -> None:
    """What others wrote and kept stays, beside material without a name. A second click finds nothing left. WhileRestricted."""
    if publication.author is not None and publication.author.subject.restricts("publication"):
        raise WhileRestricted
    withdraw_rows(Publication._base_manager.filter(pk=publication.pk))
    transaction.on_commit(remove_expired_files)


def withdraw_rows(publications, *, request_ref: str = "") -> int:
    """In the caller's transaction; how many there were. Their files are noted in it and go later (privacy.rights.erasure)."""
    keys = list(publications.select_for_update().values_list("pk", "resource_id"))
    Resource.objects.filter(pk__in=[resource for _key, resource in keys]).update(title="", tags=[], removed_at=timezone.now())
    rows = Publication._base_manager.filter(pk__in=[key for key, _resource in keys])
    return treat(Treating(registry.map_of(Publication), "remove", rows), request_ref=request_ref)
