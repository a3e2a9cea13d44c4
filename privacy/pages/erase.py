"""Erasure in two pages: look and choose, then confirm; and the page that says goodbye (Art. 17)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import logout
from django.core import signing
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..casework import cases, deadlines, going_on
from ..casework.requests import DataSubjectRequest
from ..conf import setting
from ..datamap import ErasureGround, Right, registry
from ..days import day_of
from ..errors import PreviewOutdated, RequestAlreadyOpen, UnknownGround
from ..evidence import trail
from ..rights import successors
from ..subjects import Subject
from . import consequences
from .forms import form_page
from .people import person_page
from .step_up import evidence, recently_identified

# What she types, and what may stand around it.
SENTENCE = gettext_lazy("erase my data")
AROUND = " .\"'“”„«»\u2018\u2019"
CHOICE = "for_"
# Signs whose page a second click comes from, which has no session any more; as long as a page stays open.
LEAVING, LEAVING_SECONDS = "privacy.leaving", 3600

# The grounds of Art. 17(1) as a person says them.
REASONS = {
    ErasureGround.NO_LONGER_NECESSARY: gettext_lazy("I do not need it any more"),
    ErasureGround.CONSENT_WITHDRAWN: gettext_lazy("I take back my consent"),
    ErasureGround.OBJECTION: gettext_lazy("I object to what you do with my data"),
    ErasureGround.UNLAWFUL: gettext_lazy("You were not allowed to use my data"),
    ErasureGround.LEGAL_DUTY: gettext_lazy("A law says that my data must go"),
    ErasureGround.CHILD: gettext_lazy("I was a child when I gave them"),
}


class Reason(NamedTuple):
    """One ground to choose from."""

    ground: str
    text: str
    term: str


@dataclass(frozen=True)
class Asked:
    """What the address of the pages says: her choice per group, the ground, and which preview she looked at."""

    choices: dict[str, str]
    ground: str
    seen: str

    @property
    def query(self) -> str:
        choices = {f"{CHOICE}{group}": choice for group, choice in self.choices.items()}
        return urlencode(choices | {"ground": self.ground} if self.ground else choices)


class Confirmation(forms.Form):
    """A sentence to type, in her language; capitals, spaces around it, quotes and a full stop do not matter."""

    use_required_attribute = False

    sentence = forms.CharField(
        help_text=gettext_lazy("So that it cannot happen by accident. Capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["sentence"].label = _("To confirm, type: %(sentence)s") % {"sentence": SENTENCE}
        self.fields["sentence"].error_messages["required"] = self._other_words()

    def clean_sentence(self):
        if _bare(self.cleaned_data["sentence"]) != _bare(str(SENTENCE)):
            raise forms.ValidationError(self._other_words())
        return self.cleaned_data["sentence"]

    def _other_words(self):
        return _("Nothing is erased yet. Type these words: %(sentence)s") % {"sentence": SENTENCE}


@require_safe
@person_page
def look(request):
    opened = _open_erasure(request.subject)
    if opened:
        return redirect("privacy:request", opened.ref)
    successors.refuse_last(request.subject)
    asked = _asked(request)
    told = consequences.of(request.subject, asked.choices)
    return render(request, "privacy/erase.html", {"asked": asked, "told": told, "reasons": _reasons(), **_circumstances(request.subject)})


@form_page
@never_cache
def confirm(request):
    """A second click on the last button comes without a session: it gets the answer of the first."""
    opened = _just_left(request)
    return goodbye(request, opened) if opened else _confirm(request)


@person_page
@recently_identified
def _confirm(request):
    opened, asked = _open_erasure(request.subject), _asked(request)
    if opened:
        return redirect("privacy:request", opened.ref)
    if request.method != "POST":
        return _page(request, asked, Confirmation()) if asked.seen else redirect(_look_again(asked))
    form = Confirmation(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    return _erase(request, asked, form)


def _erase(request, asked, form):
    try:
        return goodbye(request, _submit(request, asked))
    except PreviewOutdated:
        return _page(request, asked, form, status=409)
    except RequestAlreadyOpen as already:
        request.subject.refresh_from_db()
        return goodbye(request, already.request) if request.subject.hidden_at else redirect("privacy:request", already.request.ref)


@transaction.atomic
def _submit(request, asked) -> DataSubjectRequest:
    """Received and accepted in one: nobody has to judge this. That a name stays is a consent, which the trail remembers with its moment."""
    subject = request.subject
    given = {"choices": asked.choices, "ground": asked.ground, "seen": request.POST.get("seen", "")}
    opened = going_on.waiting(subject)
    if opened:
        going_on.go_on(opened, subject=subject, identified_by=evidence(request), **given)
    else:
        opened = cases.submit(Right.ERASURE, subject=subject, identified_by=evidence(request), **given)
    for group in [group for group, choice in asked.choices.items() if choice == "name_stays"]:
        trail.record("consent.name_stays", subject_ref=subject.ref, actor_ref=subject.ref, request_ref=opened.ref, reason=group[:60])
    cases.approve(opened, subject=subject)
    return opened


def goodbye(request, opened):
    """Hiding ended her sessions, this one too: what is left to say needs none."""
    logout(request)
    return render(request, "privacy/erase_goodbye.html", {"opened": opened})


def _page(request, asked, form, status=200):
    """The last page with today's figures, and what is different from the ones that she saw."""
    told = consequences.of(request.subject, asked.choices)
    changes = told.since(request.POST.getlist("rows")) if request.POST.get("seen", told.fingerprint) != told.fingerprint else []
    context = {
        "asked": asked,
        "told": told,
        "form": form,
        "changes": changes,
        "is_outdated": status == 409 or (request.method != "POST" and asked.seen != told.looked_at),
        "reason": "" if asked.ground in {"", ErasureGround.NO_LONGER_NECESSARY} else REASONS[asked.ground],
        "leaving": signing.dumps(str(request.subject.ref), salt=LEAVING),
        "look_again": _look_again(asked),
        **_circumstances(request.subject),
    }
    return render(request, "privacy/erase_confirm.html", context, status=status)


def _circumstances(subject) -> dict:
    """What both pages say beside the figures: when, and who else."""
    now = timezone.now()
    return {
        "erased_at": now + timedelta(days=setting("ERASURE_GRACE_DAYS")),
        "answer_by": deadlines.raw_due_on(day_of(now)),
        "grace_days": setting("ERASURE_GRACE_DAYS"),
        "recipients": consequences.recipients_of(subject),
        "elsewhere": registry.elsewhere,
        "permissions_page": setting("PERMISSIONS_PAGE"),
    }


def _asked(request) -> Asked:
    """UnknownGround where the ground is none; choices are judged by the preview."""
    choices = {name.removeprefix(CHOICE): choice for name, choice in request.GET.items() if name.startswith(CHOICE)}
    ground = request.GET.get("ground", "")
    if ground and ground not in ErasureGround.values:
        raise UnknownGround
    return Asked(choices, ground, request.GET.get("seen", ""))


def _look_again(asked) -> str:
    return f"{reverse('privacy:erase')}?{asked.query}"


def _reasons() -> list[Reason]:
    return [Reason(ground.value, text, ground.label) for ground, text in REASONS.items()]


def _open_erasure(subject) -> DataSubjectRequest | None:
    """One that she asked by our form is no answer yet: here she goes on with it."""
    opened = DataSubjectRequest.objects.about(subject).open_one(Right.ERASURE)
    return opened if opened and not going_on.is_waiting(opened) else None


def _just_left(request) -> DataSubjectRequest | None:
    """The erasure of who sent this page before, signed out by it; None for anyone else."""
    if request.method != "POST" or request.user.is_authenticated:
        return None
    try:
        ref = signing.loads(request.POST.get("leaving", ""), salt=LEAVING, max_age=LEAVING_SECONDS)
    except signing.BadSignature:
        return None
    subject = Subject.objects.hidden().filter(ref=ref).first()
    return _open_erasure(subject) if subject else None


def _bare(words: str) -> str:
    return " ".join(words.split()).strip(AROUND).casefold()
