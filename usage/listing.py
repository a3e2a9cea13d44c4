"""Material on offer, the newest first, of a subject or for a level."""

from django.db.models import QuerySet

from . import search
from .models import Resource

AT_ONCE = 24


def on_offer(*, subject: str = "", level: str = "", words: str = "") -> QuerySet:
    """What somebody published, with what a list says of each, in one query; the index on its moment gives the first page."""
    narrowed = {name: value for name, value in (("subject_taught", subject), ("level", level)) if value}
    resources = Resource.objects.on_offer().filter(publication__isnull=False, **narrowed).select_related("publication__author__subject")
    newest = resources.order_by("-publication__published_at", "-pk")
    return search.matching(newest, words) if words else newest
