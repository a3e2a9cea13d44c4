"""A member as others meet her."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page

from .. import following, members, messaging, published
from ..errors import NotOneself
from ..forms import MessageForm
from .writing import keeps_words, sent_in, try_to

PER_PAGE = 20


def one_member(key):
    """Hidden, erased and never known look the same (K-14)."""
    member = members.visible().select_related("subject").filter(pk=key).first()
    if member is None:
        raise Http404
    return member


@require_safe
def member(request, key):
    """Open to visitors, who see less."""
    shown = one_member(key)
    publications = nearest_page(published.under_a_name().filter(author=shown), request.GET.get("page", "1"), size=PER_PAGE)
    return render(request, "usage/member.html", {"member": shown, "publications": publications, **_between(request.user, shown)})


def _between(user, shown) -> dict:
    """What the two are to each other."""
    if not user.is_authenticated:
        return {}
    if user == shown:
        return {"is_own": True, "followers": following.how_many_follow(shown)}
    return {"may_meet": True, "is_followed": following.is_following(user, shown)}


@require_POST
@person_page
def follow(request, key):
    followed = following.follow(request.user, key)
    messages.success(request, _("You follow %(name)s. What this member publishes comes to your page.") % {"name": followed})
    return redirect("usage:member", key)


@require_POST
@person_page
def unfollow(request, key):
    """Back to where the button stood."""
    following.stop(request.user, key)
    messages.success(request, _("You no longer follow this member."))
    here = members.visible().filter(pk=key).exists() and "from_list" not in request.POST
    return redirect("usage:member", key) if here else redirect("usage:following")


@form_page
@keeps_words("text")
@person_page
def write(request, key):
    """A first message. Who wrote to each other before goes on there; who is gone when it is sent leaves what was written on the page."""
    form = MessageForm(sent_in(request))
    if form.is_bound:
        sent = try_to(form, lambda written: messaging.send(request.user, key, **written))
        if sent:
            messages.success(request, _("Your message is sent."))
            return redirect("usage:conversation", sent.conversation)
        return render(request, "usage/write.html", {"form": form, "other": members.visible().filter(pk=key).first()}, status=400)
    other = one_member(key)
    if other == request.user:
        raise NotOneself
    before = messaging.number_of(request.user, other)
    return redirect("usage:conversation", before) if before else render(request, "usage/write.html", {"form": form, "other": other})
