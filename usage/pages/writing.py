"""What a page does with a form: read what was sent, do it, and keep what was written where it could not be done."""

from functools import wraps

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from privacy.errors import PrivacyError
from privacy.pages.people import page_of


def keeps_words(name):
    """Outside `person_page`: who was signed out meanwhile finds what she wrote in this field on the page that says so."""

    def kept(view):
        @never_cache
        @wraps(view)
        def page(request, *args, **kwargs):
            words = request.POST.get(name, "")
            if request.user.is_authenticated or not words:
                return view(request, *args, **kwargs)
            return render(request, "usage/signed_out.html", {"words": words, "back": page_of(request)}, status=403)

        return page

    return kept


def sent_in(request):
    """What was posted, also where that is nothing; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def try_to(form, act):
    """What `act(sent)` gives, or True; None where nothing right was sent, or we refuse: that stands beside what was typed."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data) or True
    except PrivacyError as refusal:
        form.add_error(None, ValidationError(refusal.sentence, code=type(refusal).__name__))
        return None


def was_refused(form, kind: type[PrivacyError]) -> bool:
    """Whether `try_to` met this refusal."""
    return form.has_error(NON_FIELD_ERRORS, kind.__name__)
