"""Finding a request on the desk: by its number, or by the address of its person, which stands in no URL and is on record (T-18)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from ..casework import looks
from ..casework.requests import REFERENCE_LENGTH, DataSubjectRequest
from .desk_forms import LookUpForm
from .forms import form_page
from .people import desk_page
from .step_up import recently_identified
from .urgency import urgent

# Of one person, the latest first.
LISTED = 50


@require_GET
@desk_page
def by_number(request):
    """As somebody reads it aloud: small letters, spaces and hyphens do not matter."""
    number = "".join(each for each in request.GET.get("number", "").upper() if each.isalnum())
    found = DataSubjectRequest.objects.filter(ref=number).first() if len(number) == REFERENCE_LENGTH else None
    if found is not None:
        return redirect("privacy:case", found.ref)
    return render(request, "privacy/find.html", {"form": LookUpForm(), "number": number[:40], "is_unknown": bool(number)})


@form_page
@desk_page
@recently_identified
def by_address(request):
    form = LookUpForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "privacy/find.html", {"form": form}, status=400 if form.is_bound else 200)
    subject = looks.look_up(**form.cleaned_data, actor_ref=request.subject.ref)
    hers = DataSubjectRequest.objects.filter(subject_ref=subject.ref) if subject else DataSubjectRequest.objects.none()
    found = urgent(hers.select_related("run").order_by("-received_at", "-pk")[:LISTED])
    return render(request, "privacy/find.html", {"form": LookUpForm(), "was_asked": True, "is_known": subject is not None, "found": found})
