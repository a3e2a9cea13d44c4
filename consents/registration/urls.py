"""The addresses of partners' contacts and of who decides about partners."""

from django.urls import path

from . import contract, desk, pages

app_name = "portal"

urlpatterns = [
    path("", pages.mine, name="mine"),
    path("register/", pages.register, name="register"),
    path("openapi.yaml", contract.openapi, name="openapi"),
    path("desk/", desk.desk, name="desk"),
    path("desk/proposals/<int:key>/", desk.proposal, name="proposal"),
    path("desk/proposals/<int:key>/approve/", desk.approve, name="approve"),
    path("desk/partners/<slug:partner>/", desk.of_partner, name="of_partner"),
    path("desk/partners/<slug:partner>/publish/", desk.publish, name="publish"),
    path("desk/partners/<slug:partner>/end/", desk.end, name="end"),
    path("of/<slug:partner>/", pages.partner, name="partner"),
    path("of/<slug:partner>/change/", pages.change, name="change"),
    path("of/<slug:partner>/log/", pages.log, name="log"),
    path("of/<slug:partner>/programs/new/", pages.add_program, name="add_program"),
    path("of/<slug:partner>/programs/<int:program>/", pages.program, name="program"),
    path("of/<slug:partner>/programs/<int:program>/secret/", pages.rotate, name="rotate"),
    path("of/<slug:partner>/programs/<int:program>/earlier-secret/", pages.end_secret, name="end_secret"),
    path("of/<slug:partner>/programs/<int:program>/log/", pages.signals, name="signals"),
    path("of/<slug:partner>/programs/<int:program>/test/", pages.test_event, name="test_event"),
]
