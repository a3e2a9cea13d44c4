"""The engine's pages, under a prefix of the library's own."""

from django.urls import include, path

urlpatterns = [path("my-data/", include("privacy.urls"))]
