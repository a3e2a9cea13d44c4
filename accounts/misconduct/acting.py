"""What these pages do with a form: what was typed is never lost, whatever we refuse."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from privacy.errors import PrivacyError
from privacy.pages.step_up import is_recent


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


def is_unproven(request, form) -> bool:
    """Whether what was sent has to wait: she showed too long ago that it is she, and does so in another tab."""
    if not form.is_bound or is_recent(request):
        return False
    page = f"{reverse('privacy:step_up')}?{urlencode({'next': reverse('misconduct:proven')})}"
    sentence = _(
        'Show first <a href="{page}" target="_blank">in another tab</a> that it is you, then send this again. What you wrote stays here.'
    )
    form.add_error(None, format_html(sentence, page=page))
    return True
