"""The forms of sign-up, sign-in and change of address, where ours differ from allauth's."""

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from .addresses import one_spelling
from .bans import is_banned
from .models import Member


class SignupForm(allauth_forms.SignupForm):
    """New, known and banned addresses get the same pages; the mail tells the owner which it was."""

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

    def validate_unique_email(self, value):
        value = super().validate_unique_email(value)
        self.account_already_exists |= is_banned(value)
        return value

    def try_save(self, request):
        """Somebody may have signed up with this address since it was looked up: then it is a known one too."""
        if self.account_already_exists:
            self._take_as_long()
        try:
            return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def _take_as_long(self):
        """Hashing is the slow part of making an account, and would tell which address is new."""
        get_user_model()().set_password(self.cleaned_data["password1"])


class LoginForm(allauth_forms.LoginForm):
    def clean_login(self):
        """As the address is stored; what is no address fails like any unknown one."""
        login = super().clean_login()
        try:
            return one_spelling(login)
        except ValidationError:
            return login


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")

    def save(self, request):
        """A second click at the same moment finds the row of the first."""
        try:
            return super().save(request)
        except IntegrityError:
            return self.user.emailaddress_set.get(email=self.cleaned_data["email"])
