"""External permissions, as the platform's privacy statement lists them (K-10)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from oauth2_provider.models import AccessToken, DeviceGrant, IDToken, RefreshToken

from privacy.datamap import (
    Activity,
    DataMap,
    KeepGround,
    LawfulBasis,
    as_it_is,
    deleted,
    kept,
    no_personal_data,
    not_personal,
    observed,
    of_same_person,
    person,
    provided,
    secret,
    years_kept,
)

from .models import (
    Arrangement,
    AuthorizationCode,
    ConsentEvent,
    FetchLetter,
    IncomingTransfer,
    OutgoingTransfer,
    Partner,
    PartnerApplication,
    PartnerContact,
    PartnerEnding,
    PartnerGrant,
    Proposal,
    ProposalApproval,
    Receiver,
    Signal,
    Stream,
    WantsNoOffers,
    Wording,
)

PERMISSIONS = Activity(
    slug="permissions",
    title=_("What you allow partners"),
    purpose=_("Let members use tools of partners with their account, and show what they agreed to"),
    lawful_bases=(LawfulBasis.CONSENT, LawfulBasis.LEGAL_OBLIGATION),
    recipients=(_("the partners that the member allowed"),),
    retention=_("until the member asks for erasure; the record of consent has no end date"),
    goes_on=_("She can always take back what she allowed; nothing is released meanwhile."),
)


class PartnerGrantMap(
    DataMap,
    model=PartnerGrant,
    activity=PERMISSIONS,
    row=deleted,
    stays=_("A partner gets access only when you allow it here."),
):
    id = not_personal(_("row number"))
    member = person()
    partner = provided()
    sub = observed(identifies=True)
    attributes = provided()
    granted_at = observed()
    revoked_at = observed()
    contact_allowed_at = observed()
    asks_anew_since = observed()


class ConsentEventMap(
    DataMap,
    model=ConsentEvent,
    activity=PERMISSIONS,
    row=kept(KeepGround.ACCOUNTABILITY, _("without end date; once the account is erased, its reference leads to nobody")),
):
    in_copies = dict.fromkeys(("text_version", "language", "method"), as_it_is)

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    partner = provided()
    kind = provided()
    purpose = observed()
    attributes = provided()
    asked = observed()
    text_version = observed()
    language = observed()
    method = observed()
    at = observed()


class FetchLetterMap(
    DataMap,
    model=FetchLetter,
    activity=PERMISSIONS,
    row=deleted,
    stays=_("It is about a partner of this platform, and you have the letter."),
):
    copied = False

    id = not_personal(_("row number"))
    member = person()
    partner = observed()
    fetched_at = observed()
    sent_at = observed()
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))


OFFERS = Activity(
    slug="offers-of-partners",
    title=_("Offers of partners"),
    purpose=_("Let partners contact members with offers, only those who said so"),
    lawful_bases=(LawfulBasis.CONSENT, LawfulBasis.LEGAL_OBLIGATION),
    recipients=(_("the partners that the member lets contact her"),),
    retention=_("until the member asks for erasure; the record of consent has no end date"),
    goes_on=_("That she wants no offers goes on counting."),
)


class WantsNoOffersMap(
    DataMap, model=WantsNoOffers, activity=OFFERS, row=deleted, stays=_("Here nobody may contact you before you say so.")
):
    id = not_personal(_("row number"))
    member = person()
    objected_at = provided()
    request_ref = observed()


PARTNER_SIGN_IN = Activity(
    slug="partner-sign-in",
    title=_("Signing in at partners"),
    purpose=_("Let members sign in at partners that they allowed, until they end that"),
    lawful_bases=(LawfulBasis.CONTRACT,),
    retention=_(
        "a code one day, access ten minutes, its renewal 90 days after its last use; all at once when the member ends the permission"
    ),
    goes_on=_("What opens her data can always be ended; nothing is released meanwhile."),
)
OPENS_A_PARTNER = _("Made for one program at one moment; with it, it asks us, and no other can.")


class AuthorizationCodeMap(DataMap, model=AuthorizationCode, activity=PARTNER_SIGN_IN, row=deleted, stays=OPENS_A_PARTNER):
    copied = False

    id = not_personal(_("row number"))
    code = secret(label=_("code to exchange"))
    application = observed(label=_("Program of a partner"))
    user = person()
    expires = not_personal(_("follows from when it was made"))
    redirect_uri = not_personal(_("an address of the program"))
    scope = observed(label=_("What it opens"))
    created = observed(label=_("Made"))
    updated = not_personal(_("when the row was last written"))
    code_challenge = secret(label=_("proof of the program"))
    code_challenge_method = not_personal(_("how the program proves itself"))
    nonce = secret(label=_("random value of the program"))
    claims = not_personal(_("what the program asked, in its own words"))
    resource = not_personal(_("addresses of programs"))
    authenticated_at = observed()
    redeemed_at = observed()


class AccessTokenMap(DataMap, model=AccessToken, activity=PARTNER_SIGN_IN, row=deleted, called=_("access tokens"), stays=OPENS_A_PARTNER):
    copied = False

    id = not_personal(_("row number"))
    user = person()
    source_refresh_token = of_same_person(_("the renewal that it came of"))
    token = secret(label=_("token"))
    token_checksum = secret(label=_("digest of the token"))
    id_token = of_same_person(_("made for her at the same moment"))
    application = observed(label=_("Program of a partner"))
    expires = observed(label=_("Until when"))
    scope = observed(label=_("What it opens"))
    resource = not_personal(_("addresses of programs"))
    created = observed(label=_("Made"))
    updated = not_personal(_("when the row was last written"))


class RefreshTokenMap(
    DataMap, model=RefreshToken, activity=PARTNER_SIGN_IN, row=deleted, called=_("refresh tokens"), stays=OPENS_A_PARTNER
):
    copied = False

    id = not_personal(_("row number"))
    user = person()
    token = secret(label=_("token"))
    token_checksum = secret(label=_("digest of the token"))
    application = observed(label=_("Program of a partner"))
    access_token = of_same_person(_("what it renews"))
    token_family = secret(label=_("number of the sign-in"))
    resource = not_personal(_("addresses of programs"))
    created = observed(label=_("Made"))
    updated = not_personal(_("when the row was last written"))
    revoked = observed(label=_("Ended"))


class IDTokenMap(DataMap, model=IDToken, activity=PARTNER_SIGN_IN, row=deleted, called=_("id tokens"), stays=OPENS_A_PARTNER):
    copied = False

    id = not_personal(_("row number"))
    user = person()
    jti = secret(label=_("number of the token"))
    application = observed(label=_("Program of a partner"))
    expires = not_personal(_("follows from when it was made"))
    scope = observed(label=_("What it opens"))
    created = observed(label=_("Made"))
    updated = not_personal(_("when the row was last written"))


class DeviceGrantMap(DataMap, model=DeviceGrant, activity=PARTNER_SIGN_IN, row=deleted, called=_("device grants"), stays=OPENS_A_PARTNER):
    """Of a way to sign in that we do not offer; the library has the table."""

    copied = False

    id = not_personal(_("row number"))
    user = person()
    device_code = secret(label=_("code of the device"))
    user_code = secret(label=_("code of the member"))
    scope = observed(label=_("What it opens"))
    interval = not_personal(_("a number of seconds"))
    expires = not_personal(_("follows from when it was made"))
    status = observed(label=_("State"))
    client_id = observed(label=_("Program of a partner"))
    last_checked = observed(label=_("Last asked"))


PARTNERS = Activity(
    slug="partners",
    title=_("Working with partners"),
    purpose=_("Know who speaks for a partner, and who of us agreed to what it may ask"),
    lawful_bases=(LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.LEGAL_OBLIGATION),
    retention=years_kept(
        ngettext_lazy(
            "as long as you speak for the partner; what was proposed and agreed %(count)d year after we worked with it",
            "as long as you speak for the partner; what was proposed and agreed %(count)d years after we worked with it",
            "count",
        )
    ),
)
AGREED = kept(
    KeepGround.ACCOUNTABILITY,
    years_kept(
        ngettext_lazy("%(count)d year after we worked with the partner", "%(count)d years after we worked with the partner", "count")
    ),
)


class PartnerContactMap(DataMap, model=PartnerContact, activity=PARTNERS, row=deleted):
    id = not_personal(_("row number"))
    partner = observed()
    member = person()
    since = observed()


class ProposalMap(DataMap, model=Proposal, activity=PARTNERS, row=AGREED):
    id = not_personal(_("row number"))
    partner = observed()
    application = not_personal(_("a program of an organisation"))
    changes = provided()
    made_by = person(by="subject_ref")
    made_at = observed()
    state = observed()
    decided_at = observed()
    answer = observed()


class ProposalApprovalMap(DataMap, model=ProposalApproval, activity=PARTNERS, row=AGREED):
    id = not_personal(_("row number"))
    proposal = observed()
    approved_by = person(by="subject_ref")
    keeps_meaning = observed()
    approved_at = observed()


no_personal_data(PartnerEnding, because=_("organisations"), known_by=("partner",), called="partner__recipient__name")
no_personal_data(PartnerApplication, because=_("programs of organisations"), known_by=("client_id",), called="partner__recipient__name")
no_personal_data(Wording, because=_("what organisations said"), called="partner__recipient__name")
no_personal_data(Arrangement, because=_("what organisations agreed"), called="partner__recipient__name")
no_personal_data(Partner, because=_("organisations"), known_by=("slug",), called="recipient__name")
no_personal_data(Stream, because=_("how programs of organisations are told"), known_by=("id",))


TELLING = Activity(
    slug="telling-partners",
    title=_("Telling partners"),
    purpose=_("Tell the programs of partners that a permission, an account or data changed"),
    lawful_bases=(LawfulBasis.LEGAL_OBLIGATION,),
    recipients=(_("the partners that the member allowed"),),
    retention=_("who it is about, until the partner confirmed it, or 7 days; the rest of the message 30 days"),
    goes_on=_("Partners hear that a use is on hold."),
)


class SignalMap(DataMap, model=Signal, activity=TELLING, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    application = observed()
    jti = not_personal(_("number of the message"))
    txn = not_personal(_("number of its cause"))
    kind = observed()
    payload = observed()
    notice = of_same_person(_("the notice that it carries"))
    subject_ref = person(by="subject_ref")
    sub = secret()
    state = observed()
    created_at = observed()
    settled_at = observed()
    answer = not_personal(_("a code of the program"))
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))


TRANSFERRING = Activity(
    slug="transferring",
    title=_("Taking your data elsewhere"),
    purpose=_("Hand the data that members may take along over to the platform that they choose, and take in what they bring from one"),
    lawful_bases=(LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.CONSENT),
    recipients=(_("the platforms that the member chooses"),),
    retention=_("what opens the other platform, until the transfer ends, 72 hours at most; how it went, until the member asks for erasure"),
    goes_on=_("She takes her data along, as is her right."),
)
OF_THIS_PLATFORM = _("It is about a transfer with this platform; a receipt you can keep yourself.")


class OutgoingTransferMap(DataMap, model=OutgoingTransfer, activity=TRANSFERRING, row=deleted, stays=OF_THIS_PLATFORM):
    copied = False

    id = not_personal(_("row number"))
    ref = observed()
    member = person()
    receiver = provided()
    request_ref = observed()
    state = observed()
    sealed_token = secret()
    remote_ref = observed()
    manifest_sha256 = observed()
    bytes_expected = not_personal(_("how much there is to send"))
    bytes_sent = not_personal(_("how much of it is there"))
    failures = not_personal(_("how often something did not work"))
    problem = observed()
    created_at = observed()
    started_at = observed()
    ended_at = observed()
    receipt = observed()
    receipt_signature = observed()
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))


class IncomingTransferMap(DataMap, model=IncomingTransfer, activity=TRANSFERRING, row=deleted, stays=OF_THIS_PLATFORM):
    copied = False

    id = not_personal(_("row number"))
    ref = observed()
    member = person()
    application = observed()
    issuer = observed()
    ticked = provided()
    state = observed()
    manifest_sha256 = observed()
    problem = observed()
    allowed_at = observed()
    expires_at = not_personal(_("follows from when it was allowed"))
    ended_at = observed()
    receipt = observed()
    receipt_signature = observed()
    attempts = not_personal(_("how often we tried"))
    held_until = not_personal(_("until when a worker holds it"))


no_personal_data(Receiver, because=_("organisations"), known_by=("slug",), called="recipient__name")
