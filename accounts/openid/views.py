"""To the provider and back: a question that only a press of our button asks, and a page of ours for every answer."""

from functools import wraps

from allauth.account.internal.decorators import login_not_required
from allauth.core import ratelimit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from privacy.pages.people import person_page
from privacy.pages.step_up import recently_identified

from .provider import FAILURES, Adapter


class CallbackView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        """The adapter compares the answer with what we asked."""
        asked, refusal = super()._get_state(request, provider)
        self.adapter.asked = asked or {}
        return asked, refusal


def _page_of_provider(view):
    """404 without such a provider; a failure of the provider, or of two answers at once, becomes a page."""

    @wraps(view)
    def page(request, provider_id):
        adapter = Adapter(request, provider_id)
        try:
            provider = adapter.get_provider()
        except SocialApp.DoesNotExist:
            raise Http404 from None
        try:
            return view(request, adapter, provider)
        except (*FAILURES, IntegrityError) as error:
            return render_authentication_error(request, provider, exception=error)

    return login_not_required(page)


@require_http_methods(["GET", "POST"])
@_page_of_provider
def login(request, adapter, provider):
    """She who is signed in adds a way to sign in: first she shows that it is she (T-07)."""
    process = request.POST.get("process") or request.GET.get("process")
    ask = person_page(recently_identified(_ask)) if process == AuthProcess.CONNECT else _ask
    return ask(request, adapter, provider)


def _ask(request, adapter, provider):
    """A page that goes on by itself instead of a redirect: after a form, `form-action 'self'` lets no redirect leave this site."""
    if request.method == "POST" and (refusal := ratelimit.consume_or_429(request, action="login")):
        return refusal
    answer = OAuth2LoginView.adapter_view(adapter)(request)
    if answer.status_code != 302:
        return answer
    return render(request, "socialaccount/going.html", {"provider": provider, "there": answer.url})


@require_safe
@_page_of_provider
def callback(request, adapter, provider):
    return CallbackView.adapter_view(adapter)(request)
