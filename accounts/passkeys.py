"""The forms of passkeys: a name that she gives, and what her browser sends, which may be anything."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters. A passkey with the statement of its maker is some thousands.
MOST_CHARACTERS = 40_000
# What the libraries below raise on what no passkey ever made.
NONSENSE = (AttributeError, IndexError, KeyError, NotImplementedError, OverflowError, RecursionError, TypeError, ValueError)


class CredentialField(forms.JSONField):
    """An object of reasonable size and depth; what was sent is never shown again, since each answers one question."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            found = super().to_python(value if len(value or "") <= MOST_CHARACTERS else "")
        except (RecursionError, ValidationError):
            found = None
        if not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data, initial):
        return initial


def refusing_nonsense(clean):
    def careful(form):
        try:
            return clean(form)
        except ValidationError:
            raise
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None

    return careful


class NameField(forms.CharField):
    def __init__(self):
        super().__init__(label=_("Name of this passkey"), help_text=_("So that you know it again: “my telephone”."), max_length=50)


class AddForm(allauth_forms.AddWebAuthnForm):
    name = NameField()
    passwordless = forms.BooleanField(label=_("Sign in with this passkey alone, without a password"), required=False, initial=True)
    credential = CredentialField()
    field_order = ["name", "passwordless", "credential"]

    clean = refusing_nonsense(allauth_forms.AddWebAuthnForm.clean)


class RenameForm(allauth_forms.EditWebAuthnForm):
    name = NameField()


class SecondStepForm(allauth_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()

    clean_credential = refusing_nonsense(allauth_forms.AuthenticateWebAuthnForm.clean_credential)


class SignInForm(allauth_forms.LoginWebAuthnForm):
    credential = CredentialField()

    clean_credential = SecondStepForm.clean_credential


class StepUpForm(allauth_forms.ReauthenticateWebAuthnForm):
    credential = CredentialField()

    clean_credential = SecondStepForm.clean_credential
