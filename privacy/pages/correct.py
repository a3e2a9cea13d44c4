"""(to be written)"""

from django.shortcuts import render

from .people import person_page


@person_page
def choose(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def row(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def statement(request, **kwargs):
    return render(request, "privacy/base.html")
