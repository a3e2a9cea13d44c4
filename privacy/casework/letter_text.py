"""What a letter says: its title, its text and the files that come with it, in the language of whoever reads it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone, translation

from ..conf import setting
from ..datamap import registry
from ..days import ZONE
from ..evidence.recipients import went_to
from ..subjects import CORRESPONDENT, Subject
from . import certifying, not_me, outcome, pausing, was_it_you

# What a paragraph leaves that does not apply.
HOLE = re.compile(r"\n{3,}")


class Said(NamedTuple):
    title: str
    text: str
    files: Sequence[certifying.Attachment] = ()


def of(letter, *, on_paper=False, **beside) -> Said:
    """In her language: some of it is put into words here. On paper nothing can be clicked, and nothing comes with it but paper.

    The letter needs no row yet: a decision can be read before it is taken; `beside` takes the place of what it would read.
    """
    request = letter.request
    with translation.override(request.language), timezone.override(ZONE):
        certificate = certifying.certificate_of(request) if letter.kind == "answer" else None
        links = {} if on_paper else {"not_me": not_me.link_to(request), "was_it_you": was_it_you.link_to(request)}
        files = certifying.files_of(certificate) if certificate and not on_paper else ()
        context = {**_facts(letter), **_certificate(certificate), **links, "on_paper": on_paper, **beside}
        return said(f"privacy/letters/{letter.kind}", context)._replace(files=files)


def said(template: str, context: dict) -> Said:
    """In the language of the moment. The first line of a template is the title."""
    whom = {"controller": setting("CONTROLLER"), "dpo": setting("DPO"), "authority": setting("AUTHORITY")}
    title, text = render_to_string(f"{template}.txt", context | whom).split("\n", 1)
    return Said(title, HOLE.sub("\n\n", text.strip()) + "\n")


def _facts(letter) -> dict:
    request = letter.request
    return {
        "request": request,
        "letter": letter,
        "extension": request.extensions.last(),
        "pause": request.pauses.filter(begun_at__lte=letter.created_at).last(),
        "is_shown": pausing.is_shown(request, letter.created_at),
        "refused_uses": [activity.heading for activity in registry.activities() if activity.slug in request.refused_about],
        "outcome": outcome.of(request),
        "answer_by": request.answer_by,
        "effect": not_me.effect_on(request),
        "has_no_account": Subject.objects.filter(ref=request.subject_ref, kind=CORRESPONDENT).exists(),
        "went_to": went_to(request.subject_ref, letter.created_at) if letter.kind == "fetched" else None,
        "fetches": _fetches(request),
    }


def _certificate(certificate) -> dict:
    return {"certificate": certificate, "backups_end_on": certificate and certifying.backups_end_on(certificate)}


def _fetches(request) -> list[tuple]:
    """When its archive was fetched, and who got it where it went elsewhere."""
    fetched = request.letters.filter(kind="fetched").order_by("pk").values_list("created_at", flat=True)
    return [(at, went_to(request.subject_ref, at)) for at in fetched]
