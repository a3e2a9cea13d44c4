"""What of her own data a person corrects, and what she sets beside a value that stays as it is (Art. 16)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ..casework import at_once, weighing
from ..datamap import registry
from ..errors import InvalidCorrection, NothingToCorrect
from ..evidence.recipients import Notice
from ..rights import rectification
from ..rights.statements import Place
from ..subjects import Subject
from . import attributes, entries
from .forms import StatementForm, correction_form
from .people import person_page
from .step_up import evidence


@person_page
def choose(request):
    """All that can be corrected, with its present values."""
    tables, elsewhere = entries.of(request.subject)
    return render(request, "privacy/correct.html", {"tables": tables, "elsewhere": elsewhere})


@person_page
def row(request, label, key):
    form = form_of(request.subject, label, key, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (done := save(request, label, key, form)):
        messages.success(request, what_changed(request.subject, done, form))
        return redirect("privacy:correct")
    context = {"entry": entries.one(request.subject, label, key), "title": entries.title_of(registry.labelled(label))}
    return render(request, "privacy/correct_row.html", {"form": form, **context})


def form_of(subject, label, key, data=None, *, only=None):
    """The columns of a row that she may correct, or those of `only`: a host's own page shows a part. RowNotFound for another's row."""
    data_map, instance = rectification.find(subject, label, key)
    lines = rectification.lines_of(data_map, subject, [instance])[instance.pk]
    names = [line.name for line in lines if line.rectify and (only is None or line.name in only)]
    return correction_form(data_map, names)(data, instance=instance)


def save(request, label, key, form):
    """The request, or None where the form says what is wrong. The lock is the one that `at_once.correct` takes first."""
    if not form.changed_data:
        return form.add_error(None, _("You changed nothing in this window."))
    try:
        with transaction.atomic():
            Subject.objects.select_for_update(no_key=True).filter(pk=request.subject.pk).first()
            if form.is_outdated(form_of(request.subject, label, key, only=form.fields)):
                return None
            changes = {(label, key): form.changes()}
            return at_once.correct(request.subject, changes, identified_by=evidence(request))
    except InvalidCorrection as refusal:
        for name, errors in refusal.errors.items():
            form.add_error(name if name in form.fields else None, list(errors))
    except NothingToCorrect as refusal:
        form.add_error(None, refusal.sentence)


def what_changed(subject, done, form) -> str:
    """Which fields, and which partners hear of it (Art. 19)."""
    said = _("Corrected: %(fields)s.") % {"fields": get_text_list([_name(form, name) for name in form.changed_data], _("and"))}
    notices = Notice.objects.filter(subject_ref=subject.ref, request_ref=done.ref).select_related("recipient").order_by("recipient__name")
    told = [f"{notice.recipient.name} ({attributes.in_words(subject, notice.attributes)})" for notice in notices]
    if not told:
        return said + " " + _("Nobody else received these data, so nobody has to be told.")
    return said + " " + _("We tell who received them: %(recipients)s.") % {"recipients": ", ".join(told)}


def _name(form, name) -> str:
    """As it reads inside a sentence."""
    return str(form.instance._meta.get_field(name).verbose_name)


@person_page
def statement(request, label, key, column):
    """Words beside a locked value; sent without any, they are taken away."""
    place = Place(label, key, column)
    if "take_away" in request.POST:
        return _state(request, place, "", _("Taken away. Nothing of yours stands beside the value any more."))
    value = entries.value_at(request.subject, place)
    if value.is_open:
        return redirect("privacy:correct_row", label=label, key=key)
    before = {"text": value.statement.text} if value.statement else {}
    form = StatementForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["disputed"]:
            return _dispute(request, place, form.cleaned_data["text"])
        return _state(request, place, form.cleaned_data["text"], _("Kept. What you wrote stands beside the value from now on."))
    return render(request, "privacy/statement.html", {"form": form, "value": value, "place": place})


def _dispute(request, place, text):
    asked = weighing.dispute(request.subject, place, text, identified_by=evidence(request))
    messages.success(request, _("We look into it. Until then these data are only kept, where that is possible."))
    return redirect("privacy:request", asked.ref)


def _state(request, place, text, said):
    try:
        at_once.state(request.subject, place, text, identified_by=evidence(request))
        messages.success(request, said)
    except NothingToCorrect:
        messages.info(request, _("Nothing changed: this is how it stood there already."))
    return redirect("privacy:correct")
