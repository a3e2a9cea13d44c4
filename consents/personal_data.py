"""External permissions, as the platform's privacy statement lists them (K-10)."""

from django.utils.translation import gettext_lazy as _

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
    person,
    provided,
)

from .models import ConsentEvent, Partner, PartnerGrant

PERMISSIONS = Activity(
    slug="permissions",
    title=_("What you allow partners"),
    purpose=_("Let members use tools of partners with their account, and show what they agreed to"),
    lawful_bases=(LawfulBasis.CONSENT, LawfulBasis.LEGAL_OBLIGATION),
    recipients=(_("the partners that the member allowed"),),
    retention=_("until the member asks for erasure; the record of consent 5 years longer"),
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


class ConsentEventMap(
    DataMap, model=ConsentEvent, activity=PERMISSIONS, row=kept(KeepGround.ACCOUNTABILITY, _("5 years after the account was erased"))
):
    in_copies = dict.fromkeys(("text_version", "language", "method"), as_it_is)

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    partner = provided()
    kind = provided()
    attributes = provided()
    text_version = observed()
    language = observed()
    method = observed()
    at = observed()


no_personal_data(Partner, because=_("organisations"), known_by=("slug",), called="recipient__name")
