"""Is it really you? Asked where much is at stake, when the last proof is older than PRIVACY["STEP_UP_SECONDS"] (T-07).

Who has a second factor shows that one: her password or a mailed code no longer counts, nor a sign-in that went without it.
"""

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
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from ..casework import identification
from ..conf import hook, setting
from ..errors import CodeNotSent, NoWayToIdentify, TooManyTries
from .forms import form_page
from .people import open_to_hidden, page_of, person_page, sign_in_first

# In the session: how she showed who she is, and when (seconds since 1970).
SESSION_KEY = "privacy.identified"
# What counts only for who has no second factor.
WEAK = {"sign_in", "password", "mailed_code"}


@receiver(user_logged_in, dispatch_uid="privacy.identified")
def _remember_sign_in(sender, request, user, **kwargs):
    """Signing in counts; a session that was only resumed sends no such signal."""
    if hasattr(request, "session"):
        factor = hook("SECOND_FACTOR")(request, user)
        _remember(request, (factor and factor.signed_in_by) or "sign_in")


def _remember(request, how):
    request.session[SESSION_KEY] = [how, timezone.now().timestamp()]


def _factor(request):
    return hook("SECOND_FACTOR")(request, request.user)


def accept(request, how: str) -> None:
    """She showed that it is she, on a page of the host's (`SecondFactor.page`); the session gets a new key."""
    hook("RENEW_SESSION")(request)
    if request.user.is_authenticated:
        _remember(request, how)


def is_recent(request) -> bool:
    """The question for a second factor comes last: it costs a query, and one that was added meanwhile counts from that moment on."""
    how, at = request.session.get(SESSION_KEY, ["", 0])
    is_fresh = 0 <= timezone.now().timestamp() - at < setting("STEP_UP_SECONDS")
    return is_fresh and not (how in WEAK and _factor(request))


def identified_at(request) -> datetime:
    """When she last showed in this session that it is she."""
    return datetime.fromtimestamp(request.session.get(SESSION_KEY, ["", 0])[1], UTC)


def evidence(request) -> str:
    """How and when she showed that it is she, for a request's `identified_by`: "password 2026-11-23T18:30Z"; "session" if never."""
    how, at = request.session.get(SESSION_KEY, ["session", 0])
    return f"{how} {datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%MZ}" if at else how


def recently_identified(view):
    """Below @person_page. Who has to show first who she is comes back by GET: what a form held is not sent again for her."""

    @wraps(view)
    def page(request, *args, **kwargs):
        return view(request, *args, **kwargs) if is_recent(request) else ask(request)

    return page


def ask(request):
    """To the page on which she shows that it is she, and back."""
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


class FactorForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("A code from your app"),
        help_text=gettext_lazy("Six figures. One of your recovery codes works too, once."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )
    wrong = gettext_lazy("This is not the code of this moment, or it was used before. Wait for a new one in your app.")


@open_to_hidden
@person_page
@form_page
def confirm(request):
    back = _way_back(request)
    if request.method != "POST":
        return redirect(back) if is_recent(request) else _page(request, back)
    factor = _factor(request)
    form = _form_for(request, factor)
    try:
        how = _proof(request, form, factor)
    except TooManyTries:
        return _page(request, back, status=429)
    if not how:
        return _page(request, back, form, status=400)
    accept(request, how)
    return redirect(back) if request.user.is_authenticated else sign_in_first(request)


def _form_for(request, factor):
    kind = FactorForm if factor else CodeForm if "code" in request.POST else PasswordForm
    return kind(request.POST)


def _proof(request, form, factor) -> str:
    """How she showed it, as a code; empty, with the form saying why, where she did not."""
    how = _how(request, form, factor) if form.is_valid() else ""
    if form.is_valid() and not how:
        form.add_error(next(iter(form.fields)), form.wrong)
    return how


def _how(request, form, factor) -> str:
    subject, typed = request.subject, next(iter(form.cleaned_data.values()))
    if factor:
        return identification.shown_by(subject, factor.check, typed)
    if isinstance(form, CodeForm):
        return "mailed_code" if identification.is_code(subject, typed) else ""
    return "password" if identification.is_password(subject, request.user, typed) else ""


@open_to_hidden
@person_page
@require_POST
def send_code(request):
    """None to who has a second factor: it would prove nothing."""
    try:
        if not _factor(request):
            identification.send_code(request.subject)
    except (CodeNotSent, NoWayToIdentify, TooManyTries) as refusal:
        messages.error(request, refusal.sentence)
    return redirect(_address_of_step_up(_way_back(request)))


def _page(request, back, form=None, status=200):
    """Her second factor where she has one; else both other ways where she has both, a code only after she asked for one."""
    factor = _factor(request)
    ways = _with_factor(factor, form, back) if factor else _without_factor(request, form)
    context = {"back": back, "state": identification.state_of(request.subject), "has_factor": bool(factor)} | ways
    return render(request, "privacy/step_up.html", context, status=status)


def _with_factor(factor, form, back):
    return {
        "factor_form": _form_of(FactorForm, form) if factor.takes_code else None,
        "factor_page": factor.page and f"{factor.page}?{urlencode({'next': back})}",
    }


def _without_factor(request, form):
    address = identification.address_of(request.subject)
    has_code = address and identification.state_of(request.subject).has_code
    return {
        "address": address,
        "password_form": _form_of(PasswordForm, form) if request.user.has_usable_password() else None,
        "code_form": _form_of(CodeForm, form) if has_code else None,
    }


def _form_of(kind, posted):
    return posted if isinstance(posted, kind) else kind()
