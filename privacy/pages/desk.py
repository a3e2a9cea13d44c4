"""One request on the desk of the data protection officer, to read (Art. 12(3), 39(1)(b))."""

from io import BytesIO

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..casework import by_hand, certifying
from ..conf import hook
from . import standstill
from .context import Context
from .docket import Docket
from .opening import opened
from .people import desk_page
from .urgency import urgent


@require_GET
@desk_page
@opened
def case(request, asked):
    waits = by_hand.waits_for_second(asked)
    clock = standstill.of(asked)
    context = {"docket": Docket(urgent([asked])[0]), "asked": asked, "waits_for_second": waits, "clock": clock, "around": Context(asked)}
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
