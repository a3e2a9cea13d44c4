"""The registers on the desk: what we show the authority, each to read, and all of it on one signed paper (Art. 30(4))."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..casework.agenda import AgendaItem, Kind
from ..casework.registers import dossier, processors
from ..casework.registers.authorities import AuthorityRequest
from ..datamap.printing import FORMATS
from ..datamap.register import entries
from ..evidence.recipients import Recipient
from .forms import form_page
from .people import audit_page, desk_act
from .register_forms import OfficerForm, ProcessorForm
from .standing import standing
from .step_up import recently_identified

# As a browser gets it: content type and end of the name.
FILES = {"text": ("text/plain; charset=utf-8", "txt"), "json": ("application/ld+json", "jsonld"), "csv": ("text/csv; charset=utf-8", "csv")}
PDF = "application/pdf"
OFTEN_ALIKE = ("controller", "data_protection_officer", "transfers", "security")


@require_safe
@audit_page
def page(request):
    """Each register with the one figure that says whether it needs somebody."""
    context = {
        "uses": len(entries()),
        "breaches": AgendaItem.objects.open().filter(kind=Kind.BREACH).count(),
        "requests": AuthorityRequest.objects.shown_to(request.subject.ref).filter(answered_at=None).count(),
        "without_contract": processors.processors().filter(contract_on=None).count(),
        "holds": len(standing()),
    }
    return render(request, "privacy/registers/index.html", context)


@require_safe
@audit_page
def processing(request):
    found = entries()
    return render(request, "privacy/registers/processing.html", {"entries": found, "once": _alike(found)})


def _alike(found) -> dict[str, object]:
    """What is the same of every use is said once, above them."""
    return {name: getattr(found[0], name) for name in OFTEN_ALIKE if len({repr(getattr(entry, name)) for entry in found}) == 1}


@require_safe
@audit_page
def processing_file(request, kind):
    """Made now, of the data map as it is."""
    if kind == "pdf":
        return _file(dossier.register(language=get_language()), PDF, "register.pdf")
    if kind not in FILES:
        raise Http404
    content_type, ending = FILES[kind]
    return _file(FORMATS[kind](entries()).encode(), content_type, f"register.{ending}")


@require_POST
@audit_page
@recently_identified
def paper(request):
    """All registers on one signed paper, without what its maker may not know of herself; that it was made stands in the trail."""
    made = dossier.everything(language=get_language(), actor_ref=request.subject.ref)
    return _file(made, PDF, "registers.pdf")


@require_safe
@audit_page
def organisations(request):
    context = {"processors": processors.processors(), "others": processors.others()}
    return render(request, "privacy/registers/processors.html", context)


@form_page
@desk_act
@recently_identified
def add_processor(request):
    return _record(request, ProcessorForm(request.POST if request.method == "POST" else None))


@form_page
@desk_act
@recently_identified
def organisation(request, pk):
    found = get_object_or_404(Recipient, pk=pk)
    form = ProcessorForm if found.kind == Recipient.Kind.PROCESSOR else OfficerForm
    return _record(request, form(request.POST if request.method == "POST" else None, instance=found))


def _record(request, form):
    if form.is_valid():
        processors.record(form.save(commit=False), actor_ref=request.subject.ref)
        messages.success(request, _("Saved. People read it among the recipients of their data."))
        return redirect("privacy:processors")
    return render(request, "privacy/registers/organisation.html", {"form": form}, status=400 if form.is_bound else 200)


def _file(content, content_type, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)
