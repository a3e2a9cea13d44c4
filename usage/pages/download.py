"""The file of a publication, sent so that no browser opens it as anything else than what we found it to be."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from .. import files, visits
from ..documents import KINDS
from ..errors import FileMissing
from .resource import publication_of, resource_or_404
from .visitors import open_page


@require_safe
@open_page
def download(request, key):
    publication = publication_of(resource_or_404(key))
    if publication is None or not publication.file or publication.file_type not in KINDS:
        raise Http404
    answer = _sent(publication)
    if request.subject and request.method == "GET":
        visits.note_download(request.user, publication)
    return answer


def _sent(publication):
    try:
        file = default_storage.open(publication.file.name)
    except FileNotFoundError:
        raise FileMissing from None
    kind = KINDS[publication.file_type]
    answer = FileResponse(file, as_attachment=True, filename=files.sent_name(publication), content_type=kind.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
