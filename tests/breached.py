"""Breaches as tests speak of them."""

from datetime import timedelta

from django.utils import timezone

from privacy.casework.registers import breaching

FACTS, EFFECTS, MEASURES = "Een lijst ging naar een verkeerd adres.", "Iemand kan je schrijven in onze naam.", "De lijst werd gewist."


def known(*activities, **said):
    texts = {"facts": FACTS, "effects": EFFECTS, "measures": MEASURES, "contact": "Daan, dpo@platform.example"}
    return {"kinds": ["confidentiality"], "activities": list(activities or ["usage"]), "risk": "some"} | texts | said


def make_breach(*activities, hours_ago=1, refs=(), by="dpo", **said):
    now = timezone.now()
    aware_at = now - timedelta(hours=hours_ago)
    return breaching.note(
        title="Lijst verkeerd verstuurd", aware_at=aware_at, known=known(*activities, **said), refs=refs, actor_ref=by, now=now
    )


def told_authority(breach, *, seen=1, words="", at=None, **said):
    options = {"way": "form", "reference": "GBA-1", "words": words, "actor_ref": "dpo"} | said
    return breaching.tell_authority(breach.ref, seen=seen, at=at or timezone.now(), **options)


def told_persons(breach, *, seen=1, **said):
    texts = {"words": "Je adres ging naar een verkeerde mailbox.", "effects": EFFECTS, "measures": "Let op vreemde mails."} | said
    return breaching.tell_persons(breach.ref, seen=seen, **texts, actor_ref="dpo")
