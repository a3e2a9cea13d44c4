"""To publish material, to change it, and to take it back; somebody else's is not found."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from privacy.pages.forms import form_page
from privacy.pages.people import person_page

from .. import publishing
from ..documents.findings import MOST_NAMES
from ..forms import ChangeForm, MaterialForm
from ..models import Publication, Resource
from .writing import keeps_words, try_to


@form_page
@keeps_words("description")
@person_page
def publish(request):
    form = MaterialForm(*_sent(request), member=request.user, initial={"shown": "name"})
    published = try_to(form, lambda sent: publishing.publish(request.user, number=sent["number"], **form.parts))
    if not published:
        return _ask(request, "usage/publish.html", form)
    messages.success(request, _("Your material is published."))
    _tell_of_file(request, form.cleaned_data["file"])
    return redirect("usage:resource", published.resource_id)


@form_page
@keeps_words("description")
@person_page
def change(request, key):
    publication = _own(request, key)
    form = ChangeForm(*_sent(request), member=request.user, publication=publication)
    if not try_to(form, lambda _sent: publishing.change(publication, **form.parts)):
        return _ask(request, "usage/change.html", form, publication=publication)
    messages.success(request, _("Your material is changed."))
    _tell_of_file(request, form.cleaned_data["file"])
    return redirect("usage:resource", key)


@form_page
@person_page
def withdraw(request, key):
    publication = _own(request, key)
    if request.method != "POST":
        return render(request, "usage/withdraw.html", {"publication": publication})
    publishing.withdraw(publication)
    messages.success(request, _("Your material is gone. What others wrote beside it stays, without title or name."))
    return redirect("usage:resources")


def _own(request, key) -> Publication:
    """In two steps: a column that refers to a number fails on one that is too large, a key is just not found."""
    return get_object_or_404(request.user.publications.select_related("resource"), resource__in=Resource.objects.filter(pk=key))


def _sent(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _ask(request, template, form, **context):
    return render(request, template, {"form": form, **context}, status=400 if form.is_bound else 200)


def _tell_of_file(request, document):
    """What was taken out of it, and which names are still in it."""
    if document is None:
        return
    removed, names = sorted(map(str, document.findings.removed)), sorted(document.findings.names)[:MOST_NAMES]
    if removed:
        messages.info(request, _("From your file we removed: %(what)s.") % {"what": get_text_list(removed, _("and"))})
    if names:
        said = _(
            "Your file still names people, beside comments or changes in it: %(names)s. Others will read that."
            " Do you not want it? Take those out, and bring the file again."
        )
        messages.warning(request, said % {"names": get_text_list(names, _("and"))})
