"""The first page of the desk: what needs me today, the most urgent first, and whatever else there is (Art. 12(3), 39(1)(b))."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ..casework import absences, queue
from ..casework.agenda import Kind
from ..casework.colleagues import READS, name_of, who_may
from ..casework.requests import DataSubjectRequest
from ..datamap import Right
from ..days import today
from . import lines
from .paging import nearest_page
from .people import desk_page

ON_A_PAGE = 25
# List -> its name, and what it says when there is nothing in it.
STATES = {
    "soon": (_("Needs you"), _("Nothing. In the coming week nobody waits for you.")),
    "late": (_("Late"), _("None. Nothing is late.")),
    "today": (_("Today"), _("None. Nothing is due today.")),
    "waiting": (_("All that waits"), _("None. Nobody waits for you.")),
    "open": (_("Open requests"), _("None. Nobody waits for an answer.")),
    "closed": (_("Closed requests"), _("None. Nothing was closed yet.")),
}
CHANNELS = DataSubjectRequest.Channel


@dataclass(frozen=True)
class Chosen:
    """What the address asks for. A filter that does not exist is none."""

    asked: dict

    def _one_of(self, name, known) -> str:
        value = self.asked.get(name, "")
        return value if value in known else ""

    @cached_property
    def state(self) -> str:
        return self._one_of("state", STATES) or next(iter(STATES))

    @cached_property
    def filters(self) -> dict[str, str]:
        """Of what waits four, of requests two."""
        both = {"right": self._one_of("right", Right.values), "channel": self._one_of("channel", CHANNELS.values)}
        if not self.is_agenda:
            return both
        return both | {"kind": self._one_of("kind", Kind.values), "mine": self._one_of("mine", {"1"})}

    @property
    def is_agenda(self) -> bool:
        return self.state in queue.OF_AGENDA

    @property
    def key(self) -> str:
        """Of the next page of the same list."""
        return f"{urlencode({'state': self.state} | self._set)}&page"

    @property
    def _set(self) -> dict[str, str]:
        return {name: value for name, value in self.filters.items() if value}

    def tabs(self) -> list[dict]:
        return [
            {"name": name, "address": f"?{urlencode({'state': state} | self._set)}", "is_current": state == self.state}
            for state, (name, _nothing) in STATES.items()
        ]


@require_GET
@desk_page
def page(request):
    """Names none of the people whose requests these are."""
    chosen, on = Chosen(request.GET), today()
    colleagues = {user.subject.ref: name_of(user) for user in who_may(READS)}
    away = list(absences.Absence.objects.on(on))
    found = nearest_page(_rows(chosen, request.subject.ref, away, on), request.GET.get("page", ""), size=ON_A_PAGE)
    context = {
        "page": found,
        "lines": lines.of_items(found, colleagues) if chosen.is_agenda else lines.of_requests(found),
        "counts": queue.counts(on),
        "chosen": chosen,
        "nothing": STATES[chosen.state][1],
        "is_full": found.paginator.count == queue.LISTED,
        "rights": Right.choices,
        "channels": CHANNELS.choices,
        "kinds": Kind.choices,
        "colleagues": colleagues,
        "away": [_in_words(absence, request.subject.ref, colleagues) for absence in away],
    }
    return render(request, "privacy/desk.html", context)


def _rows(chosen, me, away, on):
    filters = dict(chosen.filters)
    mine = filters.pop("mine", "")
    stood_in_for = [absence.subject_ref for absence in away if absence.stand_in_ref == me]
    narrowed = queue.Narrowed(**filters, colleagues=(me, *stood_in_for) if mine else ())
    return queue.waiting(chosen.state, narrowed, on) if chosen.is_agenda else queue.requests(chosen.state, narrowed)


def _in_words(absence, me, names) -> dict:
    """The names of colleagues, who may read them."""
    return {
        "who": names.get(absence.subject_ref, ""),
        "stand_in": names.get(absence.stand_in_ref, ""),
        "until": absence.ends_on,
        "is_me": me == absence.subject_ref,
        "for_me": me == absence.stand_in_ref,
    }
