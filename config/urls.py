"""The addresses of this project."""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from accounts import email_page
from accounts.sign_in_pages import end_session, sessions, show_passkey
from privacy.pages.people import person_page
from privacy.pages.step_up import recently_identified

from . import pages

# One gate: what allauth would accept as proof is not what we would.
to_step_up = RedirectView.as_view(pattern_name="privacy:step_up", query_string=True)


def after_step_up(route, view, name):
    """Who changes these can show afterwards to be her: first she shows that she is (T-07, T-08)."""
    return path(route, person_page(recently_identified(view)), name=name)


urlpatterns = [
    path("", pages.start, name="start"),
    path("my-privacy/", include("privacy.urls")),
    path("permissions/", include("consents.urls")),
    path("partners/", include("consents.registration.urls")),
    path("elsewhere/", include("consents.transfer.urls")),
    path("transfer/v1/", include("consents.transfer.api_urls")),
    path("profile/", include("accounts.urls")),
    path("moderation/", include("accounts.misconduct.urls")),
    path("account/", login_required(TemplateView.as_view(template_name="account.html")), name="account"),
    after_step_up("account/email/", email_page.page, "account_email"),
    after_step_up("account/password/change/", account.password_change, "account_change_password"),
    after_step_up("account/password/set/", account.password_set, "account_set_password"),
    after_step_up("account/3rdparty/", social.connections, "socialaccount_connections"),
    after_step_up("account/2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    after_step_up("account/2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    after_step_up("account/2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    after_step_up("account/2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    after_step_up("account/2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    after_step_up("account/2fa/webauthn/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    after_step_up("account/2fa/webauthn/keys/<int:pk>/edit/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    after_step_up("account/2fa/webauthn/keys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    path("account/reauthenticate/", to_step_up, name="account_reauthenticate"),
    path("account/2fa/reauthenticate/", to_step_up, name="mfa_reauthenticate"),
    path("account/2fa/webauthn/reauthenticate/", person_page(show_passkey), name="mfa_reauthenticate_webauthn"),
    path("account/sessions/", person_page(sessions), name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", person_page(end_session), name="end_session"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("privacy.well_known")),
    path("", include("consents.oidc.urls")),
    path("", include("consents.signals.urls")),
    path("", include("usage.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
