"""Every kind of letter about a request, as it would be read now, in one language."""

from datetime import date
from types import SimpleNamespace

from privacy.casework import cases, letter_text
from privacy.casework.letters import Kind, Letter
from privacy.datamap import RefusalGround, Right
from privacy.models import DataSubjectRequest

from .makers import make_member

Channel, Status = DataSubjectRequest.Channel, DataSubjectRequest.Status
# In no language.
REASONS = "Zq-7."


def words_of(request, kind, **beside) -> str:
    said = letter_text.of(Letter(request=request, kind=kind), **beside)
    return f"{said.title}\n\n{said.text}"


def every_letter(language: str) -> dict[str, str]:
    """What it is about -> its words."""
    an = make_member("An", language=language)
    asked = {right: cases.submit(right, subject=an.subject) for right in Right}
    written = {f"{kind} {right}": words_of(request, kind) for kind in _plain() for right, request in asked.items()}
    written |= {f"refusal {ground}": _refused(asked[Right.OBJECTION], Kind.REFUSAL, ground) for ground in RefusalGround}
    written |= {f"partly {ground}": _refused(asked[Right.OBJECTION], Kind.PARTLY, ground) for ground in RefusalGround}
    for reason in ("identity", "specify"):
        for counts in (True, False):
            pause = SimpleNamespace(reason=reason, moves_deadline=counts)
            written[f"paused {reason} {counts}"] = words_of(asked[Right.ACCESS], Kind.PAUSED, pause=pause)
        for shown in (True, False):
            beside = {"pause": SimpleNamespace(reason=reason), "is_shown": shown}
            written[f"resumed {reason} {shown}"] = words_of(asked[Right.ACCESS], Kind.RESUMED, **beside)
    written["extension"] = words_of(asked[Right.ACCESS], Kind.EXTENSION, extension=SimpleNamespace(), answer_by=date(2027, 2, 1))
    written["paper"] = words_of(asked[Right.ACCESS], Kind.ANSWER, on_paper=True)
    request = asked[Right.ERASURE]
    cases.approve(request, subject=an.subject)
    written |= {f"{kind} erasure, accepted": words_of(request, kind) for kind in (Kind.ACKNOWLEDGEMENT, Kind.ACCEPTED, Kind.DISOWNED)}
    request.channel = Channel.RETENTION
    return written | {"acknowledgement retention": words_of(request, Kind.ACKNOWLEDGEMENT)}


def _plain():
    """Of any right, and without rows of their own."""
    return (Kind.ACKNOWLEDGEMENT, Kind.ANSWER, Kind.CANCELLED, Kind.OVERTAKEN, Kind.FETCHED, Kind.DISOWNED, Kind.MESSAGE)


def _refused(request, kind, ground):
    request.refusal_ground, request.refusal_reasons = ground, REASONS
    return words_of(request, kind)
