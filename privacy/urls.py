"""The addresses of the engine's pages; include them under a prefix of your own."""

from django.urls import path

from .pages import (
    appearance,
    asking,
    checking,
    correct,
    desk,
    download,
    erase,
    fetching,
    known,
    not_me,
    overview,
    part,
    recipients,
    requests,
    step_up,
    taking_in,
)

app_name = "privacy"

urlpatterns = [
    path("", overview.page, name="overview"),
    path("data/", known.groups, name="data"),
    path("data/<slug:activity>/", known.group, name="group"),
    path("data/<slug:activity>/<str:label>/", known.table, name="table"),
    path("recipients/", recipients.page, name="recipients"),
    path("download/", download.page, name="download"),
    path("download/part/", part.page, name="download_part"),
    path("download/<str:ref>/", fetching.fetch, name="fetch"),
    path("take-in/", taking_in.bring, name="take_in"),
    path("take-in/look/", taking_in.look, name="take_in_look"),
    path("correct/", correct.choose, name="correct"),
    path("correct/<str:label>/<str:key>/", correct.row, name="correct_row"),
    path("correct/<str:label>/<str:key>/<str:column>/", correct.statement, name="statement"),
    path("say-no/", asking.objection, name="object"),
    path("pause/", asking.restriction, name="restrict"),
    path("erase/", erase.look, name="erase"),
    path("erase/confirm/", erase.confirm, name="erase_confirm"),
    path("requests/", requests.page, name="requests"),
    path("requests/<str:ref>/", requests.one, name="request"),
    path("requests/<str:ref>/cancel/", requests.cancel, name="cancel"),
    path("is-it-you/", step_up.confirm, name="step_up"),
    path("is-it-you/code/", step_up.send_code, name="step_up_code"),
    path("not-me/<str:token>/", not_me.report, name="not_me"),
    path("check-archive/", checking.page, name="verify"),
    path("appearance/", appearance.choose, name="appearance"),
    path("desk/", desk.queue, name="desk"),
    path("desk/<str:ref>/", desk.case, name="case"),
    path("desk/<str:ref>/certificate.<str:kind>", desk.certificate, name="certificate"),
]
