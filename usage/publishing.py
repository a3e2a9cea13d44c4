"""Publishing material, changing it, and taking it back (K-4)."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.datamap import registry
from privacy.errors import RowNotFound
from privacy.rights.erasure import FileRemoval, remove_expired_files, treat
from privacy.rights.treating import Treating
from privacy.subjects import Subject

from . import files
from .documents import Prepared
from .errors import AuthorLeaving
from .models import Publication, Resource


def publish(author, *, number: uuid.UUID, material: dict, publication: dict, document: Prepared, file_name: str) -> Publication:
    """`number` was drawn with the form: sent twice, it gives the same publication. AuthorLeaving once she asked for erasure."""
    try:
        with files.stored(document) as path, transaction.atomic():
            _refuse_who_leaves(author)
            return Publication.objects.create(
                pk=number,
                resource=Resource.objects.create(**material),
                author=author,
                **publication,
                **files.columns(path, document, file_name),
            )
    except IntegrityError:
        return _hers(author.publications.filter(pk=number))


def change(publication: Publication, *, material: dict, words: dict, document: Prepared | None = None, file_name: str = "") -> None:
    """With another file, the one before goes."""
    if document is None:
        return _change(publication, material, words)
    with files.stored(document) as path:
        _change(publication, material, words | files.columns(path, document, file_name))


@transaction.atomic
def _change(publication, material, columns):
    """The row as it stands now: another window may have taken it back, or brought another file."""
    now = _hers(Publication.objects.select_for_update().filter(pk=publication.pk))
    if "file" in columns and now.file:
        FileRemoval.objects.create(path=now.file.name)
        transaction.on_commit(remove_expired_files)
    Resource.objects.filter(pk=now.resource_id).update(**material)
    Publication.objects.filter(pk=now.pk).update(**columns)


@transaction.atomic
def withdraw(publication: Publication) -> None:
    """What others wrote and kept stays, beside material without a name. A second click finds nothing left."""
    withdraw_rows(Publication._base_manager.filter(pk=publication.pk))
    transaction.on_commit(remove_expired_files)


def withdraw_rows(publications, *, request_ref: str = "") -> int:
    """In the caller's transaction; how many there were. Their files are noted in it and go later (privacy.rights.erasure)."""
    keys = list(publications.select_for_update().values_list("pk", "resource_id"))
    Resource.objects.filter(pk__in=[resource for _key, resource in keys]).update(title="", tags=[], removed_at=timezone.now())
    rows = Publication._base_manager.filter(pk__in=[key for key, _resource in keys])
    return treat(Treating(registry.map_of(Publication), "remove", rows), request_ref=request_ref)


def _hers(publications) -> Publication:
    """The one that there is; RowNotFound where there is none."""
    publication = publications.first()
    if publication is None:
        raise RowNotFound
    return publication


def _refuse_who_leaves(author):
    """Who asked for erasure in another window; the lock keeps the two apart."""
    if Subject.objects.select_for_update().get(pk=author.subject_id).hidden_at:
        raise AuthorLeaving
