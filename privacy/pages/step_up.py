"""Is it really you? Asked before a download or an erasure, when the last proof is older than PRIVACY["STEP_UP_SECONDS"] (T-07)."""

from datetime import UTC, datetime
from functools import wraps
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from ..casework import identification
from ..conf import hook, setting
from ..errors import CodeNotSent, NoWayToIdentify, TooManyTries
from .people import open_to_hidden, page_of, person_page, sign_in_first

# In the session: how she showed who she is, and when (seconds since 1970).
SESSION_KEY = "privacy.identified"


@receiver(user_logged_in, dispatch_uid="privacy.identified")
def _remember_sign_in(sender, request, **kwargs):
    """Signing in counts; a session that was only resumed sends no such signal."""
    if hasattr(request, "session"):
        _remember(request, "sign_in")


def _remember(request, how):
    request.session[SESSION_KEY] = [how, timezone.now().timestamp()]


def is_recent(request) -> bool:
    _how, at = request.session.get(SESSION_KEY, ["", 0])
    return 0 <= timezone.now().timestamp() - at < setting("STEP_UP_SECONDS")


def evidence(request) -> str:
    """How and when she showed that it is she, for a request's `identified_by`: "password 2026-11-23T18:30Z"; "session" if never."""
    how, at = request.session.get(SESSION_KEY, ["session", 0])
    return f"{how} {datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%MZ}" if at else how


def recently_identified(view):
    """Below @person_page. Who has to show first who she is comes back by GET: what a form held is not sent again for her."""

    @wraps(view)
    def page(request, *args, **kwargs):
        return view(request, *args, **kwargs) if is_recent(request) else _ask(request)

    return page


def _ask(request):
    if request.method not in {"GET", "HEAD"}:
        messages.info(request, _("Nothing was sent yet. Show first that it is you, then send it again."))
    asking = _address_of_step_up(page_of(request))
    return HttpResponseClientRedirect(asking) if getattr(request, "htmx", False) else redirect(asking)


def _address_of_step_up(back: str) -> str:
    return f"{reverse('privacy:step_up')}?{urlencode({'next': back})}"


def _way_back(request) -> str:
    """A path of this site, never another's (T-31)."""
    back = request.POST.get("next") or request.GET.get("next", "")
    is_ours = back.startswith("/") and back.isprintable() and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("privacy:overview")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    wrong = gettext_lazy("This is not your password.")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code from our mail"),
        help_text=gettext_lazy("Eight letters and figures."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    wrong = gettext_lazy("This is not the code of our last mail, or its ten minutes have passed.")


@open_to_hidden
@person_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request):
    back = _way_back(request)
    if request.method != "POST":
        return redirect(back) if is_recent(request) else _page(request, back)
    form = (CodeForm if "code" in request.POST else PasswordForm)(request.POST)
    try:
        how = _proof(request, form)
    except TooManyTries:
        return _page(request, back, status=429)
    if not how:
        return _page(request, back, form, status=400)
    hook("RENEW_SESSION")(request)
    if not request.user.is_authenticated:
        return sign_in_first(request)
    _remember(request, how)
    return redirect(back)


def _proof(request, form) -> str:
    """How she showed it, as a code; empty, with the form saying why, where she did not."""
    if not form.is_valid():
        return ""
    if isinstance(form, CodeForm):
        how, is_right = "mailed_code", identification.is_code(request.subject, form.cleaned_data["code"])
    else:
        how, is_right = "password", identification.is_password(request.subject, request.user, form.cleaned_data["password"])
    if not is_right:
        form.add_error(next(iter(form.fields)), form.wrong)
    return how if is_right else ""


@open_to_hidden
@person_page
@require_POST
def send_code(request):
    try:
        identification.send_code(request.subject)
    except (CodeNotSent, NoWayToIdentify, TooManyTries) as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_address_of_step_up(_way_back(request)))


def _page(request, back, form=None, status=200):
    """Both ways where she has both; a code only after she asked for one."""
    state = identification.state_of(request.subject)
    address = identification.address_of(request.subject)
    context = {
        "back": back,
        "state": state,
        "address": address,
        "password_form": _form_of(PasswordForm, form) if request.user.has_usable_password() else None,
        "code_form": _form_of(CodeForm, form) if address and state.has_code else None,
    }
    return render(request, "privacy/step_up.html", context, status=status)


def _form_of(kind, posted):
    return posted if isinstance(posted, kind) else kind()
