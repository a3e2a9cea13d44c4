"""The addresses of this project."""

from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="start.html"), name="start"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
