"""The addresses of taking data elsewhere, and of what came from elsewhere."""

from django.urls import path

from . import pages

app_name = "transfer"

urlpatterns = [
    path("", pages.choose, name="choose"),
    path("back/", pages.back, name="back"),
    path("to/<slug:receiver>/", pages.start, name="start"),
    path("out/<uuid:ref>/", pages.outgoing, name="outgoing"),
    path("out/<uuid:ref>/stop/", pages.stop, name="stop"),
    path("out/<uuid:ref>/receipt/", pages.outgoing_receipt, name="outgoing_receipt"),
    path("in/<uuid:ref>/", pages.incoming, name="incoming"),
    path("in/<uuid:ref>/stop/", pages.stop_incoming, name="stop_incoming"),
    path("in/<uuid:ref>/receipt/", pages.incoming_receipt, name="incoming_receipt"),
]
