"""The engine's refusals: each a translated sentence for the person, nothing secret."""

from django.utils.translation import gettext_lazy as _


class PrivacyError(Exception):
    """A refusal; `sentence` may be shown to the person."""

    sentence = _("This is not possible.")

    def __init__(self, sentence=None):
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)

    def __str__(self):
        return str(self.sentence)


class UnknownPerson(PrivacyError):
    sentence = _("No account has this address. Check the spelling.")


class RequestAlreadyOpen(PrivacyError):
    """Carries the older request, which a duplicate points to and never blocks (T-14)."""

    def __init__(self, request):
        self.request = request
        super().__init__(_("You already have an open request of this kind: %(ref)s. We are working on it.") % {"ref": request.ref})


class ReceivedInFuture(PrivacyError):
    sentence = _("A request is received at the latest now: the time to answer it counts from then.")


class RequestNotFound(PrivacyError):
    sentence = _("There is no request with this number for this person.")


class RequestNotApproved(PrivacyError):
    sentence = _("This request has not been approved, or it is already closed.")


class TooEarly(PrivacyError):
    sentence = _("The time in which the person can still go back has not passed.")


class PreviewOutdated(PrivacyError):
    sentence = _("Your data changed since you looked. Look again at what will be erased, then confirm.")


class UnknownScope(PrivacyError):
    sentence = _("Choose which data you want, and a beginning that lies before the end.")


class UnknownChoice(PrivacyError):
    sentence = _("For each group of publications choose: former member, my name stays, or remove.")


class RowNotFound(PrivacyError):
    sentence = _("This does not exist, or it is not yours.")


class RefusalIncomplete(PrivacyError):
    sentence = _("A refusal needs a ground and the reasons in words.")


class GroundNotOfRight(PrivacyError):
    sentence = _("This right cannot be refused on that ground.")


class ExcessNotShown(PrivacyError):
    """A single request, or one after more than a year, is never excessive (Art. 12(5); G-11)."""

    sentence = _("Excessive takes an earlier request of this kind, of at most a year before, and in your words what shows the excess.")


class IdentityNotTried(PrivacyError):
    sentence = _("Nobody is refused for who asks before you looked at least twice, and note both looks (Art. 12(2)).")


class PartNotNamed(PrivacyError):
    sentence = _("Say which uses you refuse: at least one, and not all of them.")


class UseNotNamed(PrivacyError):
    """A yes to an objection or a restriction that names no use would stop nothing."""

    sentence = _(
        "It names no use, and nothing is on hold for what it asks, so a yes would stop nothing. First put a use on hold from the request."
    )


class ExtensionIncomplete(PrivacyError):
    sentence = _("More time needs one of the reasons that the law gives, and in words what makes it so here.")


class AlreadyExtended(PrivacyError):
    sentence = _("The time to answer was extended before. That is possible once.")


class TooLateToExtend(PrivacyError):
    sentence = _("The first month has passed. More time can be taken only in that month, and has to be told in it (Art. 12(3)).")


class AlreadyPaused(PrivacyError):
    sentence = _("The clock of this request stands still already.")


class NotPaused(PrivacyError):
    sentence = _("The clock of this request runs.")


class StillPaused(PrivacyError):
    sentence = _("We wait for something that we asked this person. Let the clock go on first, then decide.")


class NothingToWaitFor(PrivacyError):
    sentence = _("This is being carried out. There is nothing left to ask the person.")


class NoDoubt(PrivacyError):
    """Signing in is proof enough (Art. 12(6), rec. 57; G-13)."""

    sentence = _("This person was signed in. That shows who it is, so the clock does not stop for it.")


class FieldNotOpen(PrivacyError):
    sentence = _("This field cannot be corrected here. You can ask us to correct it.")


class InvalidCorrection(PrivacyError):
    """Carries `errors`: column -> list of sentences."""

    sentence = _("One of the values cannot be saved. Nothing was changed.")

    def __init__(self, errors):
        self.errors = errors
        super().__init__()


class NothingToCorrect(PrivacyError):
    sentence = _("These are the values we already have.")


class ReferencesRemain(PrivacyError):
    """A step of an erasure met rows that the data map does not know; what it had begun was undone."""

    def __init__(self, table):
        self.table = table
        sentence = _(
            "Rows in %(table)s still point to this person or to a row that goes too. Declare them in the data map; this step was undone."
        )
        super().__init__(sentence % {"table": table})


class RowsFollow(PrivacyError):
    """Rows cannot be taken out and put back where the database does something by itself while they are out."""

    def __init__(self, table):
        self.table = table
        sentence = _(
            "In %(table)s a trigger listens, or rows elsewhere are deleted with its rows, so its rows cannot be mixed. Take that away."
        )
        super().__init__(sentence % {"table": table})


class AppendOnly(PrivacyError):
    sentence = _("This table only grows: its rows are never changed or deleted.")


class KeyDestroyed(PrivacyError):
    sentence = _("The key of this request was destroyed; what it sealed can no longer be read.")


class LetterMovedOn(PrivacyError):
    sentence = _("This letter is no longer as you saw it. Look at it again; nothing was changed.")


class NotABounce(PrivacyError):
    sentence = _("This is no report of a mail server that a letter did not arrive.")


class ConversationClosed(PrivacyError):
    sentence = _("This request is closed, so nothing more is written here. Your text was not sent.")


class SigningKeyUnreadable(PrivacyError):
    """Carries the file; for who runs the installation."""

    def __init__(self, file):
        self.file = file
        sentence = _("The key file %(file)s cannot be read, so no archive can be signed. Put it back from your backup.")
        super().__init__(sentence % {"file": file})


class LedgerUnwritable(PrivacyError):
    """Carries why, in the words of the operating system."""

    sentence = _("We cannot note this safely right now, so we did not do it. Nothing was changed; try again in a few minutes.")

    def __init__(self, why=""):
        self.why = why
        super().__init__()


class LedgerBroken(PrivacyError):
    """Carries the number of the line; for who runs the installation."""

    def __init__(self, number):
        self.number = number
        sentence = _("The replay ledger is not whole: line %(number)s is missing or was changed. Put it back from your copy.")
        super().__init__(sentence % {"number": number})


class DatabaseOlder(PrivacyError):
    sentence = _("Our database was put back from a copy, and what people asked since then is being done again. Try again later.")


class ReplayUnderWay(PrivacyError):
    sentence = _("Another process is replaying the ledger.")


class NotReplayed(PrivacyError):
    """Carries the line; for who runs the installation."""

    def __init__(self, line, why):
        self.line = line
        super().__init__(_("%(line)s could not be done again: %(why)s. Those before it are done.") % {"line": line, "why": why})


class ArchiveUnavailable(PrivacyError):
    sentence = _("There is no archive to fetch: it is not ready yet, or its time has passed. You can ask for a new one.")


class ArchiveIncomplete(PrivacyError):
    """What was written is not what the database gave; the attempt is made again."""

    sentence = _("The archive did not become complete. We try again.")


class TooManyArchives(PrivacyError):
    """Carries `again_at`, from when on there may be one more (T-24)."""

    sentence = _("You asked for many archives in the past day, and each takes work.")

    def __init__(self, again_at):
        self.again_at = again_at
        super().__init__()


class TooManyRequests(PrivacyError):
    sentence = _("You asked for a great deal in the past day. Nothing was changed; go on tomorrow, or write to us.")


class TooManyMessages(TooManyRequests):
    sentence = _("You wrote many messages in the past day. Your text was not sent; go on tomorrow, or mail us.")


class ArchiveMixedUp(PrivacyError):
    """The file is not the one that was made for this request (T-10)."""

    sentence = _("This archive failed a check and was not opened. Ask us for a new one.")


class UnknownGround(PrivacyError):
    sentence = _("Choose one of the reasons that are listed, or none.")


class TooManyTries(PrivacyError):
    """Carries `until`, when the next try is possible."""

    sentence = _("This was tried too often.")

    def __init__(self, until):
        self.until = until
        super().__init__()


class TooManyCodes(TooManyTries):
    sentence = _("We mailed you several codes already.")


class CodeNotSent(PrivacyError):
    """Carries the kind of error of the mail server, never its words."""

    sentence = _("The mail server did not take our mail. That is our fault; try again in a few minutes.")

    def __init__(self, kind):
        self.kind = kind
        super().__init__()


class NoWayToIdentify(PrivacyError):
    sentence = _("We have no confirmed address of yours to mail a code to.")


class LinkUnknown(PrivacyError):
    sentence = _("We do not know this link. Maybe a part of it was lost: copy it whole from our letter.")


class LinkExpired(PrivacyError):
    sentence = _("This link is older than 30 days and no longer works.")


class NotTakenIn(PrivacyError):
    """What somebody brought is refused as a whole; nothing of it was kept."""


class NotAnArchive(NotTakenIn):
    sentence = _("This is not an archive that we can read. Bring the zip file as it was downloaded, without unpacking it.")


class ArchiveDamaged(NotTakenIn):
    sentence = _("This archive is not as it was made: something is missing, broken or changed. Download it once more and bring that file.")


class ArchiveTooNew(NotTakenIn):
    sentence = _("This archive was made by a newer version than ours. We cannot read it yet.")


class ArchiveTooOld(NotTakenIn):
    sentence = _("This archive was made before we signed them, so we cannot see that it is whole. Ask there for a new one.")


class ArchiveTooLarge(NotTakenIn):
    sentence = _("This archive is larger than we take in at once. Write to us, then we do it together.")


class ArchiveOfAnotherPerson(NotTakenIn):
    sentence = _("This archive is of somebody else: it has none of your confirmed addresses, or another reference than yours.")


class ArchiveOfAnotherMaker(NotTakenIn):
    """Carries `issuer`, as the archive says it."""

    def __init__(self, issuer):
        self.issuer = issuer
        shown = issuer if issuer.isprintable() and 0 < len(issuer) <= 200 else "?"
        super().__init__(
            _("We do not know who made this archive: %(issuer)s. We only take in archives of makers that we know.") % {"issuer": shown}
        )


class MakerUnreadable(NotTakenIn):
    """We trust this maker, and its keys are not where our settings say (W007)."""

    def __init__(self, issuer):
        self.issuer = issuer
        super().__init__(_("We know who made this archive, but cannot check the signature right now: the fault is ours. Write to us."))


class NoRoomToWait(NotTakenIn):
    sentence = _("We cannot keep your archive while you look at it: our disk is full. Nothing changed. Try again later.")


class TakingInBusy(NotTakenIn):
    sentence = _("Others are bringing an archive right now. Try again in a minute.")


class NothingWaits(NotTakenIn):
    sentence = _("The archive that you brought is not here any more: we keep it for one hour, in the same session. Bring it again.")


class AccountNotOpen(NotTakenIn):
    sentence = _("This account is about to be erased, or was erased. Nothing was taken in; take that back first.")


class WhileRestricted(PrivacyError):
    sentence = _("This use of the data is on hold: they are kept as they are until that ends. Nothing was changed.")


class RestrictionIncomplete(PrivacyError):
    sentence = _("A restriction needs one of the grounds of Art. 18(1) and at least one use of data.")


class AlreadyRestricted(PrivacyError):
    sentence = _("This is on hold already, on this ground.")


class RestrictionNotFound(PrivacyError):
    sentence = _("There is no such restriction, or it has ended.")


class NotTold(PrivacyError):
    """Carries `from_on`: the first day on which it may end, or None while our letter has not gone out."""

    def __init__(self, from_on=None):
        self.from_on = from_on
        super().__init__(_("The person has to hear it first, by a letter that went out long enough ago. Nothing was changed."))


class NotForPost(PrivacyError):
    sentence = _("No letter about an end waits for the post here: the person has an address for mail, or there is nothing to tell.")


class HoldIncomplete(PrivacyError):
    sentence = _("A hold needs what it is about, one of the five grounds of Art. 17(3), and the reason in words.")


class HoldTooLong(PrivacyError):
    sentence = _("Choose an end within ten years, and a day from tomorrow on, at the latest that end, on which you look at it again.")


class AlreadyHeld(PrivacyError):
    sentence = _("This is held already. Prolong or lift the hold that is there.")


class HoldTooLate(PrivacyError):
    sentence = _("The erasure of this person has begun. Nothing more can be held.")


class HoldNotFound(PrivacyError):
    sentence = _("This hold does not exist, or it has ended.")


class HeldUnreadable(PrivacyError):
    sentence = _("This copy and its key do not belong together. It was not opened.")


class SecondPersonNeeded(PrivacyError):
    sentence = _("A request that came by letter is accepted by somebody else than who entered it, and never by the person herself.")


class OwnRequest(PrivacyError):
    sentence = _("This is about yourself. Ask it on your own pages.")


class OwnDecision(PrivacyError):
    sentence = _("This is about yourself. Somebody else of the desk decides about it.")


class IdentityNotShown(PrivacyError):
    sentence = _("We looked who asks, and it was not shown. Look again in another way before you accept this.")


class MethodTooWeak(PrivacyError):
    sentence = _("This way is weaker than what we may accept. Moving down takes a colleague, and seven days after we wrote to the person.")


class MandateMissing(PrivacyError):
    sentence = _("Somebody else asks for this person. First note that you saw the mandate.")


class TooManyFromOutside(PrivacyError):
    sentence = _("Much was asked from your network in the past hour. Try again in an hour, or write to us. Nothing of yours was lost.")


class LinkUsed(PrivacyError):
    sentence = _("This was done already: the link works once. How far we are you see with your number and your code.")


class NotFollowed(PrivacyError):
    sentence = _("This number and this code do not belong together. Look once more what stands in our mail.")


class LastInRole(PrivacyError):
    """Carries `roles`, as people call them."""

    def __init__(self, roles):
        self.roles = roles
        sentence = _("Nobody else can take over this task yet: %(roles)s. First give it to a successor, then ask again.")
        super().__init__(sentence % {"roles": ", ".join(str(role) for role in roles)})


class SettingNotFound(PrivacyError):
    sentence = _("There is no such setting.")


class SettingInvalid(PrivacyError):
    sentence = _("This is not possible here.")


class SettingProposedByYou(PrivacyError):
    sentence = _("You proposed this. A colleague of the desk accepts it, or you take it back.")


class SettingChangedMeanwhile(PrivacyError):
    sentence = _("Somebody else was faster: this setting is not as you saw it. Nothing was changed. Look again.")


class ErasureOnly(PrivacyError):
    sentence = _("A person is erased by a request for erasure, and in no other way.")


class NotACopy(PrivacyError):
    sentence = _("This database is not marked as a copy. Nothing was changed.")


class InUse(PrivacyError):
    sentence = _("Somebody else is connected to this database. Stop the site and the worker that use it first.")


class NotPlanned(PrivacyError):
    """Names the columns for which nobody said what a safe copy gets."""

    def __init__(self, places):
        super().__init__(_("Nothing was changed. First say in the data map what a safe copy gets in: %(places)s.") % {"places": places})


class ResidueFound(PrivacyError):
    """Names places, never what stands there; the scan is tried again by itself."""

    def __init__(self, places):
        self.places = sorted(places)
        super().__init__(_("Something is left after the erasure, in: %(places)s.") % {"places": ", ".join(self.places)})


class ReasonNeeded(PrivacyError):
    sentence = _("Say in a few words why you look. The person reads it.")


class NotAtDesk(PrivacyError):
    sentence = _("Choose a colleague who works at the desk.")


class UnfitStandIn(PrivacyError):
    sentence = _("Choose another colleague, who may decide at the desk.")


class AwayAlready(PrivacyError):
    sentence = _("You noted already that you are away on one of these days.")


class DaysMixedUp(PrivacyError):
    sentence = _("The first day is today or later, and the last one comes after it, within a year.")


class BreachNotFound(PrivacyError):
    sentence = _("There is no breach with this number.")


class BreachInFuture(PrivacyError):
    sentence = _("This moment is not possible: it lies ahead of us, or before we knew of the breach.")


class BreachMovedOn(PrivacyError):
    sentence = _("Somebody added something to this breach meanwhile. Read that first, then send yours again.")


class LateWithoutReason(PrivacyError):
    sentence = _("More than 72 hours had passed. Say why the authority was told only then (Art. 33(1)).")


class SilenceWithoutWords(PrivacyError):
    sentence = _("Nothing was said in words. The law asks for them.")


class RiskAsksForIt(PrivacyError):
    sentence = _("With this risk the law knows no such exception.")


class AlreadyWritten(PrivacyError):
    sentence = _("This was decided already, for what we know now.")


class NotConcerned(PrivacyError):
    sentence = _("In these uses we hold data of nobody: there is nobody to write to.")


class AuthorityRequestNotFound(PrivacyError):
    sentence = _("There is no request of an authority with this number.")


class AuthorityRequestClosed(PrivacyError):
    sentence = _("This request of an authority was answered already.")


class SecondPersonForAuthority(PrivacyError):
    sentence = _("Data go to an authority only once somebody else than who entered the request agrees, and never the person herself.")


class NotAnAuthority(PrivacyError):
    sentence = _("An organisation of this name gets data from us in another way. Give the authority its full name.")


class SecrecyIncomplete(PrivacyError):
    sentence = _("To say nothing to the person takes a ground in the law and a day on which it ends.")


class DisclosureIncomplete(PrivacyError):
    sentence = _("Say which data were handed over.")
