"""The addresses of a member's own profile, and of the photos that members show."""

from django.urls import path

from . import pages
from .misconduct.pages import notices

app_name = "accounts"

urlpatterns = [
    path("", pages.profile, name="profile"),
    path("photo/", pages.upload, name="upload"),
    path("photo/<uuid:key>/", pages.photo, name="photo"),
    path("notices/", notices, name="notices"),
    path("withdraw/", pages.withdraw, name="withdraw"),
]
