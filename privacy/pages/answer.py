"""Answering a request at the desk: what is decided, then the letter as it will go out, then it goes (Art. 12(3), 12(4))."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..casework import answering, four_eyes
from ..errors import PrivacyError, RequestNotApproved
from . import read_first
from .answer_forms import AnswerForm
from .forms import form_page
from .opening import opened
from .people import desk_act
from .step_up import recently_identified


@form_page
@desk_act
@recently_identified
@opened
def answer(request, asked):
    """Nothing goes out before its letter was shown as it is."""
    four_eyes.refuse_own(asked, str(request.subject.ref))
    if not answering.answers_to(asked):
        return _too_late(request, asked)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=asked)
    if not form.is_valid() or read_first.is_to_change(request):
        return _form(request, asked, form)
    draft = answering.draft(asked, form.chosen, **_in_letter(form.no))
    go = _("Answer so") if draft else _("Accept it")
    return read_first.unless_read(request, asked, form, draft, go=go) or _send(request, asked, form)


def _in_letter(no) -> dict:
    return {name: said for name, said in no.items() if name != "evidence"}


def _send(request, asked, form):
    """What she wrote stays on the page, whoever was first."""
    try:
        answering.answer(asked, form.chosen, actor_ref=request.subject.ref, **form.no)
    except RequestNotApproved:
        return _too_late(request, asked)
    except PrivacyError as refusal:
        form.add_error(None, refusal.sentence)
        return _form(request, asked, form)
    messages.success(request, _done(form.chosen))
    return redirect("privacy:case", asked.ref)


def _done(chosen):
    accepted = _("Accepted. A worker carries it out, and the answer follows.")
    return accepted if chosen == answering.Answer.ACCEPT else _("Answered. Our letter is on its way.")


def _form(request, asked, form):
    return render(request, "privacy/answer.html", {"asked": asked, "form": form}, status=400 if form.errors else 200)


def _too_late(request, asked):
    """Answered by a colleague, or taken back: nothing of hers was sent."""
    asked.refresh_from_db()
    written = request.POST.get("reasons", "")
    return render(request, "privacy/answer_too_late.html", {"asked": asked, "written": written}, status=409)
