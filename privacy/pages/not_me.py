"""(to be written)"""

from django.shortcuts import render

from .people import open_to_hidden


@open_to_hidden
def report(request, **kwargs):
    return render(request, "privacy/base.html")
