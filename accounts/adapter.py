"""Decisions about sign-in: what we answer tells nobody who has an account or who is banned; only the mailbox's owner learns more."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal import flows
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from privacy.conf import setting

from . import notices
from .addresses import one_spelling
from .bans import is_banned, is_kept_out, is_refused_at
from .mailboxes import is_held_by_another

# Seconds that what nobody finished stays in its session, be it a sign-up or a mailed code: it holds the address, and no record leads to it.
UNFINISHED = 24 * 60 * 60
REFUSED = "account/email/refused"
# In the session of who is on her way in: a digest of her password's hash.
BEGAN_UNDER = "accounts.began_under"


class AccountAdapter(DefaultAccountAdapter):
    """Each override names what it hides; tests/test_accounts_neutral.py compares the pages byte for byte."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail address or the password is not right, or the address is not confirmed yet. In that case we sent a new link to it."
        ),
        "incorrect_code": _("This is not the code of our last mail, or its ten minutes have passed."),
        "duplicate_email": _("This address is in your list already."),
        "max_email_addresses": _("An account holds at most %d addresses. Remove one first."),
    }

    def format_email_subject(self, subject):
        """Without the host in front: who writes stands in the sender."""
        return str(subject)

    def send_mail(self, template_prefix, email, context):
        """Signed with the platform's name and site, as our other letters, and not with the host that was asked.

        Whom a ban keeps out gets one letter, whatever was tried and at whichever address of hers: she reads why, and no link, no code.
        """
        self.post(REFUSED if is_refused_at(email) else template_prefix, email, context)

    def post(self, prefix, email, context):
        """This letter and no other, whoever reads mail there."""
        site = SimpleNamespace(name=setting("CONTROLLER")["name"], domain=urlsplit(settings.PRIVACY["SITE"]).netloc)
        self.render_mail(prefix, email, {"request": self.request, "email": email, "current_site": site, **context}).send()

    def clean_email(self, email):
        """Also called where a password is reset, so a ban must not show here."""
        return one_spelling(super().clean_email(email))

    def save_user(self, request, user, form, commit=True):
        """The password is hashed before the transaction, in which SQLite would let nobody else write."""
        user = super().save_user(request, user, form, commit=False)
        user.language = (get_language() or user.language)[:2]
        if commit:
            with transaction.atomic():
                user.save()
        return user

    def authentication_failed(self, request, **credentials):
        """Who made the account and has not confirmed it yet gets a new link; what the page says does not depend on it (T-02)."""
        member = getattr(request, "unconfirmed", None)
        if member:
            self._send_new_link(request, member, credentials.get("email"))

    def _send_new_link(self, request, user, email):
        """To the address that she typed: another of hers may be confirmed long since."""
        address = user.emailaddress_set.filter(email=email).first() or flows.manage_email.sync_user_email_address(user)
        if address and flows.email_verification.handle_verification_email_rate_limit(request, address.email):
            address.send_confirmation(request)

    def pre_login(self, request, user, **kwargs):
        """The first step of every way in: the session remembers under which password it began."""
        request.session[BEGAN_UNDER] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """The last step of every way in: password, code, passkey, second step, link or another place (T-16).

        A new password ends what waits at the second step, as it ends sessions.
        """
        if is_kept_out(user):
            raise ImmediateHttpResponse(self.answer_by_mail(request, user.email))
        if not constant_time_compare(request.session.pop(BEGAN_UNDER, ""), user.get_session_auth_hash()):
            clear_login(request)
            raise ImmediateHttpResponse(redirect("account_login"))
        if request.session.get_expiry_age() == UNFINISHED:
            request.session.set_expiry(None)
        super().login(request, user)

    def answer_by_mail(self, request, address):
        """The page of a sign-up; what became of it stands in a letter to the address."""
        clear_login(request)
        return flows.signup.prevent_enumeration(request, email=address)

    def respond_email_verification_sent(self, request, user):
        self.forget_unfinished(request)
        return super().respond_email_verification_sent(request, user)

    def forget_unfinished(self, request):
        """What somebody filled in who is nobody yet stays a day at most."""
        request.session.set_expiry(UNFINISHED)

    def send_password_reset_mail(self, user, email, context):
        """To the address on record and not as it was typed (forms.ResetPasswordForm chose whose it is)."""
        super().send_password_reset_mail(user, one_spelling(email), context)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """As all mail about the account: in her language, without a network address."""
        notices.send(template_prefix, user, request=self.request, to=email or "", **(context or {}))

    def confirm_email(self, request, email_address):
        """The last line: refuses an address that was banned after its link went out, or that another account holds."""
        try:
            if not (is_banned(email_address.email) or is_held_by_another(email_address.user, email_address.email)):
                with transaction.atomic():
                    return super().confirm_email(request, email_address)
        except IntegrityError:
            pass  # the database knows this address as another account's; it goes on to the refusal
        self.add_message(request, messages.ERROR, "account/messages/email_refused.txt", {"email": email_address.email})
        return False
