"""Who broke the rules on the site: one member got notices, another is banned and objects."""

from accounts.misconduct import moderating, objecting, roles, sealing
from accounts.models import Member
from config.demo import people
from tests import makers, misconduct

GUST, FONS = people.address_of("Gust", "Maes"), people.address_of("Fons", "Maes")
SAID = "Je plaatste drie keer een betalend boek van een uitgever bij het lesmateriaal. Haal het weg en deel alleen wat van jou is."
BREACH = "Verkocht de adressen van collega's aan een uitgever, op 12 november 2026. De uitgever bevestigde het ons."


def environment() -> dict[str, str]:
    """The custodian has a key, so that addresses are sealed for her."""
    return {"INZAGE_CUSTODIAN_KEY": sealing.make_pair(misconduct.PASSPHRASE)[1]}


def moderate(custodian, moderator) -> dict:
    custodian, moderator = (Member.objects.get(email=email) for email in (custodian, moderator))
    roles.appoint(custodian, "custodian")
    roles.appoint(moderator, "moderator")
    gust, fons = (makers.make_member(name, last_name="Maes", password=people.PASSWORD) for name in ("Gust", "Fons"))
    for each in (gust, fons):
        for notice in misconduct.warn(each, by=moderator):
            type(notice).including_hidden.filter(pk=notice.pk).update(text=SAID)
    banned = moderating.put_ban(fons, BREACH, by=moderator.subject)
    objecting.say_no(banned, fons.subject, "Ik heb niets verkocht. De uitgever vergist zich van persoon.")
    banned.of_same_person().update(review_on=banned.banned_at)
    token = objecting.link_to(banned).rstrip("/").rpartition("/")[2]
    return {"warned": str(gust.pk), "banned": banned.pk, "objecting": token}
