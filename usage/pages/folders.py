"""A member's own folders: what is in them, their names, and removing them. Those of others are not found."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.pages.forms import form_page
from privacy.pages.paging import nearest_page
from privacy.pages.people import person_page

from .. import keeping
from ..forms import FavouriteForm, FolderForm
from ..models import Favourite
from .writing import keeps_words, sent_in, try_to

AT_ONCE = 24


@form_page
@person_page
def folders(request):
    form = FolderForm(sent_in(request))
    if try_to(form, lambda sent: keeping.make_folder(request.user, sent["name"])):
        messages.success(request, _("Your folder is ready."))
        return redirect("usage:folders")
    own = keeping.folders_of(request.user).annotate(kept=Count("favourites"))
    return render(request, "usage/folders.html", {"folders": own, "form": form}, status=400 if form.is_bound else 200)


@form_page
@person_page
def folder(request, key):
    own = _folder(request, key)
    form = FolderForm(sent_in(request), initial={"name": own.name})
    if try_to(form, lambda sent: keeping.rename(own, sent["name"])):
        messages.success(request, _("Your folder has its new name."))
        return redirect("usage:folder", key)
    kept = Favourite.objects.filter(folder=own).select_related("resource").order_by("-added_at", "pk")
    page = nearest_page(kept, request.GET.get("page", ""), size=AT_ONCE)
    return render(request, "usage/folder.html", {"folder": own, "page": page, "form": form}, status=400 if form.is_bound else 200)


@form_page
@person_page
def remove(request, key):
    own = _folder(request, key)
    if request.method != "POST":
        return render(request, "usage/remove_folder.html", {"folder": own, "kept": own.favourites.count()})
    keeping.remove_folder(own)
    messages.success(request, _("Your folder is removed."))
    return redirect("usage:folders")


@form_page
@keeps_words("note")
@person_page
def favourite(request, key):
    own = _favourite(request, key)
    form = FavouriteForm(
        sent_in(request),
        folders=keeping.folders_of(request.user),
        initial={"note": own.note, "folder": own.folder_id},
    )
    if try_to(form, lambda sent: keeping.change(own, request.user, **sent)):
        messages.success(request, _("Saved."))
        return redirect("usage:folder", form.cleaned_data["folder"])
    return render(request, "usage/favourite.html", {"favourite": own, "form": form}, status=400 if form.is_bound else 200)


@require_POST
@person_page
def remove_favourite(request, key):
    own = _favourite(request, key)
    keeping.remove(own)
    messages.success(request, _("It is out of your folder."))
    return redirect("usage:folder", own.folder_id)


def _folder(request, key):
    return get_object_or_404(keeping.folders_of(request.user), pk=key)


def _favourite(request, key):
    return get_object_or_404(Favourite.objects.select_related("resource", "folder"), folder__member=request.user, pk=key)
