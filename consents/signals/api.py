"""What programs call to manage and read their stream of events: SSF 1.0 and RFC 8936, its OpenAPI at `openapi.json`."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from oauth2_provider.contrib.ninja import HttpOAuth2

from ..errors import AddressRefused
from ..oidc import signing_keys
from ..oidc.scopes import STREAM_MANAGE, STREAM_READ
from ..outgoing import checked
from . import polling, streams
from .errors import StreamExists, TooSoon
from .events import supported
from .models import Stream
from .shapes import AboutSubject, Changes, Configuration, Delivery, NewStatus, Poll, Polled, Problem, StatusOf, Test, Wishes

Method = Stream.Method


class ScopeMissing(Exception):
    def __init__(self, scope):
        self.scope = scope


class OfProgram(HttpOAuth2):
    """A program's own token, with this scope: `request.auth` is the program. In the header alone: addresses end up in logs."""

    def __init__(self, scope):
        super().__init__()
        self.scope = scope

    def __call__(self, request):
        if "access_token" in request.GET:
            raise HttpError(400, "Send the access token in the header Authorization.")
        if request.content_type not in {"", "application/json"}:
            raise HttpError(400, "Send JSON, and say so in the header Content-Type.")
        return super().__call__(request)

    def authenticate(self, request, access_token):
        request.user = AnonymousUser()
        if access_token.user_id is not None or self.scope not in access_token.scope.split():
            raise ScopeMissing(self.scope)
        return access_token.application


PROBLEM = "application/problem+json"


class JsonObject(Parser):
    """Anything else would pass for an object without members."""

    def parse_body(self, request):
        read = super().parse_body(request)
        if not isinstance(read, dict):
            raise HttpError(400, "Send a JSON object.")
        return read


class Api(NinjaAPI):
    """Whose description says that what is refused is answered as a problem (RFC 9457); an address that cannot be read gets a page."""

    def get_openapi_schema(self, *args, **kwargs):
        described = super().get_openapi_schema(*args, **kwargs)
        for path in described["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if status >= 400:
                        answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}
                    if status == 400:
                        answer["content"]["text/html"] = {"schema": {"type": "string"}}
        return described


api = Api(
    title="Shared signals",
    version="1",
    description="Streams of security events (OpenID SSF 1.0).",
    urls_namespace="ssf",
    docs_url=None,
    parser=JsonObject(),
)
READ, MANAGE = OfProgram(STREAM_READ), OfProgram(STREAM_MANAGE)
ASKED_WRONGLY = {400: Problem, 401: Problem, 403: Problem}
NOT_FOUND = ASKED_WRONGLY | {404: Problem}


def _problem(status, title, detail="", **headers):
    told = {"title": title, "status": status} | ({"detail": str(detail)} if detail else {})
    return JsonResponse(told, status=status, content_type=PROBLEM, headers=headers)


@api.exception_handler(AuthenticationError)
def _no_token(request, error):
    return _problem(401, "No valid access token", **{"WWW-Authenticate": 'Bearer error="invalid_token"'})


@api.exception_handler(ScopeMissing)
def _no_scope(request, error):
    asked = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    return _problem(403, "This access token does not open this", f"Ask for the scope {error.scope}.", **{"WWW-Authenticate": asked})


@api.exception_handler(ValidationError)
def _unreadable(request, error):
    """Where it is wrong, not what was sent."""
    places = [".".join(map(str, problem["loc"][2:] or problem["loc"][:1])) + f": {problem['msg']}" for problem in error.errors]
    return _problem(400, "The request cannot be read", "; ".join(places)[:1000])


@api.exception_handler(HttpError)
def _as_told(request, error):
    return _problem(error.status_code, error.message)


@api.exception_handler(Http404)
def _not_found(request, error):
    return _problem(404, "This program has no such stream")


@api.exception_handler(AddressRefused)
def _address_refused(request, error):
    return _problem(400, "The endpoint_url is refused", error)


@api.exception_handler(StreamExists)
def _exists(request, error):
    return _problem(409, "There is a stream already", error)


@api.exception_handler(TooSoon)
def _too_soon(request, error):
    return _problem(429, "Too many tests", error, **{"Retry-After": str(streams.VERIFY_SECONDS)})


def _stream(request, stream_id) -> Stream:
    """Its own; another program's is as little there as one that never was."""
    try:
        number = uuid.UUID(stream_id)
    except ValueError:
        raise Http404 from None
    stream = Stream.objects.filter(application=request.auth, pk=number).select_related("application").first()
    if stream is None:
        raise Http404
    return stream


@api.post("/stream", auth=MANAGE, response={201: Configuration, 409: Problem} | ASKED_WRONGLY, exclude_none=True)
def create_stream(request, wishes: Wishes):
    """Without `delivery` the program fetches events, where we say."""
    _only_its_own(wishes, None)
    return Status(201, _told(streams.make(request.auth, **_all(wishes, None))))


@api.get("/stream", auth=READ, response={200: Configuration | list[Configuration]} | NOT_FOUND, exclude_none=True)
def read_stream(request, stream_id: str | None = None):
    """Without `stream_id` a list, empty where there is none."""
    if stream_id is not None:
        return _told(_stream(request, stream_id))
    return [_told(stream) for stream in Stream.objects.filter(application=request.auth).select_related("application")]


@api.patch("/stream", auth=MANAGE, response={200: Configuration} | NOT_FOUND, exclude_none=True)
def change_stream(request, changes: Changes):
    """What is left out stays."""
    stream = _stream(request, changes.stream_id)
    _only_its_own(changes, stream)
    named = changes.model_fields_set
    streams.change(stream, **{name: value for name, value in _all(changes, stream).items() if _comes_of(name) in named})
    return _told(stream)


@api.put("/stream", auth=MANAGE, response={200: Configuration} | NOT_FOUND, exclude_none=True)
def replace_stream(request, changes: Changes):
    """What is left out goes."""
    stream = _stream(request, changes.stream_id)
    _only_its_own(changes, stream)
    streams.change(stream, **_all(changes, stream))
    return _told(stream)


@api.delete("/stream", auth=MANAGE, response={204: None} | NOT_FOUND)
def delete_stream(request, stream_id: str):
    """What waited is told to the partner by mail."""
    streams.end(_stream(request, stream_id))
    return Status(204, None)


@api.get("/status", auth=READ, response={200: StatusOf} | NOT_FOUND, exclude_none=True)
def read_status(request, stream_id: str):
    return _status_of(_stream(request, stream_id))


@api.post("/status", auth=MANAGE, response={200: StatusOf} | NOT_FOUND, exclude_none=True)
def change_status(request, new: NewStatus):
    """Paused holds events for later; disabled drops them, and what must be told is told by mail."""
    stream = _stream(request, new.stream_id)
    streams.set_status(stream, new.status, new.reason or "")
    return _status_of(stream)


@api.post("/subjects:add", auth=MANAGE, response={200: None} | NOT_FOUND)
def add_subject(request, about: AboutSubject):
    """Everybody who allowed the partner is on the stream already; whether this is somebody with an account is not said."""
    _stream(request, about.stream_id)
    return HttpResponse(status=200)


@api.post("/subjects:remove", auth=MANAGE, response={204: None} | NOT_FOUND)
def remove_subject(request, about: AboutSubject):
    """Changes nothing: who received data is told what becomes of it (Art. 19)."""
    _stream(request, about.stream_id)
    return Status(204, None)


@api.post("/verify", auth=MANAGE, response={204: None, 429: Problem} | NOT_FOUND)
def verify(request, test: Test):
    """A verification event follows, with the same `state`."""
    streams.verify(_stream(request, test.stream_id), test.state)
    return Status(204, None)


@api.post("/poll/{stream_id}", auth=MANAGE, response={200: Polled} | NOT_FOUND)
def poll(request, stream_id: str, asked: Poll):
    """RFC 8936. Answered at once: ask again when you like."""
    stream = _stream(request, stream_id)
    if stream.method != Method.POLL:
        raise Http404
    sets, more = polling.poll(stream, at_most=asked.maxEvents, acknowledged=asked.ack, refused=asked.setErrs)
    return {"sets": sets, "moreAvailable": more}


def _all(wishes, stream) -> dict:
    """As columns of a stream."""
    delivery = wishes.delivery or Delivery(method=Method.POLL)
    is_push = delivery.method == Method.PUSH
    if is_push:
        checked(delivery.endpoint_url or "")
    elif delivery.endpoint_url and (stream is None or delivery.endpoint_url != _poll_address(stream)):
        raise HttpError(400, "Where events are fetched is for us to say: leave endpoint_url out.")
    return {
        "method": delivery.method,
        "endpoint_url": delivery.endpoint_url if is_push else "",
        "authorization": _header(delivery, stream) if is_push else "",
        "events_requested": list(dict.fromkeys(wishes.events_requested or [])),
        "description": wishes.description or "",
    }


def _header(delivery, stream) -> str:
    """We never tell it back, so that who repeats the rest as it is keeps it."""
    is_same = stream is not None and (stream.method, stream.endpoint_url) == (delivery.method, delivery.endpoint_url)
    if delivery.authorization_header is None and is_same:
        return stream.authorization
    return delivery.authorization_header or ""


def _comes_of(name):
    return "delivery" if name in {"method", "endpoint_url", "authorization"} else name


def _only_its_own(wishes, stream):
    """400 where it says something else than we do about what is ours to say (SSF 1.0, 8.1.1.3)."""
    ours = _ours(stream) if stream else {}
    said = {name: getattr(wishes, name) for name in _OURS if getattr(wishes, name) is not None}
    wrong = [name for name, value in said.items() if name not in ours or value != ours[name]]
    if wrong:
        raise HttpError(400, f"Not for the receiver to set: {', '.join(sorted(wrong))}.")


_OURS = ("iss", "aud", "events_supported", "events_delivered", "min_verification_interval")


def _ours(stream) -> dict:
    return {
        "iss": signing_keys.issuer(),
        "aud": stream.application.client_id,
        "events_supported": supported(),
        "events_delivered": stream.events_delivered,
        "min_verification_interval": streams.VERIFY_SECONDS,
    }


def _told(stream) -> dict:
    delivery = {"method": stream.method, "endpoint_url": stream.endpoint_url or _poll_address(stream)}
    mine = {"stream_id": str(stream.pk), "delivery": delivery, "events_requested": stream.events_requested}
    return mine | _ours(stream) | {"description": stream.description or None}


def _poll_address(stream) -> str:
    return signing_keys.issuer() + reverse("ssf:poll", args=[str(stream.pk)])


def _status_of(stream) -> dict:
    return {"stream_id": str(stream.pk), "status": stream.state, "reason": stream.reason or None}
