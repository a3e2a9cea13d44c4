"""Bringing data from elsewhere: she sends an archive, sees what it would do, and says what she wants of it."""

import hashlib
from contextlib import contextmanager

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ..conf import setting
from ..errors import ArchiveTooLarge, NothingWaits, NotTakenIn, TakingInBusy
from ..rights import taking_in, waiting
from ..rights.opening import opened
from .brought import Preview, outcome, stays_behind
from .forms import form_page
from .people import person_page
from .places import place_for
from .step_up import recently_identified
from .uploads import PassingHandler

# Archives that are read at the same time, on the whole machine (T-24).
AT_ONCE = 2
# In the session: the key of the archive that she brought, which opens it in this session alone.
SESSION_KEY = "privacy.brought"


class ArchiveForm(forms.Form):
    archive = forms.FileField(
        label=gettext_lazy("The archive"),
        help_text=gettext_lazy("The zip file as you got it. Do not unpack it."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": gettext_lazy("Choose the zip file first."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )


# To look for the token reads the file: `_bring` does it, once we know who sends and the file has our handler.
@csrf_exempt
@person_page
@recently_identified
@form_page
def bring(request):
    """An archive holds all her files, so it may be larger than what any other form of the host's takes."""
    request.upload_handlers = [PassingHandler(setting("TAKE_IN_BYTES"))]
    try:
        return _bring(request)
    except RequestDataTooBig:
        raise ArchiveTooLarge from None


@csrf_protect
def _bring(request):
    """Kept for an hour once it proved to be an archive, and hers."""
    form = ArchiveForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            _keep(request, form.cleaned_data["archive"])
            return redirect("privacy:take_in_look")
        except NotTakenIn as refusal:
            form.add_error("archive", refusal.sentence)
    return render(request, "privacy/take_in.html", {"form": form}, status=400 if form.is_bound else 200)


def _keep(request, sent):
    """What came is less than what was sent, where it was larger than we take."""
    if sent.seek(0, 2) < sent.size:
        raise ArchiveTooLarge
    sent.seek(0)
    with _a_place(), opened(sent.file, request.subject):
        sent.seek(0)
        request.session[SESSION_KEY] = waiting.keep(request.subject, sent)


@person_page
@recently_identified
@form_page
def look(request):
    try:
        if request.method != "POST":
            return _look(request)
        return _take_in(request) if request.POST.get("shown") == _mark(request) else _look(request, is_another=True)
    except NothingWaits as refusal:
        form = ArchiveForm()
        return render(request, "privacy/take_in.html", {"form": form, "refusal": refusal}, status=410)


def _look(request, *, is_another=False):
    """Another than she was shown, where a second window brought one: what she ticked was not for this one."""
    with _brought(request) as brought:
        report = taking_in.look(request.subject, brought)
    context = {"report": report, "preview": Preview(report), "mark": _mark(request), "is_another": is_another}
    return render(request, "privacy/take_in_look.html", context, status=409 if is_another else 200)


def _mark(request) -> str:
    """Which archive a page is about, without the key that opens it."""
    return hashlib.sha256(request.session.get(SESSION_KEY, "").encode()).hexdigest()[:32]


def _take_in(request):
    """Sent twice, the second finds everything here; once done, the archive is let go."""
    ticked = request.POST.getlist("take")
    with _brought(request) as brought:
        report = taking_in.take_in(request.subject, brought, ticked, actor_ref=str(request.subject.ref))
    waiting.let_go(request.subject)
    request.session.pop(SESSION_KEY, None)
    context = {"report": report, "outcome": outcome(report, ticked), "left": stays_behind(report)}
    return render(request, "privacy/take_in_done.html", context)


@contextmanager
def _a_place():
    with place_for("take_in", places=AT_ONCE) as is_free:
        if not is_free:
            raise TakingInBusy
        yield


@contextmanager
def _brought(request):
    key = request.session.get(SESSION_KEY, "")
    with _a_place(), waiting.kept(request.subject, key) as file, opened(file, request.subject) as brought:
        yield brought
