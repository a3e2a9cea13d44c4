"""The addresses of external permissions."""

from django.urls import path

from . import details, pages

app_name = "consents"

urlpatterns = [
    path("", pages.permissions, name="permissions"),
    path("withdraw-all/", pages.withdraw_all, name="withdraw_all"),
    path("no-offers/", details.no_offers, name="no_offers"),
    path("offers-again/", details.offers_again, name="offers_again"),
    path("<slug:partner>/details/", details.partner, name="partner"),
    path("<slug:partner>/withdraw/", pages.withdraw, name="withdraw"),
    path("<slug:partner>/allow/", pages.allow, name="allow"),
    path("<slug:partner>/narrow/", pages.narrow, name="narrow"),
    path("<slug:partner>/contact/", details.contact, name="contact"),
    path("<slug:partner>/receipts/<uuid:ref>/", details.receipt, name="receipt"),
]
