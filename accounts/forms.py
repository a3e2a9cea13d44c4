"""The forms of sign-up, sign-in and change of address, where ours differ from allauth's."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.socialaccount import forms as social_forms
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from . import mailboxes
from .addresses import one_spelling
from .bans import is_banned
from .mailboxes import is_held
from .models import Member
from .welcome import welcome_at


class NeutralSignup:
    """New, known and banned addresses get the same pages; the mail tells the owner which it was."""

    def validate_unique_email(self, value):
        """Not taken is an address that somebody only wrote down: else she would keep its owner out. Both are looked up, whoever it is."""
        value = super().validate_unique_email(value)
        self.account_already_exists = is_held(value) | is_banned(value)
        return value

    def try_save(self, request):
        """Somebody may have signed up with this address since it was looked up: then it is a known one too."""
        try:
            return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class SignupForm(NeutralSignup, allauth_forms.SignupForm):
    first_name = forms.CharField(
        label=_("First name (optional)"),
        max_length=Member._meta.get_field("first_name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name (optional)"),
        max_length=Member._meta.get_field("last_name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ["email", "first_name", "last_name", "password1", "password2"]

    def try_save(self, request):
        if self.account_already_exists:
            self._take_as_long()
        return super().try_save(request)

    def _take_as_long(self):
        """Hashing is the slow part of making an account, and would tell which address is new."""
        get_user_model()().set_password(self.cleaned_data["password1"])


class SocialSignupForm(NeutralSignup, social_forms.SignupForm):
    """For who comes from a provider that told no address: it is asked as at sign-up, and has to be confirmed as there."""

    first_name = SignupForm.base_fields["first_name"]
    last_name = SignupForm.base_fields["last_name"]
    field_order = ["email", "first_name", "last_name"]


class LoginForm(allauth_forms.LoginForm):
    def clean_login(self):
        """As the address is stored; what is no address fails like any unknown one."""
        login = super().clean_login()
        try:
            return one_spelling(login)
        except ValidationError:
            return login


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def clean_email(self):
        """Whoever only wrote this address down gets no link at it: it may be a stranger's."""
        self.users = [member for member, _is_confirmed in welcome_at(get_adapter().clean_email(self.cleaned_data["email"]))]
        return self.cleaned_data["email"]


class DisconnectForm(social_forms.DisconnectForm):
    def save(self):
        """Also where the provider is no longer one of ours."""
        self.cleaned_data["account"].delete()
        get_adapter().add_message(self.request, messages.INFO, "socialaccount/messages/account_disconnected.txt")
        get_adapter().send_notification_mail("socialaccount/email/account_disconnected", self.request.user)


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Another e-mail address")

    def save(self, request):
        """The link goes out once the row is there; a second click at the same moment finds the row of the first."""
        address, is_new = mailboxes.add(self.user, self.cleaned_data["email"])
        if is_new:
            flows.email_verification.send_verification_email_to_address(request, address)
        return address
