"""The addresses of the platform."""

from django.urls import path

from .pages import (
    download,
    feedback,
    folders,
    following,
    listing,
    members,
    messages,
    opinions,
    publishing,
    recommending,
    resource,
    traces,
)

app_name = "usage"

urlpatterns = [
    path("members/<uuid:key>/", members.member, name="member"),
    path("members/<uuid:key>/follow/", members.follow, name="follow"),
    path("members/<uuid:key>/unfollow/", members.unfollow, name="unfollow"),
    path("members/<uuid:key>/write/", members.write, name="write"),
    path("messages/", messages.conversations, name="messages"),
    path("messages/<uuid:number>/", messages.conversation, name="conversation"),
    path("following/", following.followed, name="following"),
    path("for-you/", recommending.for_you, name="for_you"),
    path("for-you/switch/", recommending.switch, name="switch_suggestions"),
    path("history/", traces.history, name="history"),
    path("history/<slug:word>/", traces.history, name="history"),
    path("history/<slug:word>/forget/", traces.forget_all, name="forget_all"),
    path("history/<slug:word>/<int:key>/forget/", traces.forget, name="forget"),
    path("account/sign-ins/", traces.sign_ins, name="sign_ins"),
    path("feedback/", feedback.write, name="feedback"),
    path("feedback/received/", feedback.desk, name="feedback_desk"),
    path("feedback/received/<int:key>/", feedback.answer, name="answer"),
    path("feedback/received/<int:key>/settle/", feedback.settle, name="settle"),
    path("material/", listing.resources, name="resources"),
    path("material/search/", listing.search, name="search"),
    path("material/new/", publishing.publish, name="publish"),
    path("material/<int:key>/", resource.resource, name="resource"),
    path("material/<int:key>/download/", download.download, name="download"),
    path("material/<int:key>/change/", publishing.change, name="change"),
    path("material/<int:key>/take-back/", publishing.withdraw, name="withdraw"),
    path("material/<int:key>/score/", opinions.score, name="score"),
    path("material/<int:key>/comment/", opinions.comment, name="comment"),
    path("material/<int:key>/keep/", opinions.keep, name="keep"),
    path("comments/<uuid:key>/remove/", opinions.remove_comment, name="remove_comment"),
    path("folders/", folders.folders, name="folders"),
    path("folders/<int:key>/", folders.folder, name="folder"),
    path("folders/<int:key>/remove/", folders.remove, name="remove_folder"),
    path("folders/kept/<uuid:key>/", folders.favourite, name="favourite"),
    path("folders/kept/<uuid:key>/remove/", folders.remove_favourite, name="remove_favourite"),
]
