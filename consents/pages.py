"""External permissions in the browser: who has access, one click to end it, and a page to allow (Art. 7, K-10, G-52 to G-54)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from privacy.pages.moments import moment
from privacy.pages.people import person_page
from privacy.pages.step_up import evidence

from . import permissions as consent
from .attributes import title_of, value_of
from .errors import AccountLeaving
from .standing import grants_of, offered, standings

# Which wording of templates/consents/allow.html a person agreed to (Art. 7(1)); a change of its sentences is a new version.
TEXT_VERSION = "2026-11"


@gzip_page
@require_GET
@person_page
def permissions(request):
    """All partners: with access, stopped, never allowed. Fifty are 90 kB, so compressed; it repeats nothing that a stranger could send."""
    return render(request, "consents/permissions.html", _groups(standings(request.subject)))


@require_POST
@person_page
def withdraw(request, partner):
    """At once, without a question; the second click gets the same answer."""
    grant = get_object_or_404(grants_of(request.subject).select_related("partner__recipient", "member"), partner__slug=partner)
    grant = consent.withdraw(grant, identified_by=evidence(request))
    said = _("%(name)s no longer has access.") % {"name": grant.partner.recipient.name}
    since = _("That holds since %(moment)s. What was done before stays lawful.") % {"moment": moment(grant.revoked_at)}
    if not request.htmx:
        messages.success(request, f"{said} {since}")
        return redirect("consents:permissions")
    groups = _groups(standings(request.subject))
    ended = next(standing for standing in groups["stopped"] if standing.grant == grant)
    return render(request, "consents/stopped.html", {"standing": ended, "said": said, "since": since, **groups})


@require_http_methods(["GET", "POST"])
@person_page
def allow(request, partner):
    """A new consent each time: her own values beside each box, nothing ticked, no and yes alike (Art. 7(4), recital 32)."""
    if request.subject.hidden_at:
        raise AccountLeaving
    standing = _one(standings(request.subject, slug=partner))
    says_yes, ticked = request.POST.get("answer") == "yes", request.POST.getlist("attributes")
    if request.method == "GET" or (says_yes and not ticked):
        return _ask(request, standing, is_empty=says_yes)
    if says_yes:
        _give(request, standing, ticked)
    else:
        messages.info(request, _("Nothing changed. %(name)s learns nothing from your answer.") % {"name": standing.name})
    return redirect("consents:permissions")


def _groups(everybody):
    return {
        "open": [standing for standing in everybody if standing.is_open],
        "stopped": [standing for standing in everybody if standing.is_stopped],
        "never": [standing for standing in everybody if standing.grant is None],
    }


def _one(found):
    if not found:
        raise Http404
    return found[0]


def own_fields(member, partner, names, ticked=()) -> list[dict]:
    """What a partner asks beside what she would hand over: her own values, why, and whether it can do without."""
    return [
        {
            "name": name,
            "title": title_of(name),
            "value": value_of(member, name),
            "reason": partner.reasons.get(name, ""),
            "is_needed": name in partner.needed,
            "is_ticked": name in ticked,
        }
        for name in names
    ]


def _ask(request, standing, *, is_empty):
    own = own_fields(request.user, standing.partner, offered(standing.partner))
    context = {"standing": standing, "own": own, "is_empty": is_empty, "as_new_person": "as_new_person" in request.POST}
    return render(request, "consents/allow.html", context, status=400 if is_empty else 200)


def _give(request, standing, ticked):
    consent.give(
        request.user,
        standing.partner,
        ticked,
        asked=offered(standing.partner),
        text_version=TEXT_VERSION,
        language=get_language()[:2],
        as_new_person="as_new_person" in request.POST,
    )
    messages.success(request, _("%(name)s has access now. You can stop it below at any time.") % {"name": standing.name})
