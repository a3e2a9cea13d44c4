"""The addresses of external permissions."""

from django.urls import path

from . import pages

app_name = "consents"

urlpatterns = [
    path("", pages.permissions, name="permissions"),
    path("<slug:partner>/withdraw/", pages.withdraw, name="withdraw"),
    path("<slug:partner>/allow/", pages.allow, name="allow"),
]
