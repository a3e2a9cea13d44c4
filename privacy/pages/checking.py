"""Is this archive or certificate as it was made? For anybody, without an account; nothing is kept and no database asked."""

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from ..conf import setting
from ..evidence.signing import issuer, public_keys
from ..verify import Bounds, Verdict, is_certificate, is_signed_paper, keys_of, verify, verify_certificate, verify_paper
from .checked import checked, unreadable
from .forms import form_page
from .people import open_to_hidden
from .places import place_for
from .uploads import PassingHandler

MEGABYTE = 1_000_000
# Unpacked, what we read of an archive is so many times what somebody may send: some seconds of one processor (T-24).
UNPACKED = 5
# Checks at the same time, on the whole machine.
AT_ONCE = 2
RETRY_SECONDS = 60


class ArchiveForm(forms.Form):
    archive = forms.FileField(
        label=gettext_lazy("The archive or certificate"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip,.json,application/json,.pdf,application/pdf"}),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("This file is empty. Fetch it again."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["archive"].help_text = _("The zip file, or the json file of a certificate, as you got it; at most %(most)s MB.") % {
            "most": setting("VERIFY_MEGABYTES")
        }

    def clean_archive(self) -> UploadedFile:
        sent = self.cleaned_data["archive"]
        if sent.size > most_bytes():
            sentence = _("This file is larger than %(most)s MB. Check it on your own computer, as below.")
            raise forms.ValidationError(sentence, code="large", params={"most": setting("VERIFY_MEGABYTES")})
        return sent


def most_bytes() -> int:
    return setting("VERIFY_MEGABYTES") * MEGABYTE


# No token: nothing is changed, nobody's session counts, and to look for one would read the file before it has our handler.
@csrf_exempt
@open_to_hidden
@never_cache
@form_page
def page(request):
    if request.method != "POST":
        return _answer(request, ArchiveForm())
    form = _received(request)
    if form.is_valid():
        return _checked(request, form)
    return _answer(request, form, status=413 if form.has_error("archive", "large") else 400)


def _received(request):
    """What is far too large is not read to its end."""
    request.upload_handlers = [PassingHandler(most_bytes())]
    try:
        return ArchiveForm(request.POST, request.FILES)
    except RequestDataTooBig:
        return ArchiveForm({}, {"archive": UploadedFile(name="archive", size=most_bytes() + 1)})


def _checked(request, form):
    with place_for("check", places=AT_ONCE) as is_free:
        if not is_free:
            return _full(request, form)
        verdict = _verdict(form.cleaned_data["archive"])
    if sentence := unreadable(verdict):
        form.add_error("archive", sentence)
        return _answer(request, form, status=400)
    return _answer(request, ArchiveForm(), found=checked(verdict))


def _full(request, form):
    form.add_error(None, _("Others are checking an archive right now. Send yours again in a minute."))
    answer = _answer(request, form, status=503)
    answer["Retry-After"] = RETRY_SECONDS
    return answer


def _verdict(sent) -> Verdict:
    keys = keys_of(public_keys())
    if is_signed_paper(sent.file):
        return verify_paper(sent.file, keys, issuer=issuer())
    if is_certificate(sent.file):
        return verify_certificate(sent.file, keys, issuer=issuer())
    return verify(sent.file, keys, issuer=issuer(), bounds=Bounds(size=UNPACKED * most_bytes()))


def _answer(request, form, *, found=None, status=200):
    return render(request, "privacy/check.html", {"form": form, "found": found, "site": issuer()}, status=status)
