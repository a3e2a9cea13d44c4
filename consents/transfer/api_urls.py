"""The addresses that senders call (docs/transfer.openapi.yaml)."""

from django.urls import path

from . import api

app_name = "transfer_api"

urlpatterns = [
    path("takes", api.takes, name="takes"),
    path("transfers", api.begin, name="begin"),
    path("transfers/<uuid:ref>", api.one, name="transfer"),
    path("transfers/<uuid:ref>/files/<path:name>", api.put, name="put"),
    path("transfers/<uuid:ref>/end", api.end, name="end"),
]
