"""What the members of the site did with each other, so that their pages have something to show."""

import uuid
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Member
from tests import makers
from usage import recommending
from usage.models import Resource

LESSONS = ["Breuken vergelijken met pizza's", "Hoofdrekenen tot 100", "De Romeinen in onze streek", "Werkwoordspelling oefenen"]
SAID = [
    "Dag An, ik gebruikte gisteren je les over breuken. De leerlingen vonden de pizza's fantastisch.",
    "Leuk om te horen! Heb je ook het werkblad met de antwoorden gebruikt?",
    "Nog niet, ik vond het niet meteen terug.\nKan je me zeggen in welke map het staat?",
]
QUESTIONS = [
    "Waar vind ik mijn oude favorieten terug?",
    "Op mijn gsm valt de knop Bewaren buiten het scherm. Kan dat beter?",
]


def meet(an, other, colleague) -> dict:
    """`other` publishes what `an` follows and might use, and they write to each other; `colleague` answers what people ask."""
    an, other = Member.objects.get(email=an), Member.objects.get(email=other)
    _publish(an, other)
    makers.make_follow(an, other)
    makers.make_follow(other, an)
    asked = [makers.make_feedback(f"ouder{number}@elders.example", text) for number, text in enumerate(QUESTIONS)]
    makers.make_feedback("leraar@school.example", "Bedankt voor de snelle hulp.", answered_at=timezone.now())
    Member.objects.get(email=colleague).user_permissions.add(Permission.objects.get(codename="view_feedback"))
    return {"other": str(other.pk), "conversation": str(_talk(an, other)), "feedback": asked[0].pk}


def _publish(an, other):
    """About what she opens most, and searched and downloaded a little."""
    found = recommending.interests(an)
    for number, title in enumerate(LESSONS):
        interest = found[number % len(found)]
        resource = makers.make_resource(title, subject_taught=interest.subject_taught, level=interest.level)
        makers.make_publication(other, resource, published_at=timezone.now() - timedelta(days=number * 9))
    makers.make_publication(an, makers.make_resource("Kommagetallen op de getallenas", level="primary"))
    for words in ("breuken", "romeinen werkblad", "hoekwerk taal"):
        makers.make_search(an, words)
    makers.make_download(an, Resource.objects.filter(resourceview__member=an).first())


def _talk(an, other):
    """The last is new to her."""
    number = uuid.uuid4()
    for hours_ago, sender, text in zip((3, 2, 1), (other, an, other), SAID, strict=True):
        sent_at = timezone.now() - timedelta(hours=hours_ago)
        read_at = sent_at if hours_ago > 1 else None
        makers.make_message(sender, an if sender == other else other, text, sent_at=sent_at, read_at=read_at, conversation=number)
    return number
