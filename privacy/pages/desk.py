"""The desk of the data protection officer: every request, the most urgent first, and one of them to read (Art. 12(3), 39(1)(b))."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..casework import by_hand, certifying
from ..casework.requests import DataSubjectRequest
from ..conf import hook
from ..datamap import Right
from . import standstill
from .docket import Docket
from .opening import opened
from .paging import nearest_page
from .people import desk_page
from .urgency import counts, in_order, today, urgent

ON_A_PAGE = 50
STATES = ("open", "late", "closed")


@require_GET
@desk_page
def queue(request):
    """Names nobody. A filter that does not exist is none."""
    state = request.GET.get("state") if request.GET.get("state") in STATES else STATES[0]
    right = request.GET.get("right") if request.GET.get("right") in Right.values else ""
    requests = in_order(DataSubjectRequest.objects.select_related("run"), state)
    page = nearest_page(requests.filter(right=right) if right else requests, request.GET.get("page", ""), size=ON_A_PAGE)
    chosen = {"state": state, "right": right, "rights": Right.choices, "key": f"state={state}&right={right}&page"}
    return render(request, "privacy/desk.html", {"page": page, "queue": urgent(page), "counts": counts(), "today": today(), **chosen})


@require_GET
@desk_page
@opened
def case(request, asked):
    waits = by_hand.waits_for_second(asked)
    context = {"docket": Docket(urgent([asked])[0]), "asked": asked, "waits_for_second": waits, "clock": standstill.of(asked)}
    return render(request, "privacy/case.html", context | {"beside": hook("BESIDE_REQUEST")(request.user, asked)})


@require_GET
@desk_page
@opened
def certificate(request, asked, kind):
    """For who lost the mail: the officer posts it. There is no address at which anybody else gets it (T-11)."""
    issued = certifying.certificate_of(asked)
    file = next((file for file in certifying.files_of(issued) if file.name.endswith(f".{kind}")), None) if issued else None
    if file is None:
        raise Http404
    return FileResponse(BytesIO(file.content), as_attachment=True, filename=file.name, content_type=file.kind)
