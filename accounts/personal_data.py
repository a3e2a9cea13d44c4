"""Account data, sign-in and the banned list, as the platform's privacy statement lists them (K-3, K-7)."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from privacy.datamap import (
    Activity,
    DataMap,
    KeepGround,
    LawfulBasis,
    as_it_is,
    blank,
    dead_link,
    delete_file,
    deleted,
    held_elsewhere,
    infrastructure_table,
    kept,
    no_personal_data,
    not_personal,
    observed,
    person,
    provided,
    secret,
)
from privacy.subjects import subject_root

from .models import Ban, FormalNotice, KnownBrowser, Member, ProfileConsentEvent, SecurityEvent

subject_root(Member, kind="member")

ACCOUNT = Activity(
    slug="account",
    title=_("Your account"),
    purpose=_("Give each member an account and a profile"),
    lawful_bases=(LawfulBasis.CONTRACT,),
)

SHOWING = Activity(
    slug="showing",
    title=_("What you agreed to show"),
    purpose=_("Show each member's page as that member agreed, and be able to prove it"),
    lawful_bases=(LawfulBasis.CONSENT, LawfulBasis.LEGAL_OBLIGATION),
    retention=_("the record of consent has no end date"),
)

SIGN_IN = Activity(
    slug="sign-in",
    title=_("Signing in"),
    purpose=_("Let members sign in, and keep others out of their accounts"),
    lawful_bases=(LawfulBasis.CONTRACT, LawfulBasis.LEGITIMATE_INTERESTS),
    retention=_("sessions until signing out, two weeks at most; browsers 400 days after you last signed in with them; changes one day"),
    goes_on=_("She reaches her own pages, and others stay out of her account."),
)

MISCONDUCT = Activity(
    slug="misconduct",
    title=_("Broken rules"),
    purpose=_("Ask members to follow the rules, and keep out who seriously broke our trust and went on after repeated notices"),
    lawful_bases=(LawfulBasis.LEGITIMATE_INTERESTS,),
    persons=_("members who got a notice, banned members"),
    retention=_("notices as long as the account; banned addresses without end date, reviewed every year"),
    source=_("our moderators"),
    security=_("kept as a keyed digest; the address can be read by the custodian alone, with a key that our servers do not have"),
    goes_on=_("Other members are protected."),
)


# No archive opens an account, nor gives anybody more to say in it.
SIGNS_IN = _("How you sign in is arranged here alone, so that nobody gets in with an archive.")
MAY_DO = _("What somebody may do here is decided here.")


class MemberMap(
    DataMap,
    model=Member,
    activity=ACCOUNT,
    row=deleted,
    arrives=(
        "last_name",
        "first_name",
        "town",
        "gender",
        "birth_date",
        "occupation",
        "about_me",
        "website",
        "social_networks",
        "photo",
        "recommendations",
        "language",
    ),
):
    in_copies = {"social_networks": dead_link}

    id = observed()
    subject = person()
    email = provided(signs_in=True)
    password = secret()
    last_name = provided(rectify=True, names=True)
    first_name = provided(rectify=True, names=True)
    town = provided(rectify=True)
    gender = provided(rectify=True)
    birth_date = provided(rectify=True)
    occupation = provided(rectify=True)
    about_me = provided(basis=LawfulBasis.CONSENT, erase=blank, rectify=True)
    website = provided(basis=LawfulBasis.CONSENT, erase=blank, rectify=True)
    social_networks = provided(basis=LawfulBasis.CONSENT, erase=blank, rectify=True)
    photo = provided(basis=LawfulBasis.CONSENT, erase=delete_file)
    recommendations = provided(rectify=True)
    language = provided(rectify=True)
    is_active = observed(signs_in=True)
    is_staff = observed()
    is_superuser = observed()
    date_joined = observed()
    last_login = observed(signs_in=True)


class ProfileConsentEventMap(
    DataMap,
    model=ProfileConsentEvent,
    activity=SHOWING,
    row=kept(KeepGround.ACCOUNTABILITY, _("without end date; once the account is erased, its reference leads to nobody")),
):
    in_copies = dict.fromkeys(("text_version", "language"), as_it_is)

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    kind = provided()
    attributes = provided()
    text_version = observed()
    language = observed()
    at = observed()


class MemberGroupMap(DataMap, model=Member.groups.through, activity=ACCOUNT, row=deleted, called=_("roles"), stays=MAY_DO):
    id = not_personal(_("row number"))
    member = person(label=_("member"))
    group = observed(label=_("group of permissions"))


class MemberPermissionMap(
    DataMap, model=Member.user_permissions.through, activity=ACCOUNT, row=deleted, called=_("permissions"), stays=MAY_DO
):
    id = not_personal(_("row number"))
    member = person(label=_("member"))
    permission = observed(label=_("permission"))


class EmailAddressMap(DataMap, model=EmailAddress, activity=ACCOUNT, row=deleted, stays=SIGNS_IN):
    id = not_personal(_("row number"))
    user = person(label=_("member"))
    email = provided(label=_("e-mail address"))
    verified = observed(label=_("confirmed"))
    primary = observed(label=_("where our letters go"))


class EmailConfirmationMap(
    DataMap, model=EmailConfirmation, activity=ACCOUNT, row=deleted, called=_("confirmations of e-mail addresses"), stays=SIGNS_IN
):
    id = not_personal(_("row number"))
    email_address = person(via="email_address__user", label=_("e-mail address"))
    created = observed(label=_("asked to confirm"))
    sent = observed(label=_("mail sent"))
    key = secret(label=_("key in the link"))


class AuthenticatorMap(DataMap, model=Authenticator, activity=ACCOUNT, row=deleted, called=_("second steps and passkeys"), stays=SIGNS_IN):
    """`data` holds sealed secrets, beside the public key of a passkey and the name that she gave it, which her page of passkeys shows."""

    id = not_personal(_("row number"))
    user = person(label=_("member"))
    type = observed(label=_("kind"))
    data = secret(label=_("secrets, sealed"))
    created_at = observed(label=_("added"))
    last_used_at = observed(label=_("last used"))


class SessionMap(DataMap, model=Session, activity=SIGN_IN, row=deleted, called=_("sessions"), stays=SIGNS_IN):
    """Declared before UserSessionMap: erasure keeps that order, and finds a session through our record of it (test_accounts_data_map)."""

    session_key = person(by="session_key", label=_("session"), opens_doors=True)
    session_data = secret(label=_("contents of the session"))
    expire_date = observed(label=_("ends"))


class UserSessionMap(DataMap, model=UserSession, activity=SIGN_IN, row=deleted, called=_("sign-ins"), stays=SIGNS_IN):
    id = not_personal(_("row number"))
    user = person(label=_("member"))
    created_at = observed(label=_("signed in"))
    ip = observed(label=_("network address"))
    last_seen_at = observed(label=_("last seen"))
    session_key = secret(identifies=True, label=_("session"))
    user_agent = observed(label=_("browser"))
    data = observed(label=_("other facts about the session"))


class SecurityEventMap(DataMap, model=SecurityEvent, activity=SIGN_IN, row=deleted, stays=SIGNS_IN):
    id = not_personal(_("row number"))
    member = person()
    kind = observed()
    at = observed()


class KnownBrowserMap(DataMap, model=KnownBrowser, activity=SIGN_IN, row=deleted, stays=SIGNS_IN):
    id = not_personal(_("row number"))
    member = person()
    digest = secret(identifies=True)
    browser = observed()
    first_seen_at = observed()
    last_seen_at = observed()


class SocialAccountMap(DataMap, model=SocialAccount, activity=SIGN_IN, row=deleted, called=_("other ways to sign in"), stays=SIGNS_IN):
    copied = False  # who signs in there is no tester

    id = not_personal(_("row number"))
    user = person(label=_("member"))
    provider = observed(label=_("where you sign in"))
    uid = observed(identifies=True, label=_("your number there"))
    last_login = observed(label=_("last used"))
    date_joined = observed(label=_("connected"))
    extra_data = observed(label=_("your e-mail address there"))


class SocialTokenMap(DataMap, model=SocialToken, activity=SIGN_IN, row=deleted, called=_("tokens of other places"), stays=SIGNS_IN):
    """Stays empty (SOCIALACCOUNT_STORE_TOKENS); mapped, so that a row would not be forgotten."""

    id = not_personal(_("row number"))
    app = not_personal(_("which provider"))
    account = person(via="account__user", label=_("other way to sign in"))
    token = secret(label=_("token"))
    token_secret = secret(label=_("second token"))
    expires_at = observed(label=_("ends"))


class FormalNoticeMap(DataMap, model=FormalNotice, activity=MISCONDUCT, row=deleted):
    id = not_personal(_("row number"))
    member = person()
    text = observed()
    given_at = observed()
    given_by = observed(actor=True)
    told_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class BanMap(DataMap, model=Ban, activity=MISCONDUCT, row=kept(KeepGround.MISCONDUCT, _("without end date; reviewed every year"))):
    """Found by digest and by reference; not where a ground to withhold it was recorded (accounts.bans)."""

    copied = False

    id = not_personal(_("row number"))
    digest = person(by="ban_digest", identifies=True)
    key_id = not_personal(_("which key made the digest"))
    sealed_address = secret()
    sealed_to = not_personal(_("which key of the custodian opens the address"))
    subject_ref = observed()
    breach = observed()
    notices = observed()
    banned_at = observed()
    told_at = observed()
    review_on = observed()
    kept_because = observed()
    objection_ref = observed()
    withheld = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


no_personal_data(SocialApp, because=_("which providers this installation knows, and our own secret there; empty, since settings hold them"))
infrastructure_table("cache", because=_("counters of sign-in attempts under digests and network addresses; gone within a day"))

held_elsewhere(
    _("cache"),
    activity=SIGN_IN,
    what=_("how often a network address, or the digest of an e-mail address, was tried"),
    erased_by=_("expires within minutes; removed every night"),
)
held_elsewhere(
    _("web server log"),
    activity=SIGN_IN,
    what=_("network address, time and page"),
    erased_by=_("the log's rotation, which whoever runs the server sets"),
)
held_elsewhere(
    _("outgoing mail"),
    activity=ACCOUNT,
    what=_("e-mail address and text of our letters"),
    erased_by=_("the mail server, once it has handed the letter over"),
)
