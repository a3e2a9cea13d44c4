"""Comments under material as conversations, the newest first; one whose beginning was removed stays readable."""

from dataclasses import dataclass, field
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Min
from django.db.models.functions import Coalesce

from privacy.pages.paging import nearest_page

from .models import Comment, Resource

AT_ONCE = 15


@dataclass
class Thread:
    """`first` is None where it was removed."""

    number: UUID
    first: Comment | None = None
    answers: list[Comment] = field(default_factory=list)


def page_of_threads(resource: Resource, asked: str) -> tuple[Page, list[Thread]]:
    begun = _threaded(resource).values("thread").annotate(begun=Min("published_at")).order_by("-begun", "thread")
    page = nearest_page(begun, asked, size=AT_ONCE)
    threads = {row["thread"]: Thread(row["thread"]) for row in page.object_list}
    for comment in _threaded(resource).filter(thread__in=list(threads)).with_names().order_by("published_at", "pk"):
        _put(threads[comment.thread], comment)
    return page, list(threads.values())


def _threaded(resource):
    return Comment.objects.filter(resource=resource).annotate(thread=Coalesce("reply_to", "id"))


def _put(thread, comment):
    if comment.pk == thread.number:
        thread.first = comment
    else:
        thread.answers.append(comment)
