"""Whose pages these are: of a partner's contacts, and of those of ours who decide; to everybody else they do not exist."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404

from privacy.pages.people import person_page

from ..models import Partner

# Of ours; `manage.py appoint partners` gives it.
DECIDES = "consents.change_partner"


def decides(user) -> bool:
    return user.is_staff and user.has_perm(DECIDES)


def spoken_for(member):
    """The partners for which she speaks."""
    return Partner.objects.filter(contacts__member=member).select_related("recipient").order_by("recipient__name")


def contact_page(view):
    """A page about one partner, for who speaks for it: the slug becomes the partner."""

    @person_page
    @wraps(view)
    def page(request, partner, *args, **kwargs):
        return view(request, get_object_or_404(spoken_for(request.user), slug=partner), *args, **kwargs)

    return page


def program_page(view):
    """A page about one of its programs."""

    @contact_page
    @wraps(view)
    def page(request, partner, program, *args, **kwargs):
        return view(request, partner, get_object_or_404(partner.applications, pk=program), *args, **kwargs)

    return page


def desk_page(view):
    """A page of who decides about partners."""

    @person_page
    @wraps(view)
    def page(request, *args, **kwargs):
        if not decides(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return page
