"""Who opened her data: every look of somebody else, with why, and nothing between them (Art. 15, T-18)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..evidence import events
from ..evidence.recipients import Disclosure
from .paging import nearest_page
from .people import open_to_hidden, person_page
from .timeline import Timeline

ON_A_PAGE = 20


class Looks(Timeline):
    """The part of her timeline in which somebody of ours looked."""

    def count(self) -> int:
        return self._recorded().count()

    def _recorded(self):
        return super()._recorded().filter(event__in=events.LOOKS).exclude(actor_ref=str(self.subject.ref))

    def _released(self):
        return Disclosure.objects.none()


@open_to_hidden
@require_safe
@person_page
def page(request):
    """By which task somebody looked, never the name: who it was is known to who has to answer for it."""
    looks = nearest_page(Looks(request.subject), request.GET.get("page", ""), size=ON_A_PAGE)
    return render(request, "privacy/looks.html", {"page": looks})
