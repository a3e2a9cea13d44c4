"""External permissions in the browser: who has access, one click to end it, pages to allow and to narrow (Art. 7, K-10, G-52 to G-54)."""

from functools import partial

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from privacy.pages.moments import moment
from privacy.pages.people import person_page
from privacy.pages.step_up import evidence

from . import gpc, offers
from . import permissions as consent
from .attributes import offered, title_of, value_of
from .errors import AccountLeaving, PartnerTakesNoPart
from .standing import grants_of, standings
from .transfer import coming

# Which wording of the pages in templates/consents a person agreed to (Art. 7(1)), with a digest of their sentences. What was shown stays as
# it is: a change is a line more (tests/test_consents_texts.py).
TEXTS = {"2026-12.2": "de7413c8f7a4d93e30fad61a683fdea995ff49159004a24724ccc986ede530dc"}
TEXT_VERSION = list(TEXTS)[-1]


@gzip_page
@require_GET
@gpc.heard
@person_page
def permissions(request):
    """All partners: with access, stopped, never allowed. Fifty are 90 kB, so compressed; it repeats nothing that a stranger could send."""
    objection = offers.objection_of(request.user)
    return render(request, "consents/permissions.html", {"objection": objection, **_groups(standings(request.subject))})


@require_POST
@person_page
def withdraw(request, partner):
    """At once, without a question; the second click gets the same answer."""
    grant = consent.withdraw(grant_to(request, partner), identified_by=evidence(request))
    said = _("%(name)s no longer has access.") % {"name": grant.partner.recipient.name}
    since = _("That holds since %(moment)s. What was done before stays lawful.") % {"moment": moment(grant.revoked_at)}
    if not request.htmx:
        messages.success(request, f"{said} {since}")
        return redirect("consents:permissions")
    everybody = standings(request.subject)
    ended = next(standing for standing in everybody if standing.grant == grant)
    return render(request, "consents/stopped.html", {"standing": ended, "said": said, "since": since, **_groups(everybody)})


@require_POST
@person_page
def withdraw_all(request):
    """As one: at once, without a question, and nothing more is brought from elsewhere. Each can be allowed again."""
    ended = consent.withdraw_all(request.user, identified_by=evidence(request))
    coming.stop_all(request.user)
    if ended:
        said = ngettext("%(count)d partner no longer has access.", "%(count)d partners no longer have access.", len(ended))
        since = _("That holds since %(moment)s. What was done before stays lawful.") % {"moment": moment(ended[-1].revoked_at)}
        messages.success(request, f"{said % {'count': len(ended)}} {since}")
    else:
        messages.info(request, _("No partner had access any more."))
    return redirect("consents:permissions")


@require_http_methods(["GET", "POST"])
@gpc.heard
@person_page
def allow(request, partner):
    """A new consent each time: her own values beside each box, nothing ticked, no and yes alike (Art. 7(4), recital 32)."""
    if request.subject.hidden_at:
        raise AccountLeaving
    standing = one_of(standings(request.subject, slug=partner))
    if not standing.partner.takes_part:
        raise PartnerTakesNoPart
    says_yes, ticked = request.POST.get("answer") == "yes", request.POST.getlist("attributes")
    read_else = says_yes and not has_read(request, standing.partner)
    if request.method == "GET" or read_else or (says_yes and not {*ticked, *standing.partner.needed}):
        return _ask(request, standing, is_empty=says_yes and not read_else, read_else=read_else)
    if says_yes:
        _give(request, standing, ticked)
    else:
        messages.info(request, _said_no(standing) % {"name": standing.name})
    return redirect("consents:permissions")


@require_http_methods(["GET", "POST"])
@person_page
def narrow(request, partner):
    """What it may have, ticked; what she unticks it gets no more, and the rest goes on."""
    standing = one_of(standings(request.subject, slug=partner))
    if not standing.is_open:
        return redirect("consents:permissions")
    kept = {*request.POST.getlist("attributes"), *standing.partner.needed} & set(standing.grant.attributes)
    if request.method == "GET" or not kept:
        own = own_fields(request.user, standing.partner, standing.grant.attributes, standing.grant.attributes)
        context = {"standing": standing, "own": own, "is_empty": request.method == "POST"}
        return render(request, "consents/narrow.html", context, status=400 if request.method == "POST" else 200)
    grant = consent.narrow(standing.grant, kept, text_version=TEXT_VERSION, language=language())
    gets = ", ".join(title_of(name) for name in grant.attributes)
    if grant.asks_anew_since:
        messages.info(request, _("Nothing changed. %(name)s says something else by now, and asks you again.") % {"name": standing.name})
    else:
        messages.success(request, _("%(name)s gets from now on: %(gets)s.") % {"name": standing.name, "gets": gets})
    return redirect("consents:permissions")


def grant_to(request, slug):
    """Her permission, standing or not; 404 for any other."""
    return get_object_or_404(grants_of(request.subject).select_related("partner__recipient", "member"), partner__slug=slug)


def _groups(everybody):
    return {
        "anew": [standing for standing in everybody if standing.is_asked_anew],
        "open": [standing for standing in everybody if standing.is_open],
        "stopped": [standing for standing in everybody if standing.is_stopped and not standing.partner.ended_at],
        "ended": [standing for standing in everybody if standing.is_stopped and standing.partner.ended_at],
        "never": [standing for standing in everybody if standing.grant is None],
        "can_end_all": sum(standing.is_open or standing.is_asked_anew for standing in everybody) > 1,
    }


def one_of(found):
    if not found:
        raise Http404
    return found[0]


def language() -> str:
    """In which she reads the page."""
    return get_language()[:2]


def may_ask_for_contact(request, standing) -> bool:
    """Whether the page asks it: not of who wants no offers, nor of a browser that says so (Sec-GPC)."""
    is_open_question = bool(standing.partner.offers) and not standing.may_contact_since
    return is_open_question and not request.gpc and offers.objection_of(request.user) is None


def has_read(request, partner) -> bool:
    """Her answer is to what the partner says now: the form that she sends tells what it said there."""
    return request.POST.get("reading") == partner.reading


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


def _said_no(standing):
    if standing.is_asked_anew:
        return _("%(name)s stays without access, and goes on asking you. End it below, and we tell it that it need not ask.")
    return _("Nothing changed. %(name)s learns nothing from your answer.")


def _ask(request, standing, *, is_empty, read_else):
    """What she ticked stays where she has to tick more; to other words nothing is ticked yet (recital 32)."""
    ticked = QueryDict() if read_else else request.POST
    context = {
        "standing": standing,
        "own": own_fields(request.user, standing.partner, offered(standing.partner), ticked.getlist("attributes")),
        "is_empty": is_empty,
        "read_else": read_else,
        "as_new_person": "as_new_person" in ticked,
        "asks_for_contact": may_ask_for_contact(request, standing),
        "may_contact": "contact" in ticked,
    }
    return render(request, "consents/asking.html", context, status=400 if is_empty or read_else else 200)


def _give(request, standing, ticked):
    """Two consents where she ticked both, each on record by itself."""
    shown = {"text_version": TEXT_VERSION, "language": language()}
    wants_contact = "contact" in request.POST and may_ask_for_contact(request, standing)
    needed = [name for name in offered(standing.partner) if name in standing.partner.needed]
    consent.give(
        request.user,
        standing.partner,
        [*ticked, *needed],
        asked=offered(standing.partner),
        as_new_person="as_new_person" in request.POST,
        also=partial(offers.allow, **shown) if wants_contact else None,
        **shown,
    )
    messages.success(request, _("%(name)s has access now. You can stop it below at any time.") % {"name": standing.name})
