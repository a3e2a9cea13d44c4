"""The front page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from usage import listing
from usage.models import Resource

NEWEST = 6


@require_safe
def start(request):
    """What is new, and the ways in."""
    return render(request, "start.html", {"newest": listing.on_offer()[:NEWEST], "count": Resource.objects.on_offer().count()})
