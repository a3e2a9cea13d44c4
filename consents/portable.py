"""What a partner's program fetches where a member lets it: all that she may take along, as the archive that she fetches herself (G-58)."""

from contextlib import closing
from datetime import timedelta
from tempfile import TemporaryFile

from django.db import transaction
from django.http import JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from oauth2_provider.oauth2_backends import get_oauthlib_core

from privacy.datamap import LawfulBasis
from privacy.evidence import replay
from privacy.evidence.recipients import Disclosure
from privacy.pages.places import place_for
from privacy.restricted import use_of
from privacy.rights import vault
from privacy.rights.access import write_archive
from privacy.rights.portability import Scope

from . import fetch_letters
from .attributes import PORTABLE, offered
from .models import PartnerGrant
from .permissions import hold

# A program that looks for news asks once a day; an archive costs seconds (T-24).
AN_HOUR, TIMES_AN_HOUR = timedelta(hours=1), 4
AT_ONCE = 2
HEADERS = {"Content-Type": "application/zip", "X-Content-Type-Options": "nosniff"}


@csrf_exempt
@never_cache
@require_GET
def archive(request):
    """The bearer token in the header alone; each time on record before the first byte."""
    if "access_token" in request.GET:
        return _refused(400, "invalid_request")
    is_valid, asked = get_oauthlib_core().verify_request(request, scopes=[PORTABLE])
    if not is_valid:
        error = (getattr(asked, "oauth2_error", None) or {}).get("error")
        return _refused(403, error) if error == "insufficient_scope" else _refused(401, "invalid_token")
    with place_for("portable", places=AT_ONCE) as is_free:
        return _handed_over(asked.user, asked.client.partner) if is_free else _later(30)


def _handed_over(member, partner):
    """Written whole before it goes out, sealed and without a name: who reads slowly holds neither the database nor a readable file."""
    refusal = _noted(member, partner)
    if refusal is not None:
        return refusal
    file, key, name = TemporaryFile(), vault.new_key(), vault.name_of("portable", member.subject_id)  # noqa: SIM115 - closed once it was sent
    writer = vault.Writer(file, key, name)
    write_archive(member.subject, writer, scope=Scope.PORTABLE)
    writer.finish()
    file.flush()
    file.seek(0)
    reader = vault.Reader(file, key, name)
    return StreamingHttpResponse(_sent(reader), headers=HEADERS | {"Content-Length": reader.size})


def _sent(reader):
    with closing(reader):
        yield from reader.blocks()


def _noted(member, partner):
    """One Disclosure, and a letter to her, under the lock that a withdrawal takes too; an answer instead where nothing may go out."""
    replay.require_current()
    with transaction.atomic():
        subject = hold(member)
        grant = PartnerGrant.objects.live().filter(partner=partner, member=member).first()
        if grant is None:
            return _refused(401, "invalid_token")
        if PORTABLE not in grant.attributes or PORTABLE not in offered(partner):
            return _refused(403, "insufficient_scope")
        if any(subject.restricts(use) for use in _uses()):
            return _refused(403, "access_denied")
        so_far = _so_far(member, partner)
        if len(so_far) >= TIMES_AN_HOUR:
            return _later((so_far[TIMES_AN_HOUR - 1] + AN_HOUR - timezone.now()).total_seconds())
        release = {"attributes": [PORTABLE], "basis": LawfulBasis.CONSENT, "at": timezone.now()}
        Disclosure.objects.create(recipient=partner.recipient, subject_ref=member.subject_id, **release)
        fetch_letters.write(member, partner, release["at"])
    return None


def _uses() -> set[str]:
    """Of which the archive holds something, and that can be on hold (Art. 18): what she may take along is whole, or does not go out."""
    return {use.slug for data_map, _lines in Scope.PORTABLE.parts() if (use := use_of(data_map))}


def _so_far(member, partner) -> list:
    """When it fetched in the last hour, the latest first."""
    fetched = Disclosure.objects.filter(recipient=partner.recipient, subject_ref=member.subject_id, attributes=[PORTABLE])
    return list(fetched.filter(at__gt=timezone.now() - AN_HOUR).order_by("-at").values_list("at", flat=True)[:TIMES_AN_HOUR])


def _refused(status, error):
    answer = JsonResponse({"error": error}, status=status)
    scope = f', scope="{PORTABLE}"' if error == "insufficient_scope" else ""
    answer.headers["WWW-Authenticate"] = f'Bearer error="{error}"{scope}'
    return answer


def _later(seconds):
    return JsonResponse({"error": "too_many_requests"}, status=429, headers={"Retry-After": max(1, round(seconds))})
