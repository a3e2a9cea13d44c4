"""What happens inside the site that a browser looks at: rows that the platform would write, time that passes, and what is left."""

from contextlib import contextmanager
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts import recovery
from accounts.models import Member, SecurityEvent
from consents import permissions, releases
from consents.models import Partner, PartnerGrant
from consents.pages import TEXT_VERSION
from privacy.casework import asking, cases
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import Right
from privacy.pages import step_up
from privacy.rights.access import Archive
from privacy.steps import Run
from tests import makers
from tests.drills import acts as drills

PARTNER, RESOURCE = "edupartner", "Breuken vergelijken"
VIEWS = 120
# The columns of a member that hold words of her own; markup in an address is no address.
WRITTEN = {"first_name", "last_name", "town", "occupation", "about_me", "website", "social_networks"}


def _member(email):
    return Member.objects.get(email=email)


def furnish(email):
    """What the platform would know of her after a while; two partners may receive, of which one did."""
    member, resource = _member(email), makers.make_resource(RESOURCE)
    for _view in range(VIEWS):
        makers.make_view(member, resource)
    folder = makers.make_folder(member)
    makers.make_favourite(member, resource, folder=folder, note="samen met de parallelklas")
    makers.make_score(member, resource)
    makers.make_comment(member, resource)
    partner = Partner.objects.filter(slug=PARTNER).first() or makers.make_partner(PARTNER)
    makers.make_grant(member, partner)
    releases.release(partner, member)


@contextmanager
def no_bar(total):
    """Where nobody watches how far it is."""
    yield lambda rows: None


def arrives(email, **profile):
    """A member who confirmed her address a moment ago."""
    makers.make_member(email=email, **profile)


def allows(email, slug):
    """She lets this partner have all it may ask."""
    partner = Partner.objects.get(slug=slug)
    permissions.give(_member(email), partner, partner.attributes, text_version=TEXT_VERSION, language="nl")


def is_away():
    """A member who has not signed in for four years."""
    email = "lotte.maes@school.example"
    member = Member.objects.filter(email=email).first() or makers.make_member("Lotte", last_name="Maes", email=email)
    Member.objects.filter(pk=member.pk).update(date_joined=timezone.now() - timedelta(days=4 * 366), last_login=None)


def welcome(email, **profile):
    """A member who confirmed her address, with what the platform would know of her."""
    makers.make_member(email=email, **profile)
    furnish(email)


def write_everywhere(email, text):
    """`text` in every field that she writes herself, and in what another wrote to her."""
    member, resource = _member(email), makers.make_resource(text[:200])
    lengths = {field.name: field.max_length for field in Member._meta.concrete_fields if field.name in WRITTEN}
    Member.objects.filter(pk=member.pk).update(**{name: text[:length] for name, length in lengths.items()})
    makers.make_favourite(member, resource, folder=makers.make_folder(member, text[:100]), note=text[:300])
    makers.make_comment(member, resource, text)
    makers.make_message(member, makers.make_member("Bo", email=f"to.{email}"), text)
    makers.make_message(makers.make_member("Bo", email=f"from.{email}", last_name=text[:100]), member, text)


def objects(email, text):
    """The number of an objection in her words."""
    activity = asking.activities_for(Right.OBJECTION)[0]
    return asking.ask(Right.OBJECTION, subject=_member(email).subject, activities=[activity.slug], text=text).ref


def appoint(email):
    """She may see the desk, and decide there."""
    _member(email).user_permissions.add(*makers.desk_permissions())


def subject_of(email):
    return _member(email).subject_id


def held(email):
    """ "usage.Score" -> rows, but for the engine's own tables, which grow with each request."""
    return drills.held(subject_of(email))


def is_known(email):
    return Member.objects.filter(email=email).exists()


def may_receive(email, slug=PARTNER):
    return PartnerGrant.including_hidden.filter(member__email=email, partner__slug=slug, revoked_at__isnull=True).exists()


def profile_of(email, column):
    return getattr(_member(email), column)


def requests_of(subject_ref, right=None):
    """(number, right, status) of each, the oldest first."""
    found = DataSubjectRequest.objects.filter(subject_ref=subject_ref).order_by("pk")
    return list((found.filter(right=right) if right else found).values_list("ref", "right", "status"))


def grace_is_over(ref):
    """The time to go back has passed."""
    Run.objects.filter(request__ref=ref).update(not_before=timezone.now())


def archive_has_expired(ref):
    Archive.objects.filter(request__ref=ref).update(expires_at=timezone.now() - timedelta(minutes=1))


def was_recovered(email):
    """Somebody chose a new password for her account by a mailed link."""
    recovery.note(SecurityEvent.Kind.PASSWORD_RESET, _member(email))


def has_addresses(email):
    """One that she confirmed, and one that waits for its link."""
    for name, is_confirmed in (("thuis", True), ("nieuwe.school", False)):
        _member(email).emailaddress_set.get_or_create(email=f"an@{name}.example", defaults={"verified": is_confirmed})


def damage_archive(ref):
    """One byte in the middle is another."""
    path = Archive.objects.get(request__ref=ref).path
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def end_sessions(email):
    """She was signed out elsewhere, everywhere."""
    for record in _member(email).usersession_set.all():
        record.end()


def much_later(email):
    """Her last proof of who she is, is old."""
    for record in _member(email).usersession_set.all():
        session = SessionStore(session_key=record.session_key)
        session[step_up.SESSION_KEY] = ["sign_in", 0]
        session.save()


def passkey_of(email):
    return _member(email).authenticator_set.get(type="webauthn").pk


def asks(email, right=Right.ACCESS, *, days_ago=0):
    """The number of a request that a worker takes up; an erasure waits for its day."""
    subject, received_at = _member(email).subject, timezone.now() - timedelta(days=days_ago)
    request = cases.submit(right, subject=subject, identified_by="password", received_at=received_at)
    cases.approve(request, subject=subject)
    return request.ref


def is_closed(ref):
    return not DataSubjectRequest.objects.get(ref=ref).is_open
