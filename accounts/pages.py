"""A member's own profile in the browser (K-3), and the photos that members show."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privacy.pages import correct, values
from privacy.pages.forms import form_page
from privacy.pages.people import person_page

from . import consent, photos
from .models import Member
from .profile import PARTS, PhotoForm, form_of, row_of

# Of a file that a stranger sent once: a picture and nothing else, for pages of ours alone, asked for again each time.
OF_A_PHOTO = {
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


@form_page
@person_page
def profile(request):
    """Saving is a correction like any other (Art. 16): the same act, record and notices."""
    if request.method != "POST":
        return _page(request)
    part = "shown" if request.POST.get("part") == "shown" else "account"
    form = form_of(request.subject, part, request.POST)
    if form.is_valid() and (done := correct.save(request, *row_of(request.subject), form)):
        messages.success(request, correct.what_changed(request.subject, done, form))
        return redirect("accounts:profile")
    return _page(request, **{part: form})


@require_POST
@person_page
def upload(request):
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, photo=form)
    consent.show_photo(request.user, form.cleaned_data["photo"])
    messages.success(request, _("Your photo stands on your page now. You can take it back below at any time."))
    return redirect("accounts:profile")


@require_POST
@person_page
def withdraw(request):
    """At once, without a question; the second click gets the same answer (Art. 7(3), G-52)."""
    asked = request.POST.getlist("field") or None
    names = [_title(name) for name in consent.withdraw(request.user, asked)]
    if names:
        said = _("Taken back and erased: %(fields)s. What was shown until now stays lawful.")
        messages.success(request, said % {"fields": get_text_list(names, _("and"))})
    else:
        messages.info(request, _("That is not shown any more."))
    return redirect("accounts:profile")


@require_safe
def photo(request, key):
    """For whoever has its address, which only pages that show her give; gone with her consent and while she is hidden."""
    owner = get_object_or_404(Member.objects.usable(), photo=photos.path_of(key))
    picture = photos.read(owner.photo.name)
    if picture is None:
        raise Http404
    etag = f'"{key}"'
    response = HttpResponse(picture, content_type=photos.CONTENT_TYPE, headers={**OF_A_PHOTO, "ETag": etag})
    return get_conditional_response(request, etag=etag, response=response)


def _page(request, **forms):
    """With what was sent in one form, and the others as they stand."""
    member = Member.objects.select_related("subject").get(pk=request.user.pk)
    for part in PARTS:
        forms.setdefault(part, form_of(request.subject, part))
    forms.setdefault("photo", PhotoForm())
    return render(request, "accounts/profile.html", {"forms": forms, "member": member, "shown": _shown(member)})


def _shown(member) -> list[dict]:
    """What of her everybody sees now."""
    return [
        {"name": name, "title": capfirst(_title(name)), "value": values.writer_of(Member._meta.get_field(name))(getattr(member, name))}
        for name in consent.shown(member)
    ]


def _title(name) -> str:
    """As it reads inside a sentence."""
    return str(Member._meta.get_field(name).verbose_name)
