"""The addresses of shared signals (docs/signals.md)."""

from django.urls import path

from . import well_known
from .api import api

urlpatterns = [
    path("ssf/", api.urls),
    path(".well-known/ssf-configuration", well_known.configuration, name="ssf_configuration"),
    path("secevent/<slug:kind>", well_known.event, name="secevent"),
]
