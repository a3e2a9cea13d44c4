"""What we tell partners' programs: each event, its lasting name, and what it carries (RISC 1.0, CAEP 1.0, SSF 1.0, and our own)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..oidc import scopes, signing_keys

STANDARD = "https://schemas.openid.net/secevent"
RISC, CAEP, SSF = f"{STANDARD}/risc/event-type", f"{STANDARD}/caep/event-type", f"{STANDARD}/ssf/event-type"
# Spelled with http in the standard (Back-Channel Logout 1.0, 2.4).
BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class Kind(models.TextChoices):
    ACCOUNT_PURGED = "account-purged", _("account erased")
    ACCOUNT_DISABLED = "account-disabled", _("account hidden")
    ACCOUNT_ENABLED = "account-enabled", _("account shown again")
    SESSION_REVOKED = "session-revoked", _("sessions ended")
    AUTHORISATION_REVOKED = "authorisation-revoked", _("permission ended")
    AUTHORISATION_NARROWED = "authorisation-narrowed", _("permission narrowed")
    DATA_RECTIFIED = "data-rectified", _("data corrected")
    PROCESSING_RESTRICTED = "processing-restricted", _("use restricted")
    RESTRICTION_LIFTED = "restriction-lifted", _("restriction lifted")
    OBJECTION = "objection", _("objection")
    VERIFICATION = "verification", _("test")
    STREAM_UPDATED = "stream-updated", _("stream changed")
    LOGOUT = "logout", _("signed out")


OF_OTHERS = {
    Kind.ACCOUNT_PURGED: RISC,
    Kind.ACCOUNT_DISABLED: RISC,
    Kind.ACCOUNT_ENABLED: RISC,
    Kind.SESSION_REVOKED: CAEP,
    Kind.VERIFICATION: SSF,
    Kind.STREAM_UPDATED: SSF,
}
# What each of our own says; its address leads to a page with this sentence (consents.signals.well_known).
OF_OURS = {
    Kind.AUTHORISATION_REVOKED: _("A permission ended. Stop using what rests on it; we release nothing more."),
    Kind.AUTHORISATION_NARROWED: _("A member lets you have less than before. Stop using what is named; the rest of the permission stands."),
    Kind.DATA_RECTIFIED: _("A member corrected data that you received. Ask for the new values, and correct what you hold."),
    Kind.PROCESSING_RESTRICTED: _("A member asked to restrict the use of the data. Keep it, and do nothing else with it."),
    Kind.RESTRICTION_LIFTED: _("A restriction ended. You may use the data again."),
    Kind.OBJECTION: _("A member objected to a use of the data. Stop that use."),
}
# About the stream itself: always sent, never asked.
OF_A_STREAM = {Kind.VERIFICATION, Kind.STREAM_UPDATED}
# Event of a notice -> what a program is told; the first says it all, what follows helps programs that know no event of ours.
OF_NOTICE = {
    "withdrawal": (Kind.AUTHORISATION_REVOKED, Kind.SESSION_REVOKED),
    "ended": (Kind.AUTHORISATION_REVOKED, Kind.SESSION_REVOKED),
    "narrowed": (Kind.AUTHORISATION_NARROWED,),
    "erasure": (Kind.ACCOUNT_PURGED,),
    "rectification": (Kind.DATA_RECTIFIED,),
    "restriction": (Kind.PROCESSING_RESTRICTED,),
    "restriction-lifted": (Kind.RESTRICTION_LIFTED,),
    "objection": (Kind.OBJECTION,),
}
# By event of a notice; who caused the others is the member too.
WHO_ENDS = {"ended": "admin"}
# CAEP interoperability profile: never without (session-revoked).
WHY_SESSIONS_END = {
    "withdrawal": {"en": "The member ended the permission.", "nl": "Het lid beëindigde de machtiging."},
    "ended": {"en": "The platform ended the work with you.", "nl": "Het platform beëindigde de samenwerking."},
}


def address_of(kind: str) -> str:
    if kind == Kind.LOGOUT:
        return BACKCHANNEL_LOGOUT
    return f"{OF_OTHERS.get(kind, f'{signing_keys.issuer()}/secevent')}/{kind}"


def supported() -> list[str]:
    return [address_of(kind) for kind in Kind if kind not in {*OF_A_STREAM, Kind.LOGOUT}]


def payload_of(kind: str, notice) -> dict:
    """RISC's events of accounts carry nothing. Names of claims, never values: a new value takes a permission."""
    if kind not in {*OF_OURS, Kind.SESSION_REVOKED}:
        return {}
    said = {"event_timestamp": int(notice.created_at.timestamp()), "initiating_entity": WHO_ENDS.get(notice.event, "user")}
    if kind == Kind.SESSION_REVOKED:
        return said | {"reason_admin": WHY_SESSIONS_END[notice.event]}
    if kind in {Kind.AUTHORISATION_REVOKED, Kind.AUTHORISATION_NARROWED}:
        return said | _named("scopes", notice.attributes)
    if kind == Kind.DATA_RECTIFIED:
        return said | _named("claims", [scopes.CLAIMS.get(name, name) for name in notice.attributes])
    return said | _named("purposes", notice.attributes if kind == Kind.OBJECTION else [])


def _named(name, values) -> dict:
    return {name: list(values)} if values else {}
