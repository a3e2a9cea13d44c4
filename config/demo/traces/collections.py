"""Folders, and the resources that members keep in them."""

from usage.models import Favourite, Folder

from .. import loading, words
from . import moments

BATCH = 2_000


def write(teachers, resources, *, random, progress) -> None:
    """Folder by folder: a favourite needs the number that the database gave."""
    wanted = ((teacher, name) for teacher in teachers for name in random.sample(words.FOLDERS, random.randint(1, 3)))
    for chunk in loading.chunks(wanted, BATCH):
        folders = Folder.objects.bulk_create(Folder(member_id=teacher.pk, name=name) for teacher, name in chunk)
        progress(len(folders))
        kept = _favourites(folders, resources, random)
        loading.load(Favourite, ["folder", "resource", "note", "added_at"], kept, progress=progress)


def _favourites(folders, resources, random):
    for folder in folders:
        for resource in random.sample(resources, random.randint(2, 6)):
            yield folder.pk, resource, random.choice(words.NOTES), moments.some_time_ago(random)
