"""What was written in words goes some time after a request was closed; the facts of the procedure stay (Art. 5(1)(e), 5(2))."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, TextField, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from ..conf import setting
from ..evidence.remarks import Remark
from ..evidence.trail import TrailEntry
from ..rights.nights import RetentionRun
from ..rights.statements import Statement
from .agenda import AgendaItem, Kind
from .conversation import Message
from .extending import Extension
from .requests import DataSubjectRequest
from .states import SAYS_NO

# Rows per transaction.
BATCH = 1000


@dataclass(frozen=True)
class Words:
    """One column: the rows of closed requests that still have words there, written before that moment.

    `left` is what stands there afterwards; without it the row goes.
    """

    column: str
    rows: Callable[[QuerySet, datetime], QuerySet]
    left: Callable[[], dict] | None = None


def _refused(closed, _then):
    return closed.filter(status__in=SAYS_NO).exclude(refusal_reasons__in=_sentences().values())


def _shown(closed, _then):
    return closed.exclude(refusal_evidence="")


def _extended(closed, _then):
    return Extension.objects.filter(request__in=closed.values("pk")).exclude(words="")


def _chosen(closed, _then):
    return closed.exclude(choices={})


def _said(closed, then):
    """Beside a value they stay as long as that value."""
    return Statement.objects.with_requests().filter(request_ref__in=closed.values("ref"), made_at__lt=then).exclude(text="")


def _written(closed, _then):
    return Message.objects.filter(request__in=closed).exclude(text="")


def _remarked(closed, then):
    """A request may be opened, and why be said, after it was closed."""
    entry = TrailEntry.objects.filter(pk=OuterRef("entry_id"), request_ref__in=closed.values("ref"))
    return Remark.objects.filter(Exists(entry), written_at__lt=then)


def _in_her_language() -> dict:
    told = [When(language=code, then=Value(sentence)) for code, sentence in _sentences().items()]
    return {"refusal_reasons": Case(*told, default=Value(_sentences()[settings.LANGUAGE_CODE]), output_field=TextField())}


WORDS = (
    Words("privacy.DataSubjectRequest.refusal_reasons", _refused, _in_her_language),
    Words("privacy.DataSubjectRequest.refusal_evidence", _shown, lambda: {"refusal_evidence": ""}),
    Words("privacy.Extension.words", _extended, lambda: {"words": ""}),
    Words("privacy.DataSubjectRequest.choices", _chosen, lambda: {"choices": {}}),
    Words("privacy.Statement.text", _said, lambda: {"text": ""}),
    Words("privacy.Message.text", _written, lambda: {"text": ""}),
    Words("privacy.Remark.text", _remarked),
)


def forget_words(now) -> None:
    """PRIVACY["FREE_TEXT_DAYS"] after closing. An answer that came back keeps its words until that is settled: it is printed again.

    Ground, dates, decision and how we knew who asks stay: an answer to a complaint takes no more. A night on which nothing goes leaves
    no line; one that is broken off goes on the next night.
    """
    then, run = now - timedelta(days=setting("FREE_TEXT_DAYS")), None
    came_back = AgendaItem.objects.open().filter(kind=Kind.BOUNCED).values("request_ref")
    closed = DataSubjectRequest.objects.filter(closed_at__lt=then).exclude(ref__in=came_back)
    for words in WORDS:
        for keys in _batches(words.rows(closed, then)):
            run = run or RetentionRun.objects.create(what=RetentionRun.What.VALUES, started_at=now)
            _forget(run, words, keys)
    if run:
        run.finish()


def _batches(rows: QuerySet) -> Iterator[QuerySet]:
    """Until no row has words any more."""
    while keys := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
        yield rows.model.objects.filter(pk__in=keys)


@transaction.atomic
def _forget(run, words, rows) -> None:
    """Counted in the transaction of what goes."""
    run.count(words.column, rows.update(**words.left()) if words.left else rows.delete()[0])


def _sentences() -> dict[str, str]:
    """Language -> what stands in the place of our reasons."""
    told = {}
    for code in {*dict(settings.LANGUAGES), settings.LANGUAGE_CODE}:
        with translation.override(code):
            told[code] = _("They stand in the letter that we sent you then.")
    return told
