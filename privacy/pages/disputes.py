"""A value that a person says is wrong, and that she cannot correct herself: looked at on the desk, and put right (Art. 16)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..casework import cases, weighing
from ..errors import NothingToCorrect, RowNotFound
from ..rights import rectification
from ..rights.statements import Place
from . import entries
from .forms import correction_form, form_page
from .opening import opened
from .people import desk_act
from .step_up import recently_identified


@form_page
@desk_act
@recently_identified
@opened
def put_right(request, asked, number):
    """What we recorded ourselves, and how she signs in, can be looked at and not be written here."""
    said = weighing.disputed(asked, number)
    subject = cases.subject_of(asked)
    if subject is None:
        raise RowNotFound
    place = _place(said)
    form = _form(request, subject, place)
    if form is not None and form.is_valid():
        try:
            weighing.put_right(asked, said, form.data.get(place.column, ""), actor_ref=request.subject.ref)
        except NothingToCorrect as refusal:
            form.add_error(place.column, refusal.sentence)
        else:
            messages.success(request, _("Corrected. Now answer the request, so that the person reads it."))
            return redirect("privacy:case", asked.ref)
    context = {"asked": asked, "said": said, "value": entries.value_at(subject, place), "form": form}
    return render(request, "privacy/put_right.html", context, status=400 if form is not None and form.is_bound else 200)


def _place(said) -> Place:
    label, _dot, column = said.about.rpartition(".")
    return Place(label, said.row_key, column)


def _form(request, subject, place):
    """None where this value is not written by us."""
    data_map, row = rectification.find(subject, place.label, place.key)
    if not rectification.may_put_right(data_map, data_map.lines[place.column]):
        return None
    return correction_form(data_map, [place.column])(request.POST if request.method == "POST" else None, instance=row)
