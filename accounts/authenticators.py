"""The second factor: its secrets sealed at rest, its codes good once."""

import hashlib
from base64 import urlsafe_b64encode

import qrcode
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathImage

from privacy.conf import setting

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AuthenticatorAdapter(DefaultMFAAdapter):
    """Where ours differs from allauth's: sealing, names, and one way to say what is wrong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This is not right, or it was used before. Try a new code, or your passkey once more."),
    }

    def encrypt(self, text: str) -> str:
        """Under the newest of AUTHENTICATOR_KEYS, which the database does not hold."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return setting("CONTROLLER")["name"]

    def _get_site_name(self) -> str:
        """Who asks for a passkey, in the browser's own window."""
        return setting("CONTROLLER")["name"]

    def build_totp_svg(self, url: str) -> str:
        """To stand in the page itself: no address holds the secret, and the content policy allows no `data:` image."""
        return qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode")

    def generate_authenticator_name(self, user, type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def _seal() -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in settings.AUTHENTICATOR_KEYS])


def factors_of(user) -> set[str]:
    """The kinds that protect this account; recovery codes alone are none."""
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return kinds if kinds & set(FACTORS) else set()


class Once:
    """A code of the app is refused the second time. allauth remembers it for one step of 30 seconds, and our tolerance spans three."""

    def clean_code(self):
        code = super().clean_code()
        if not first_use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


def first_use(user, code: str) -> bool:
    """Of many at once one is the first: the cache's key is unique in the database."""
    used = hashlib.sha256(f"{user.pk}:{normalize_user_code(code)}".encode()).hexdigest()
    return cache.add(f"accounts.code.{used}", "", timeout=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))


class _CodeField:
    """Said in our words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = self.label, self.help_text
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class ActivateAppForm(Once, _CodeField, ActivateTOTPForm):
    label = gettext_lazy("The code that your app shows")
    help_text = gettext_lazy("Six figures, new every half minute.")


class SignInForm(Once, _CodeField, allauth_forms.AuthenticateForm):
    label = gettext_lazy("Code")
    help_text = gettext_lazy("Six figures from your app, or one of your recovery codes.")

    def clean_code(self):
        """Beside allauth's five in five minutes: who has her password must not try a day long (T-13)."""
        counted = {"action": "second_step", "key": str(self.user.pk)}
        if not ratelimit.consume(context.request, **counted):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        ratelimit.clear(context.request, **counted)
        return code


class StepUpForm(Once, _CodeField, allauth_forms.ReauthenticateForm):
    label, help_text = SignInForm.label, SignInForm.help_text
