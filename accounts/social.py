"""Decisions about signing in elsewhere: whose account it opens, and whose it never does."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.utils import has_verified_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .addresses import one_spelling
from .bans import is_banned, is_kept_out
from .models import Member
from .reclaiming import reclaim


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """What a provider says of an address opens no account that somebody confirmed: she signs in and connects it there (decision 45)."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("You could no longer sign in. Choose a password first, then remove this."),
        "no_verified_email": _("You could no longer sign in. Confirm your e-mail address first, then remove this."),
    }

    def list_apps(self, request, provider=None, client_id=None):
        """From the settings alone, without a question to the database on each page."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def new_user(self, request, sociallogin):
        """We write to her in the language that she reads here; an address is one that our own sign-up would take."""
        member = super().new_user(request, sociallogin)
        member.language = (get_language() or member.language)[:2]
        sociallogin.email_addresses = [address for address in sociallogin.email_addresses if _spell(address)]
        return member

    def save_user(self, request, sociallogin, form=None):
        """Member, address and way in together: of two answers at once, one makes an account and the other a page that says to try again."""
        with transaction.atomic():
            return super().save_user(request, sociallogin, form)

    def pre_social_login(self, request, sociallogin):
        """A ban is asked for once, of all addresses that the provider named, and the first of them becomes the account's (T-16)."""
        given, is_existing = sociallogin.email_addresses, sociallogin.is_existing
        is_out = is_banned(*(address.email for address in given)) or (is_existing and is_kept_out(sociallogin.user))
        del given[1:]
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            if is_out:
                raise ImmediateHttpResponse(self._refuse_to_connect(request))
        elif is_existing:
            if is_out:
                raise ImmediateHttpResponse(get_account_adapter(request).answer_by_mail(request, sociallogin.user.email))
        else:
            get_account_adapter(request).forget_unfinished(request)
            if given:
                self._recognise(request, sociallogin, given[0], is_out)

    def _refuse_to_connect(self, request):
        """As with what another connected: why, the page tells nobody (T-17)."""
        get_account_adapter(request).add_message(request, messages.ERROR, "socialaccount/messages/account_connected_other.txt")
        return redirect("socialaccount_connections")

    def _recognise(self, request, sociallogin, claim, is_out):
        """Banned or in use: a letter says so, and the page of a sign-up tells nobody which. After the same questions, whoever it is (T-17).

        An account that nobody ever confirmed becomes hers, where the provider confirms that the address is.
        """
        member = next(iter(Member.objects.known_by(claim.email)), None)
        is_confirmed = has_verified_email(member or Member(email=claim.email))
        if is_out or (member and (is_confirmed or not claim.verified)):
            raise ImmediateHttpResponse(get_account_adapter(request).answer_by_mail(request, claim.email))
        if claim.verified:
            drawn = sociallogin.user
            member = reclaim(claim.email, first_name=drawn.first_name, last_name=drawn.last_name)
            if member:
                sociallogin.connect(request, member)


def _spell(address) -> bool:
    try:
        address.email = one_spelling(address.email)
    except ValidationError:
        return False
    return True
