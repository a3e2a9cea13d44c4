"""(to be written)"""

from django.shortcuts import render

from privacy.pages.people import person_page


@person_page
def permissions(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def withdraw(request, **kwargs):
    return render(request, "privacy/base.html")


@person_page
def allow(request, **kwargs):
    return render(request, "privacy/base.html")
