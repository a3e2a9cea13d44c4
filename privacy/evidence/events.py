"""What each event of the trail says to the person it is about; a test finds every event that is recorded and has no sentence."""

from django.utils.translation import gettext_lazy as _

from ..datamap import Right

# Event -> icon, and what it says: to who did it herself, and (where that differs) to whom somebody else did it.
SENTENCES = {
    "access.submitted": ("doc", _("You asked for a copy of your data.")),
    "portability.submitted": ("doc", _("You asked for the data you can take along.")),
    "rectification.submitted": ("pen", _("You corrected or completed your data.")),
    "erasure.submitted": ("bin", _("You asked us to erase everything.")),
    "restriction.submitted": ("pause", _("You asked us to put the use of your data on hold.")),
    "restriction.begun": ("pause", _("From this moment on we only keep your data, for the uses that are on hold.")),
    "restriction.announced": ("mail", _("We decided that a restriction of your data ends, and write to you before it does.")),
    "restriction.lifted": ("check", _("A restriction of your data ended: we use them again.")),
    "objection.submitted": ("hand", _("You said no to a use of your data.")),
    "withdrawal.submitted": ("cross", _("You stopped an access that you had allowed.")),
    "complaint.submitted": ("voice", _("You complained to us.")),
    "information.submitted": ("info", _("You asked us for an explanation.")),
    "erasure.run": ("eye", _("An operator had your erasure carried out.")),
    "hold.placed": ("lock", _("We hold something of yours, also when you have everything erased.")),
    "hold.prolonged": ("lock", _("We hold something of yours for longer.")),
    "hold.lifted": ("check", _("We no longer hold what we had set aside of you.")),
    "hold.expired": ("check", _("The time of a hold has passed: what we had set aside of you is gone.")),
    "hold.opened": ("eye", _("Somebody of ours opened what we had set aside of you.")),
    "desk.opened": ("eye", _("Our data protection officer opened your request.")),
    "desk.looked_up": ("search", _("Somebody of ours looked up your requests, by your address.")),
    "desk.settled": ("check", _("Somebody of ours did what had to be done for a request.")),
    "letter.to_post": ("mail", _("A letter to you goes by post.")),
    "letter.posted": ("mail", _("We put a letter to you in the post.")),
    "letter.returned": ("alert", _("A letter of ours to you did not arrive.")),
    "letter.mailed_again": ("mail", _("We mailed a letter to you once more.")),
    "message.written": ("send", _("You wrote to us about your request.")),
    "message.answered": ("mail", _("We wrote to you about your request.")),
    "breach.noted": ("alert", _("We noted that something went wrong with data.")),
    "breach.added": ("alert", _("We found out more about what went wrong with data.")),
    "breach.decided": ("voice", _("We decided whom to tell that something went wrong with data.")),
    "breach.told": ("mail", _("We wrote you that something went wrong with your data.")),
    "authority.noted": ("doc", _("A court or authority asked us for data.")),
    "authority.answered": ("doc", _("We answered a court or authority that asked us for data.")),
    "authority.told": ("doc", _("A court or authority asked us for your data, and got them as the law wants.")),
    "authority.refused": ("doc", _("A court or authority asked us for your data, and did not get them.")),
    "recipient.changed": ("pen", _("Somebody of ours changed what is on record about an organisation.")),
    "register.exported": ("doc", _("Somebody of ours made the papers by which we show that we keep the rules.")),
    "admin.opened": ("eye", _("An administrator of ours opened your data.")),
    "erasure.certified": ("check", _("We signed a certificate of the erasure.")),
    "ledger.replayed": ("turn", _("Our data was put back from a copy, and what was asked since then was done again.")),
    "subject.hidden": ("mask", _("From this moment on nobody sees you on the platform.")),
    "subject.shown": ("user", _("You are visible again.")),
    "consent.given": ("plug", _("You allowed a partner to receive data from your account.")),
    "consent.name_stays": ("user", _("You agreed that your name stays with what you published.")),
    "consent.withdrawn": ("cross", _("You stopped the access of a partner.")),
    "consent.narrowed": ("plug", _("You let a partner have less than before.")),
    "contact.given": ("plug", _("You allowed a partner to contact you with offers.")),
    "contact.withdrawn": ("hand", _("From this moment on a partner may not contact you with offers.")),
    "contact.none_wanted": ("hand", _("You want offers from no partner at all.")),
    "contact.asked_again": ("turn", _("Partners may ask again whether they may contact you with offers.")),
    "consent.ended": ("cross", _("We no longer work with a partner that you had allowed: its access ended.")),
    "partner.proposed": ("pen", _("You proposed something for an organisation.")),
    "partner.approved": ("check", _("You agreed to what an organisation proposed.")),
    "partner.refused": ("cross", _("You refused what an organisation proposed.")),
    "partner.published": ("eye", _("You published a partner.")),
    "partner.ended": ("cross", _("You ended the work with a partner.")),
    "partner.contact_added": ("plug", _("You speak for a partner from now on.")),
    "partner.contact_removed": ("plug", _("You no longer speak for a partner.")),
    "program.added": ("plus", _("You added a program of a partner.")),
    "program.secret_made": ("key", _("You made a new secret for a program of a partner.")),
    "program.secret_ended": ("key", _("You ended the earlier secret of a program of a partner.")),
    "account.address_added": ("mail", _("An e-mail address was added to your account.")),
    "account.address_confirmed": ("mail", _("Another address was confirmed: it signs in too.")),
    "account.connected": ("plug", _("An account elsewhere was connected: it signs in too.")),
    "account.address_removed": ("mail", _("An e-mail address was removed from your account.")),
    "account.address_changed": ("mail", _("Another address became your main address.")),
    "account.password_changed": ("lock", _("Your password was changed.")),
    "account.password_reset": ("lock", _("A new password was chosen by a link that we mailed.")),
    "account.password_set": ("lock", _("Your account got its first password.")),
    "account.factor_removed": ("shield", _("A second step of signing in was removed.")),
    "account.mailed_code": ("alert", _("Somebody signed in to your account by a mailed code, from a browser that we did not know.")),
    "account.new_browser": ("alert", _("Somebody signed in to your account from a browser that we did not know.")),
    "profile.given": ("eye", _("You agreed to show something of yourself on your page.")),
    "profile.withdrawn": ("mask", _("You took back something that your page showed.")),
    "arrival.taken_in": ("up", _("You took in data from an archive."), _("An operator took in data from an archive for you.")),
    "arrival.allowed": ("up", _("You allowed another platform to bring your data here.")),
    "arrival.refused": ("cross", _("What another platform brought of you could not be taken in.")),
    "arrival.stopped": ("cross", _("A transfer of your data to here was stopped.")),
    "transfer.asked": ("arrow", _("You chose a platform to take your data to.")),
    "transfer.allowed": ("plug", _("You said yes there: your data may go to the platform that you chose.")),
    "transfer.begun": ("up", _("Your data began to go to the platform that you chose.")),
    "transfer.done": ("check", _("The platform that you chose confirmed that your data arrived.")),
    "transfer.unconfirmed": ("alert", _("Your data went to the platform that you chose, and what it confirmed does not add up.")),
    "transfer.failed": ("cross", _("Taking your data to another platform did not work.")),
    "transfer.stopped": ("cross", _("Taking your data to another platform was stopped.")),
    "notice.given": ("alert", _("A moderator of ours asked you to follow the rules.")),
    "moderation.opened": ("eye", _("A moderator of ours opened what is on record about you.")),
    "retention.warned": ("clock", _("We mailed you that your account goes unless you use it.")),
    "retention.approved": ("check", _("The rule for accounts that nobody uses was approved.")),
    "retention.withdrawn": ("cross", _("The approval of the rule for accounts that nobody uses was withdrawn.")),
    "ban.added": ("lock", _("Your address was put on the list of banned addresses.")),
    "ban.seen": ("eye", _("Your ban was opened.")),
    "ban.looked_up": ("eye", _("The custodian looked up whether your address is banned.")),
    "ban.address_read": ("eye", _("The custodian read your address on the list of banned addresses.")),
    "ban.wrong_key": ("key", _("Somebody tried to read your address on the list of banned addresses, with a wrong key.")),
    "ban.kept": ("lock", _("Your ban was looked at again, and stays.")),
    "ban.withheld": ("mask", _("Your ban is left out of copies of your data, on a ground that the law gives.")),
    "ban.told_again": ("eye", _("Your ban stands in copies of your data again.")),
    "ban.rotated": ("key", _("The list of banned addresses got a new key.")),
    "ban.lifted": ("check", _("Your ban was lifted.")),
    "role.given": ("shield", _("You got a role on the platform.")),
    "setting.proposed": ("pen", _("A change of our settings was proposed.")),
    "setting.set": ("check", _("A setting of ours was changed.")),
    "setting.refused": ("cross", _("A change of our settings was refused.")),
    "trail.set_aside": ("turn", _("Heads of the trail that no longer fit, or were gone, were set aside.")),
    "role.taken": ("shield", _("A role of yours ended.")),
}
# The same for every right: what comes after the dot.
OF_ANY_RIGHT = {
    "submitted": ("doc", _("We noted a request of yours: %(right)s.")),
    "approved": ("check", _("We accepted your request: %(right)s.")),
    "ready": ("down", _("Your archive is ready.")),
    "fetched": ("down", _("You fetched your archive."), _("Somebody of ours fetched your archive.")),
    "exported": ("eye", _("An operator made a copy of your data.")),
    "fulfilled": ("check", _("We answered your request: %(right)s.")),
    "searched": ("eye", _("We searched everything for what might be left of you.")),
    "partly": ("check", _("We did a part of what you asked, and not the rest: %(right)s.")),
    "extended": ("clock", _("We took more time for your request, and wrote you why: %(right)s.")),
    "paused": ("pause", _("We asked you for something that we need for your request: %(right)s.")),
    "resumed": ("turn", _("We go on with your request: %(right)s.")),
    "identified": ("user", _("We looked who asked this, and it was you: %(right)s.")),
    "not_identified": ("alert", _("We looked who asked this, and could not see that it was you: %(right)s.")),
    "mandate_seen": ("eye", _("We saw the mandate of who asked this for you: %(right)s.")),
    "identity_lowered": ("alert", _("We proposed to see who asks in a weaker way: %(right)s.")),
    "identity_agreed": ("user", _("A second person of ours agreed to that weaker way: %(right)s.")),
    "refused": ("cross", _("We do not follow your request: %(right)s.")),
    "cancelled": ("turn", _("You took back your request: %(right)s."), _("A request of yours was taken back: %(right)s.")),
    "disowned": ("alert", _("You reported, by our mail, that this request was not yours: %(right)s.")),
    "overtaken": ("bin", _("This request ended with the erasure of your data: %(right)s.")),
    "replayed": ("turn", _("We did this once more, after our data was put back from a copy: %(right)s.")),
    "registered_again": ("turn", _("We noted your request once more, after our data was put back from a copy: %(right)s.")),
}
# Somebody looked at what is held of a person: these events, and of every right what comes after the dot where it was not herself.
LOOKS = (
    *("desk.opened", "desk.looked_up", "hold.opened", "admin.opened", "moderation.opened"),
    *("ban.seen", "ban.looked_up", "ban.address_read", "ban.wrong_key"),
    *(f"{right}.{what}" for right in Right.values for what in ("exported", "fetched")),
)
UNKNOWN = ("info", _("We noted this about you: %(event)s."))

# Done in the same moment as what was submitted, whose line says it.
SAID_BY_ANOTHER = ["withdrawal.fulfilled", "rectification.fulfilled"]
# Accepted without anybody looking at it, because she asked herself.
BY_ITSELF = ["access.approved", "portability.approved", "erasure.approved"]
# What comes after the dot where the code says why to the person too; what somebody wrote is a Remark.
GIVES_REASON = {"refused", "partly", "opened", "placed", "extended", "paused", "looked_up", "begun"}
# Whose line names the recipients that were told of it.
TELLS = {"withdrawal.submitted", "objection.submitted", "rectification.submitted", "erasure.fulfilled"}


def sentence_of(event: str, *, is_mine: bool) -> tuple[str, str]:
    """Icon and sentence, with room for %(right)s and %(event)s."""
    right, _dot, what = event.partition(".")
    icon, mine, *others = _of_her(event, is_mine) or (OF_ANY_RIGHT.get(what) if right in Right.values else None) or UNKNOWN
    return icon, others[0] if others and not is_mine else mine


def meanings() -> dict[str, str]:
    """Every event and what it says to the person it is about, whoever did it."""
    of_rights = {f"{right}.{what}": {"right": right.label} for right in Right for what in OF_ANY_RIGHT}
    known = dict.fromkeys([*SENTENCES, *of_rights])
    return {event: str(sentence_of(event, is_mine=False)[1]) % (of_rights.get(event) or {}) for event in known}


def _of_her(event, is_mine):
    """Sentences about asking say "you"; what somebody else entered for her reads otherwise."""
    return None if event.endswith(".submitted") and not is_mine else SENTENCES.get(event)
