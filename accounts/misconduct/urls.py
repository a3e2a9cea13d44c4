"""The addresses of moderators, of the custodian, and of who objects."""

from django.urls import path

from . import custody, moderation, pages

app_name = "misconduct"

urlpatterns = [
    path("", moderation.find, name="find"),
    path("member/<uuid:key>/", moderation.member, name="member"),
    path("member/<uuid:key>/ban/", moderation.ban, name="ban"),
    path("banned/", custody.bans, name="bans"),
    path("banned/<int:key>/", custody.one, name="one"),
    path("banned/<int:key>/address/", custody.read, name="read"),
    path("banned/<int:key>/<slug:what>/", custody.decide, name="decide"),
    path("object/<str:token>/", pages.object_to_ban, name="object"),
    path("proven/", pages.proven, name="proven"),
]
