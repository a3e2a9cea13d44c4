"""The addresses of the platform."""

from django.urls import path

from .pages import feedback, following, members, messages, recommending, traces

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
]
