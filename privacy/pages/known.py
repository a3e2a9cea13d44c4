"""(to be written)"""

from django.shortcuts import render

from .people import person_page


@person_page
def groups(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def group(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def table(request, **kwargs):
    return render(request, "privacy/base.html")
