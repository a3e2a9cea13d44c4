"""What the engine asks of a second factor: has she one, what counts, is it right (PRIVACY["SECOND_FACTOR"])."""

from dataclasses import dataclass

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.dispatch import receiver
from django.urls import reverse

from privacy.pages import step_up

from .authenticators import FACTORS, StepUpForm, factors_of

# How allauth names a kind -> how a request says by what she was identified.
SHOWN_BY = {
    Authenticator.Type.TOTP: "totp",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery_code",
}


@dataclass(frozen=True)
class SecondFactor:
    """Of one member, in one session."""

    request: object
    user: object
    kinds: set[str]

    @property
    def takes_code(self) -> bool:
        return bool(self.kinds - {Authenticator.Type.WEBAUTHN})

    @property
    def page(self) -> str:
        """Where she shows her passkey."""
        return reverse("mfa_reauthenticate_webauthn") if Authenticator.Type.WEBAUTHN in self.kinds else ""

    @property
    def signed_in_by(self) -> str:
        records = get_authentication_records(self.request, self.user)
        return next((SHOWN_BY[record["type"]] for record in reversed(records) if record["method"] == "mfa"), "")

    def check(self, typed: str) -> str:
        form = StepUpForm(user=self.user, data={"code": typed})
        if not form.is_valid():
            return ""
        form.save()
        return SHOWN_BY[form.authenticator.type]


def second_factor(request, user) -> SecondFactor | None:
    kinds = factors_of(user)
    return SecondFactor(request, user, kinds) if kinds else None


@receiver(authenticator_used, dispatch_uid="accounts.passkey_shown")
def _passkey_shown(sender, request, authenticator, reauthenticated, **kwargs):
    """On allauth's page of its own; what is typed comes by `check`."""
    if reauthenticated and authenticator.type == Authenticator.Type.WEBAUTHN:
        step_up.accept(request, SHOWN_BY[authenticator.type])


@receiver(authenticator_added, dispatch_uid="accounts.factor_added")
def _factor_added(sender, request, authenticator, **kwargs):
    """Who adds one has just shown it, and need not show it again to read her recovery codes."""
    if authenticator.type in FACTORS:
        step_up.accept(request, SHOWN_BY[authenticator.type])
