"""The addresses of this project."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="start.html"), name="start"),
    path("my-privacy/", include("privacy.urls")),
    path("permissions/", include("consents.urls")),
    path("account/", login_required(TemplateView.as_view(template_name="account.html")), name="account"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
