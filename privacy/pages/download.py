"""(to be written)"""

from django.shortcuts import render

from .people import person_page


@person_page
def page(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def fetch(request, **kwargs):
    return render(request, "privacy/base.html")
