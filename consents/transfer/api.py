"""What a sender calls, as docs/transfer.openapi.yaml has it: begin, parts, end. Bodies are read to a bound, and only where needed."""

import json
import re

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from oauth2_provider.oauth2_backends import get_oauthlib_core

from privacy.conf import setting
from privacy.datamap import registry
from privacy.errors import DatabaseOlder, LedgerUnwritable, MakerUnreadable, PrivacyError
from privacy.evidence import signing
from privacy.pages.people import open_to_hidden
from privacy.pages.places import place_for
from privacy.rights.handing_over import has_room, why_not
from privacy.rights.portability import Scope
from privacy.verify.bounds import MANIFEST_BYTES, SIGNATURE_BYTES

from . import coming, waking
from .contract import PIECE_BYTES, SCOPE
from .errors import Problem
from .models import IncomingTransfer

State = IncomingTransfer.State
# The manifest in base64, and its signature.
BEGIN_BYTES = MANIFEST_BYTES * 4 // 3 + SIGNATURE_BYTES + 1024
# What 10,000 files take.
END_BYTES = 4 * 2**20
# A manifest of 4 MiB takes 100 MiB of memory for a moment (T-24).
BEGINNING_AT_ONCE = 2
RETRY_SECONDS = 5
RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")


def _told(problem: Problem) -> JsonResponse:
    answer = JsonResponse(
        {"type": problem.type, "title": problem.title, "status": problem.status} | problem.more,
        status=problem.status,
        content_type="application/problem+json",
    )
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if problem.status in {429, 503}:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def of_transfer(**methods):
    """One address, an act per method; each gets the transfer of the token, and another's number is as little there as none."""

    @csrf_exempt
    @open_to_hidden
    @never_cache
    def view(request, ref=None, **named):
        try:
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            transfer = _transfer_of(request)
            if ref is not None and ref != transfer.ref:
                raise Problem("about:blank", 404, "There is no such transfer.")
            with translation.override(setting("RECIPIENT_LANGUAGE")):
                return methods[request.method](request, transfer, **named)
        except Problem as problem:
            return _told(problem)
        except (MakerUnreadable, LedgerUnwritable, DatabaseOlder):
            return _told(coming.try_again())
        except PrivacyError:
            return _told(Problem("#expired", 410, "What came was destroyed."))

    return view


def _transfer_of(request) -> IncomingTransfer:
    """By the token in the header alone: addresses end up in logs."""
    if "access_token" in request.GET or request.content_type not in {"", "application/json", "application/octet-stream"}:
        raise Problem("about:blank", 400, "Send the token in the header Authorization, and JSON or bytes in the body.")
    is_valid, found = get_oauthlib_core().verify_request(request, scopes=[SCOPE])
    transfer = coming.readable_by(found.user, found.client) if is_valid else None
    if transfer is None:
        raise coming.no_consent()
    return transfer


def _json(request, most: int) -> dict:
    """`request.body` would read what no form of ours may send."""
    raw = request.read(most + 1)
    if len(raw) > most:
        raise Problem("#too-large", 413, "More than the receiver takes.")
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem("about:blank", 400, "Send JSON.") from None
    if not isinstance(read, dict):
        raise Problem("about:blank", 400, "Send a JSON object.")
    return read


def _begin(request, transfer):
    """Read first, however slowly it comes; only then is a place taken."""
    said = _json(request, BEGIN_BYTES)
    if set(said) != {"manifest", "signature"} or not all(isinstance(value, str) for value in said.values()):
        raise Problem("about:blank", 400, "Send manifest and signature.")
    with place_for("transfer_begin", places=BEGINNING_AT_ONCE) as is_free:
        if not is_free:
            raise Problem("#too-often", 429, "Others begin too. Try again.")
        is_new = coming.begin(transfer, **said)
    answer = JsonResponse(coming.how_far(transfer), status=201 if is_new else 200)
    answer.headers["Location"] = reverse("transfer_api:transfer", args=[transfer.ref])
    return answer


def _status(request, transfer):
    return JsonResponse(coming.how_far(transfer))


def _give_up(request, transfer):
    if coming.stop(transfer, by_her=False) or transfer.state in {State.STOPPED, State.EXPIRED}:
        return HttpResponse(status=204)
    raise Problem("#wrong-place", 409, "The transfer has ended, or is being taken in.")


def _put(request, transfer, name):
    """The body is read only where it is wanted."""
    first, length, whole = _range(request)
    place = coming.missing_bytes(transfer, name, request.headers.get("Repr-Digest", ""), first, length, whole)
    if place is None:
        return HttpResponse(status=204)
    plain = request.read(PIECE_BYTES + 1)
    if len(plain) > PIECE_BYTES:
        raise Problem("#too-large", 413, f"A piece has at most {PIECE_BYTES} bytes.")
    if length is not None and len(plain) != length:
        raise Problem("about:blank", 400, "The body is not as long as Content-Range says.")
    received = coming.put(transfer, place, first, plain)
    if received is None:
        return HttpResponse(status=204)
    _number, file = place
    return JsonResponse({"name": file.name, "bytes": file.bytes, "sha256": file.sha256, "received": received}, status=202)


def _range(request) -> tuple[int, int | None, int | None]:
    """Where the piece begins, how long it is, and how long the whole; without the header the body is the whole file."""
    said = request.headers.get("Content-Range")
    if said is None:
        return 0, None, None
    found = RANGE.fullmatch(said)
    first, last, whole = map(int, found.groups()) if found else (1, 0, 0)
    if not first <= last < whole:
        raise Problem("about:blank", 400, "Content-Range cannot be read.")
    return first, last - first + 1, whole


def _end(request, transfer):
    coming.finish(transfer, _json(request, END_BYTES))
    if transfer.state == State.DONE:
        return JsonResponse(coming.signed_receipt(transfer))
    if transfer.state == State.REFUSED:
        raise Problem(transfer.problem, 403 if transfer.problem in {"#another-person", "#account-not-open"} else 422, "Not taken in.")
    waking.wake_incoming(transfer)
    return JsonResponse(coming.how_far(transfer), status=202, headers={"Retry-After": RETRY_SECONDS})


@open_to_hidden
@require_safe
@cache_control(public=True, max_age=3600)
def takes(request):
    """Before anybody signs in: which record types can come, and why the others stay. Says nothing of anybody."""
    parts = [data_map for data_map, _lines in Scope.PORTABLE.parts()]
    known = {data_map.label(): data_map for data_map in [*registry.maps.values()] if data_map.arrives}
    answer = JsonResponse(
        {
            "version": 1,
            "issuer": signing.issuer(),
            "takes": [{"record": label, "title": str(data_map.heading())} for label, data_map in sorted(known.items())],
            "stays": [
                {"record": data_map.label(), "why": str(why_not(data_map.label()))} for data_map in parts if not has_room(data_map.label())
            ],
            "limits": {"bytes": setting("TAKE_IN_BYTES"), "rows": setting("TAKE_IN_ROWS"), "piece": PIECE_BYTES},
        }
    )
    answer.headers["Vary"] = "Accept-Language"
    return answer


begin = of_transfer(POST=_begin)
one = of_transfer(GET=_status, DELETE=_give_up)
put = of_transfer(PUT=_put)
end = of_transfer(POST=_end)
