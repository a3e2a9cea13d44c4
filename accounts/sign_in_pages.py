"""The pages of an account that allauth has not, or not as we need them."""

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import list_usersessions
from django.contrib import messages
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.pages.forms import form_page

from .sessions import living_sessions


class ShowPasskey(ReauthenticateWebAuthnView):
    """Part of the engine's question who she is; who did not manage is asked again, on the same way."""

    def form_invalid(self, form):
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        return redirect(self.passthrough_next_url(self.request.path))


show_passkey = ShowPasskey.as_view()


def _tell_of_sign_out(request):
    """Django says so of this session alone; who was signed in there may be at a partner by now."""
    user_logged_out.send(sender=type(request.user), request=request, user=request.user)


@form_page
def sessions(request):
    """allauth ends all but this one; its list asks several queries for each."""
    if request.method == "POST":
        ended = list_usersessions(request)
        _tell_of_sign_out(request)
        return ended
    here = request.session.session_key
    return render(request, "usersessions/usersession_list.html", {"sessions": living_sessions(request.user, here=here)})


@require_POST
def end_session(request, pk):
    """One of her own; this very one ends by signing out."""
    with transaction.atomic():
        session = get_object_or_404(UserSession.objects.filter(user=request.user), pk=pk)
        if session.session_key == request.session.session_key:
            return redirect("account_logout")
        session.end()
        _tell_of_sign_out(request)
    messages.success(request, _("That session has ended. If it was not yours, change your password too."))
    return redirect("usersessions_list")
