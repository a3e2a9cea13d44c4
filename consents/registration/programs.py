"""A partner's programs and their secrets: shown once, replaced without a moment at which none works."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.generators import generate_client_secret

from privacy.evidence import trail

from ..errors import EarlierSecretCounts, NoSecret, PartnerHasEnded, ProgramExists, TooManyPrograms
from ..models import Partner, PartnerApplication
from . import names

# How long the secret before counts beside the new one: two weeks to change every server, and a holiday in between.
BOTH_COUNT = timedelta(days=14)
AT_MOST = 10


@sensitive_variables("secret", "made")
def add(partner: Partner, name: str, *, keeps_secrets: bool, by) -> tuple[PartnerApplication, str]:
    """A program that cannot sign anybody in yet: its addresses have to be agreed to. With its secret, which nobody can read later.

    Ours read its name where they decide about it: NameDeceives, NameTaken. ProgramExists for the second of one
    name: a form that is sent again makes nothing.
    """
    names.refuse_deceiving(name)
    names.refuse_taken(name, by_others_than=partner)
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner.pk)
        if partner.ended_at:
            raise PartnerHasEnded
        if partner.applications.filter(name__iexact=name).exists():
            raise ProgramExists
        if partner.applications.count() >= AT_MOST:
            raise TooManyPrograms
        secret = generate_client_secret()
        kind = PartnerApplication.CLIENT_CONFIDENTIAL if keeps_secrets else PartnerApplication.CLIENT_PUBLIC
        made = PartnerApplication.objects.create(
            partner=partner,
            name=name,
            client_type=kind,
            client_secret=secret,
            secret_made_at=timezone.now(),
            authorization_grant_type=PartnerApplication.GRANT_AUTHORIZATION_CODE,
            algorithm=PartnerApplication.RS256_ALGORITHM,
        )
        trail.record("program.added", actor_ref=by.ref, reason=partner.slug)
    return made, secret if keeps_secrets else ""


@sensitive_variables("secret", "program")
def rotate(application: PartnerApplication, *, by) -> str:
    """A new secret; the present one counts until BOTH_COUNT has passed. EarlierSecretCounts while there are two already."""
    with transaction.atomic():
        program = _held(application)
        if program.has_earlier_secret:
            raise EarlierSecretCounts
        program.earlier_secret, program.earlier_secret_until = program.client_secret, timezone.now() + BOTH_COUNT
        secret = program.client_secret = generate_client_secret()
        program.secret_made_at = timezone.now()
        program.save(update_fields=["client_secret", "earlier_secret", "earlier_secret_until", "secret_made_at"])
        trail.record("program.secret_made", actor_ref=by.ref, reason=program.partner.slug)
    return secret


def end_earlier(application: PartnerApplication, *, by) -> None:
    """At once; a second click changes nothing."""
    with transaction.atomic():
        program = _held(application)
        if program.earlier_secret:
            program.earlier_secret, program.earlier_secret_until = "", None
            program.save(update_fields=["earlier_secret", "earlier_secret_until"])
            trail.record("program.secret_ended", actor_ref=by.ref, reason=program.partner.slug)


def _held(application) -> PartnerApplication:
    program = PartnerApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if program.partner.ended_at:
        raise PartnerHasEnded
    if program.client_type != PartnerApplication.CLIENT_CONFIDENTIAL:
        raise NoSecret
    return program
