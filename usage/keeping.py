"""Material that members keep, in folders of their own."""

from django.db import IntegrityError, transaction

from privacy.errors import RowNotFound

from . import members
from .errors import AlreadyInFolder, FolderGone, TooManyFolders
from .models import Favourite, Folder, Resource
from .opinions import on_offer

MOST_FOLDERS = 200


def folders_of(member):
    """By name, as she reads them."""
    return Folder.objects.filter(member=member).order_by("name", "pk")


@transaction.atomic
def make_folder(member, name: str) -> Folder:
    """The one that has this name, where there is one: a second click makes no second folder. AccountLeaving."""
    members.hold(member)
    found = folders_of(member).filter(name=name).first()
    if found:
        return found
    if folders_of(member).count() >= MOST_FOLDERS:
        raise TooManyFolders
    return Folder.objects.create(member=member, name=name)


def keep(member, resource: Resource, *, folder=None, new_folder: str = "", note: str = "") -> Favourite:
    """In a folder of hers (its key), or in a new one. Kept there already, it gets the new note."""
    with on_offer(member, resource):
        place = make_folder(member, new_folder) if new_folder else _held(member, folder)
        kept, is_new = Favourite.objects.get_or_create(folder=place, resource=resource, defaults={"note": note})
        if not is_new and note:
            Favourite.objects.filter(pk=kept.pk).update(note=note)
    return kept


def rename(folder: Folder, name: str) -> None:
    Folder.objects.filter(pk=folder.pk).update(name=name)


@transaction.atomic
def remove_folder(folder: Folder) -> None:
    """With what is in it. The lock keeps out what another window would put there meanwhile."""
    held = Folder.objects.select_for_update(of=("self",)).filter(pk=folder.pk)
    keys = list(held.values_list("pk", flat=True))
    Favourite.objects.filter(folder__in=keys).delete()
    Folder.objects.filter(pk__in=keys).delete()


def change(favourite: Favourite, member, *, folder, note: str) -> None:
    """Another note, another folder."""
    try:
        with transaction.atomic():
            place = _held(member, folder)
            if not Favourite.objects.filter(pk=favourite.pk).update(folder=place, note=note):
                raise RowNotFound
    except IntegrityError:
        raise AlreadyInFolder from None


def remove(favourite: Favourite) -> None:
    Favourite.objects.filter(pk=favourite.pk).delete()


def _held(member, key) -> Folder:
    """Hers, and there until the transaction ends."""
    folder = Folder.objects.select_for_update(of=("self",), no_key=True).filter(member=member, pk=key).first()
    if folder is None:
        raise FolderGone
    return folder
