"""An archive on its way to its owner: streamed, in parts where a download goes on, and told to her once per session (D-4, T-09)."""

import logging
from contextlib import closing
from math import ceil

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_safe

from ..casework import letters, quota
from ..casework.requests import DataSubjectRequest
from ..errors import ArchiveMixedUp, ArchiveUnavailable
from ..evidence import trail
from ..rights.access import Archive, ready_archive
from .holding import held_until
from .people import open_to_hidden, person_page
from .ranges import NotInFile, part_of
from .step_up import recently_identified

log = logging.getLogger("privacy")

# In the session: number of a request -> when she showed that it is she and fetched its archive (seconds since 1970).
SESSION_KEY = "privacy.fetched"
# A download that broke off may go on for so long without asking again who she is.
RESUME_SECONDS = 60 * 60
# The same for all: a name in it would stand in everybody's list of downloads.
HEADERS = {
    "Content-Type": "application/zip",
    "Content-Disposition": 'attachment; filename="inzage-archive.zip"',
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@open_to_hidden
@person_page
@require_safe
def fetch(request, ref):
    asked = DataSubjectRequest.objects.about(request.subject).filter(right__in=quota.ARCHIVES).numbered(ref)
    if asked.is_open:
        return redirect("privacy:request", ref=asked.ref)
    return _send(request, asked) if _goes_on(request, asked) else _send_after_step_up(request, asked)


def _goes_on(request, asked) -> bool:
    """The rest of what this session began to fetch, asked for by who has its first answer: a stolen cookie alone does not name it."""
    began = request.session.get(SESSION_KEY, {}).get(asked.ref, 0)
    is_in_time = 0 <= timezone.now().timestamp() - began < RESUME_SECONDS
    archive = Archive.objects.filter(request=asked).first()
    return is_in_time and archive is not None and constant_time_compare(request.headers.get("If-Range", ""), _etag(archive))


@recently_identified
def _send_after_step_up(request, asked):
    return _send(request, asked, is_anew=True)


def _send(request, asked, *, is_anew=False):
    """The rest of a download waits too: her account may have been taken over since it began."""
    try:
        archive = ready_archive(asked)
        until = held_until(request)
        return _held(request, archive, until) if until else _answer(request, archive, is_anew)
    except ArchiveUnavailable:
        return render(request, "privacy/download_gone.html", {"asked": asked}, status=410)
    except ArchiveMixedUp:
        log.error("the archive of request %s failed its check", asked.ref)
        return render(request, "privacy/download_broken.html", {"asked": asked}, status=500)


def _held(request, archive, until):
    context = {"asked": archive.request, "archive": archive, "until": until}
    answer = render(request, "privacy/download_held.html", context, status=403)
    answer["Retry-After"] = ceil((until - timezone.now()).total_seconds())
    return answer


def _answer(request, archive, is_anew):
    headers = HEADERS | {"ETag": _etag(archive)}
    try:
        part = _part(request, archive)
    except NotInFile:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{archive.size}"})
    if request.method == "HEAD":
        return HttpResponse(headers=headers | {"Content-Length": archive.size})
    return _streamed(request, archive, part, headers, is_anew)


def _etag(archive):
    """Keyed: the digest of the file stands on pages of hers, this in the answer to her download alone."""
    return f'"{salted_hmac("privacy.fetching", archive.sha256, algorithm="sha256").hexdigest()}"'


def _part(request, archive) -> range | None:
    """What she has of another file is of no use: then she gets all of this one. HEAD asks about the whole."""
    is_of_this = request.headers.get("If-Range", _etag(archive)) == _etag(archive)
    is_asked = request.method == "GET" and is_of_this
    return part_of(request.headers.get("Range", ""), archive.size) if is_asked else None


def _streamed(request, archive, part, headers, is_anew):
    """What can be known before the first byte is: the end of the file, and the first chunk that is asked for."""
    wanted = range(archive.size) if part is None else part
    reader = archive.open()
    blocks = reader.blocks(wanted.start, wanted.stop)
    first = next(blocks, b"")
    if is_anew:
        _tell_once(request, archive)
    headers = headers | {"Content-Length": len(wanted)}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{archive.size}"
    return StreamingHttpResponse(_sent(reader, first, blocks), status=200 if part is None else 206, headers=headers)


def _sent(reader, first, blocks):
    """A chunk that fails its check breaks the connection, so that no wrong file looks complete."""
    with closing(reader):
        yield first
        yield from blocks


def _tell_once(request, archive):
    """Trail and letter, once per session even where a browser opens several connections: they wait for each other at the row."""
    with transaction.atomic():
        if not Archive.objects.select_for_update().filter(pk=archive.pk).exists():
            raise ArchiveUnavailable
        told = type(request.session)(request.session.session_key).get(SESSION_KEY, {})
        if archive.request.ref not in told:
            _tell(archive.request)
        request.session[SESSION_KEY] = told | {archive.request.ref: timezone.now().timestamp()}
        request.session.save()


def _tell(asked):
    event = f"{asked.right}.fetched"
    trail.record(event, subject_ref=asked.subject_ref, actor_ref=asked.subject_ref, request_ref=asked.ref)
    letters.write_again(asked, letters.Kind.FETCHED)
