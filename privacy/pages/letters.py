"""Our letters of one request: how far each is, on paper, and what one of the desk did with it; the person gets hers on paper too."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ..casework import letter_paper, posting
from ..casework.letters import State
from ..casework.posting import Act
from ..casework.requests import DataSubjectRequest
from .opening import opened
from .people import DESK_ENTRY, desk_entry, desk_page, may, open_to_hidden, person_page

# State -> kind of chip, icon.
CHIPS = {
    State.WAITS: ("info", "clock"),
    State.TO_POST: ("wait", "mail"),
    State.SENT: ("ok", "check"),
    State.POSTED: ("ok", "check"),
    State.RETURNED: ("bad", "alert"),
}
# What the button says, and what is said once it is done.
ACTS = {
    Act.BY_POST: (_("Send it by post"), _("It goes by post. Print it, then say that it is in the post.")),
    Act.POSTED: (_("It is in the post"), _("Noted: it is in the post.")),
    Act.RETURNED: (_("It came back"), _("Noted: it came back. Find another way to reach the person.")),
    Act.AGAIN: (_("Mail it again"), _("It is mailed again, to the same address.")),
}


@require_safe
@desk_page
@opened
def page(request, asked):
    written = asked.letters.order_by("-pk").select_related("request")
    may_act = may(request.user, DESK_ENTRY)
    shown = [_shown(letter, may_act) for letter in written]
    return render(request, "privacy/letters.html", {"asked": asked, "shown": shown, "has_address": posting.has_address(asked)})


def _shown(letter, may_act) -> dict:
    kind, icon = CHIPS[letter.state]
    acts = [(act.value, ACTS[act][0]) for act in posting.acts_for(letter)] if may_act else []
    return {"letter": letter, "chip": {"kind": kind, "icon": icon, "text": letter.state.label}, "acts": acts}


@require_POST
@desk_entry
@opened
def act(request, asked, number):
    letter = get_object_or_404(asked.letters.select_related("request"), pk=number)
    chosen = request.POST.get("act", "")
    posting.do(chosen, letter, actor_ref=request.subject.ref)
    messages.success(request, ACTS[Act(chosen)][1])
    return redirect("privacy:letters", asked.ref)


@require_safe
@desk_page
@opened
def paper(request, asked, number):
    return _file(asked, number)


@require_safe
@open_to_hidden
@person_page
def hers(request, ref, number):
    """Also for who got no mail."""
    return _file(DataSubjectRequest.objects.about(request.subject).numbered(ref), number)


def _file(asked, number):
    file = letter_paper.on_paper(get_object_or_404(asked.letters.select_related("request"), pk=number))
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(BytesIO(file.content), as_attachment=True, filename=file.name, content_type=file.kind, headers=headers)
