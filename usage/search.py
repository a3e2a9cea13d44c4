"""Finding material by its words: title, key words, subject, description, and the name that others may read with it."""

import json
import re

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from .models import Publication, Resource, Search

# Characters; more words than this find nothing that fewer do not.
LONGEST = 100
# The stems and small words that PostgreSQL leaves out.
CONFIG = "dutch"
# A name is sought only while others may read it.
READABLE = Q(publication__author__isnull=True) | Q(publication__author__subject__hidden_at__isnull=True)
SHOWN_NAME = Case(When(READABLE, then=F("publication__shown_name")), default=Value(""))

# Frozen in migration 0004, whose indexes serve these two and no other.
WORDS_OF_RESOURCE = SearchVector("title", "subject_taught", "tags", config=CONFIG)
WORDS_OF_PUBLICATION = SearchVector("description", "shown_name", config=CONFIG)
RANKED = (
    SearchVector("title", weight="A", config=CONFIG)
    + SearchVector("tags", "subject_taught", weight="B", config=CONFIG)
    + SearchVector("publication__description", SHOWN_NAME, weight="C", config=CONFIG)
)


def normal(words: str) -> str:
    """On one line, without what no text can hold."""
    return " ".join(words.replace("\0", " ").split())[:LONGEST].strip()


def note(member, words: str) -> None:
    """As the statistics of popular searches count them."""
    Search.objects.create(member=member, words=words.lower()[:LONGEST])


def matching(resources: QuerySet, words: str) -> QuerySet:
    """The best first on PostgreSQL; on SQLite, which development and small hosts use, the newest."""
    return _by_index(resources, words) if connection.vendor == "postgresql" else _by_looking(resources, words)


def _by_index(resources, words):
    """Two indexes give what holds any of the words; what holds them as they were meant is decided, and ranked, over those alone."""
    meant = SearchQuery(words, config=CONFIG, search_type="websearch")
    any_word = _any_of(words)
    if any_word is None:
        return resources.none()
    of_resource = Resource.objects.annotate(words=WORDS_OF_RESOURCE).filter(words=any_word).values("pk")
    of_publication = Publication._base_manager.annotate(words=WORDS_OF_PUBLICATION).filter(words=any_word).values("resource")
    candidates = resources.filter(Q(pk__in=of_resource) | Q(pk__in=of_publication))
    return candidates.annotate(found=RANKED, rank=SearchRank(RANKED, meant)).filter(found=meant).order_by("-rank", "-pk")


def _any_of(words) -> SearchQuery | None:
    """None where there is no word in it."""
    any_word = None
    for word in re.findall(r"\w+", words):
        one = SearchQuery(word, config=CONFIG, search_type="plain")
        any_word = one if any_word is None else any_word | one
    return any_word


def _by_looking(resources, words):
    """Each word somewhere; SQLite's own comparison knows no capitals but A to Z."""
    found = resources.annotate(name=SHOWN_NAME, tag_text=Cast("tags", TextField()))
    for word in words.split():
        sought = re.escape(word.strip('"'))
        texts = [f"{place}__iregex" for place in ("title", "subject_taught", "publication__description", "name")]
        somewhere = Q(tag_text__icontains=json.dumps(word.strip('"').lower())[1:-1])
        for text in texts:
            somewhere |= Q(**{text: sought})
        found = found.filter(somewhere)
    return found
