"""The pages of a moderator: find a member, read her notices, write one, ban (K-7)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from privacy.evidence import trail
from privacy.pages.forms import form_page
from privacy.pages.step_up import recently_identified

from .. import bans
from ..models import Member
from . import moderating
from .acting import is_unproven, sent_in, try_to
from .forms import AddressForm, BreachForm, NoticeForm
from .roles import MODERATOR, only_for


@form_page
@only_for(MODERATOR)
def find(request):
    """By an address that she confirmed or signs in with."""
    form = AddressForm(sent_in(request))
    if form.is_bound and form.is_valid():
        member = Member.objects.known_by(form.cleaned_data["address"]).first()
        if member:
            return redirect("misconduct:member", member.pk)
        form.add_error("address", _("No member has this address. Check the spelling."))
    return render(request, "misconduct/find.html", {"form": form}, status=400 if form.is_bound else 200)


@form_page
@only_for(MODERATOR)
def member(request, key):
    """Her notices, also while she is hidden. She sees in her timeline that it was opened."""
    found = get_object_or_404(Member.objects.select_related("subject"), pk=key)
    form = NoticeForm(sent_in(request))
    if try_to(form, lambda written: moderating.give_notice(found, written["text"], by=request.subject)):
        messages.success(request, _("The notice is on record and on its way."))
        return redirect("misconduct:member", key)
    return render(request, "misconduct/member.html", {"form": form} | _said(request, found), status=400 if form.is_bound else 200)


@form_page
@only_for(MODERATOR)
def ban(request, key):
    """What was written stays on the page where the proof of who asks is too old."""
    return _ban(request, key) if request.method == "POST" else recently_identified(_ban)(request, key)


def _ban(request, key):
    found = get_object_or_404(Member.objects.select_related("subject"), pk=key)
    form = BreachForm(sent_in(request))
    if not is_unproven(request, form) and try_to(form, lambda written: moderating.put_ban(found, written["breach"], by=request.subject)):
        messages.success(request, _("Banned: signed out everywhere, and told by mail why and how to object."))
        return redirect("misconduct:member", key)
    return render(request, "misconduct/ban.html", {"form": form} | _said(request, found), status=400 if form.is_bound else 200)


def _said(request, found):
    """Noted whenever it is shown, also beside a form that was not right."""
    trail.record("moderation.opened", subject_ref=found.subject_id, actor_ref=request.subject.ref)
    notices = moderating.notices_of(found)
    return {
        "member": found,
        "notices": notices,
        "are_enough": moderating.are_enough(notices),
        "is_banned": bans.is_kept_out(found),
    }
