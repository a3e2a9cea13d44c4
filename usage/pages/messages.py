"""What members write to each other: the list, and one conversation."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page

from .. import conversing, messaging
from ..errors import MemberGone
from ..forms import MessageForm
from .writing import keeps_words, sent_in, try_to

PER_PAGE = 20


@require_safe
@person_page
def conversations(request):
    page = nearest_page(conversing.numbers(request.user), request.GET.get("page", "1"), size=PER_PAGE)
    return render(request, "usage/messages.html", {"page": page, "conversations": conversing.told(request.user, list(page))})


@require_http_methods(["GET", "POST"])
@keeps_words("text")
@person_page
def conversation(request, number):
    """Opening it marks as read what she received; the page still shows what was new."""
    talk, said = conversing.one(request.user, number) or _nobody()
    form = MessageForm(sent_in(request))
    if try_to(form, lambda written: _answer(request.user, talk, **written)):
        messages.success(request, _("Your message is sent."))
        return redirect("usage:conversation", number)
    page = nearest_page(said, request.GET.get("page", "1"), size=PER_PAGE)
    context = {"talk": talk, "page": page, "said": list(page), "form": form}
    messaging.read(request.user, number)
    return render(request, "usage/conversation.html", context, status=400 if form.is_bound else 200)


def _nobody():
    raise Http404


def _answer(member, talk, text):
    if talk.other is None:
        raise MemberGone
    return messaging.send(member, talk.other.pk, text)
