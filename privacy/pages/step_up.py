"""(to be written)"""

from django.shortcuts import render

from .people import person_page


@person_page
def confirm(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def send_code(request, **kwargs):
    return render(request, "privacy/base.html")


def recently_identified(view):
    return view


def evidence(request) -> str:
    return "session"
