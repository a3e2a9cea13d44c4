"""This was not me: one page, one button, without signing in. Opening it changes nothing, since mail scanners open links (T-07)."""

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache

from ..casework import cases, disowning, not_me
from ..errors import LinkExpired, LinkUnknown
from .forms import form_page
from .people import open_to_hidden, subject_of

# So many characters of a request's number show that a letter and this page speak of the same one.
SHOWN = 4


@open_to_hidden
@never_cache
@form_page
def report(request, token):
    try:
        asked = not_me.request_of(token)
    except LinkExpired as refusal:
        return render(request, "privacy/not_me_dead.html", {"refusal": refusal}, status=410)
    except LinkUnknown as refusal:
        return render(request, "privacy/not_me_dead.html", {"refusal": refusal}, status=404)
    if request.method == "POST":
        disowning.disown(asked)
        _sign_out_here(request, asked)
        return redirect("privacy:not_me", token)
    return render(request, "privacy/not_me.html", _said(asked))


def _said(asked):
    subject = cases.subject_of(asked)
    return {
        "asked": asked,
        "ends_in": asked.ref[-SHOWN:],
        "effect": not_me.effect_on(asked),
        "is_there": subject is not None,
        "is_done": disowning.is_disowned(asked),
        "sign_in": resolve_url(settings.LOGIN_URL),
    }


def _sign_out_here(request, asked):
    """Her sessions were ended behind this one's back; somebody else who is signed in here stays so."""
    subject = subject_of(request.user)
    if subject and subject.ref == asked.subject_ref:
        logout(request)
