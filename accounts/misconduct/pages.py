"""What the person herself reads: her notices, and without signing in the page on which she objects to a ban."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privacy.errors import LinkExpired, LinkUnknown
from privacy.pages.forms import form_page
from privacy.pages.people import open_to_hidden, person_page, refused

from ..models import FormalNotice
from . import objecting
from .acting import sent_in, try_to
from .forms import ObjectionForm


@require_safe
@person_page
def notices(request):
    return render(request, "misconduct/notices.html", {"notices": FormalNotice.objects.filter(member=request.user)})


@require_safe
@person_page
def proven(request):
    """After she showed in another tab that it is she."""
    return render(request, "misconduct/proven.html")


@open_to_hidden
@never_cache
@form_page
def object_to_ban(request, token):
    """Opening it changes nothing, since mail scanners open links; sent twice, it is one objection."""
    try:
        ban = objecting.ban_of(token)
    except (LinkExpired, LinkUnknown) as refusal:
        return refused(request, refusal)
    subject = objecting.person_of(ban)
    form = ObjectionForm(sent_in(request))
    if subject and try_to(form, lambda said: objecting.say_no(ban, subject, said["text"])):
        ban.refresh_from_db()
        form = ObjectionForm()
    context = {"ban": ban, "form": form, "is_there": subject is not None, "asked": objecting.objection_to(ban)}
    return render(request, "misconduct/object.html", context, status=400 if form.is_bound else 200)
