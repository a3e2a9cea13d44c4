"""The addresses of this project."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import TemplateView

from accounts import email_page
from privacy.pages.people import person_page
from privacy.pages.step_up import recently_identified

urlpatterns = [
    path("", TemplateView.as_view(template_name="start.html"), name="start"),
    path("my-privacy/", include("privacy.urls")),
    path("permissions/", include("consents.urls")),
    path("profile/", include("accounts.urls")),
    path("account/", login_required(TemplateView.as_view(template_name="account.html")), name="account"),
    # Who changes these can show afterwards to be her: first she shows that she is (T-07, T-08).
    path("account/email/", person_page(recently_identified(email_page.page)), name="account_email"),
    path("account/password/set/", person_page(recently_identified(account.password_set)), name="account_set_password"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
