"""Pages that everybody may look at, signed in or not."""

from functools import wraps

from privacy.errors import PrivacyError
from privacy.pages.people import refused, subject_of


def open_page(view):
    """`request.subject` is who looks, or None; a refusal of ours becomes a page that says why."""

    @wraps(view)
    def page(request, *args, **kwargs):
        request.subject = subject_of(request.user)
        try:
            return view(request, *args, **kwargs)
        except PrivacyError as refusal:
            return refused(request, refusal)

    return page
