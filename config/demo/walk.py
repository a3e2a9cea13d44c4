"""One teacher's walk along the five rights, each carried out for real, and whether all of them were."""

import sys
import traceback
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q
from django.test import Client
from django.utils import translation

from accounts.models import Member
from privacy.models import DataSubjectRequest, Disclosure
from usage.models import Comment, Download, Favourite, Feedback, Follow, Message, Publication, Score, Search, SignIn

from . import five_rights, people, sample, terminal
from .children import Children
from .second_look import Found


class NobodyLeft(Exception):
    """Every teacher with enough to show was erased by earlier walks."""


def browser() -> Client:
    """One that keeps to the rules against forgery; in English, as everything here."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"}, SERVER_NAME="127.0.0.1")


@dataclass
class Walk:
    """The teacher, her browser, what is hers alone, and where that stood before the erasure."""

    member: Member
    children: Children
    sample_port: int
    client: Client = field(default_factory=browser)
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    before: Found = field(default_factory=Found)

    @property
    def subject(self):
        return self.member.subject

    def latest(self, right) -> DataSubjectRequest:
        return DataSubjectRequest.objects.about(self.subject).filter(right=right).latest("pk")


STAGES = [
    ("0", "Sign in", "who is it?", five_rights.sign_in),
    ("1", "See", "what do we know about her, and who received it? (Art. 15)", five_rights.see),
    ("2", "Download", "all of it, in a file of her own (Art. 15, 20)", five_rights.download),
    ("3", "Correct", "one wrong field (Art. 16)", five_rights.correct),
    ("4", "Stop a partner", "the tool she no longer uses (Art. 7(3))", five_rights.stop_partner),
    ("", "At a partner's", "she signs in there, stops it here, and it is told (OpenID Connect, Shared Signals)", sample.visit),
    ("5", "Delete", "everything that is hers (Art. 17)", five_rights.delete),
    ("", "Second look", "is anything of her left?", five_rights.look_again),
]


def next_teacher() -> Member:
    """By address, the first woman who has something of everything (the walk says "her"); NobodyLeft where there is none."""
    candidates = Member.objects.usable().filter(is_staff=False, gender=Member.Gender.FEMALE, email__endswith=f"@{people.DOMAIN}")
    candidates = candidates.exclude(email__in=people.cast_addresses())
    open_requests = DataSubjectRequest.objects.open().filter(subject_ref=OuterRef("subject"))
    namesakes = Member.objects.filter(first_name=OuterRef("first_name"), last_name=OuterRef("last_name")).exclude(pk=OuterRef("pk"))
    rich = candidates.filter(
        _has(Score),
        _has(Favourite, "folder__member"),
        _has(Message, "sender"),
        _has(Comment, "author"),
        Exists(Publication.objects.exclude(file="").filter(author=OuterRef("pk"))),
        _has(Download),
        _has(Search),
        _has(SignIn),
        _has(Follow, "follower"),
        Exists(Feedback.objects.filter(email=OuterRef("email"))),
        ~Exists(open_requests),
        ~Exists(namesakes),
    )
    received = Exists(Disclosure.objects.filter(subject_ref=OuterRef("subject")))
    live = Count("partnergrant", filter=Q(partnergrant__revoked_at__isnull=True))
    teacher = rich.filter(received).annotate(live=live).filter(live__gte=2).select_related("subject").order_by("email").first()
    if teacher is None:
        raise NobodyLeft
    return teacher


def _has(model, member="member"):
    return Exists(model._base_manager.filter(**{member: OuterRef("pk")}))


def take(children: Children, sample_port: int) -> bool:
    """True where every right was carried out and nothing of her was found."""
    walk, clock = Walk(next_teacher(), children, sample_port), terminal.Clock()
    who = str(walk.member)
    with translation.override("en"):
        outcomes = [_stage(walk, *stage) for stage in STAGES]
    terminal.say()
    if all(outcomes):
        terminal.done(f"All five rights were carried out for {who}, in {clock}.")
    else:
        terminal.failed(f"{outcomes.count(False)} of {len(outcomes)} did not go as they should.")
    return all(outcomes)


def _stage(walk, number, name, question, act) -> bool:
    """One that fails is shown, and the others still have their turn."""
    terminal.heading(number, name, question)
    try:
        act(walk)
    except Exception as error:
        terminal.failed(f"{type(error).__name__}: {error}")
        traceback.print_exc(file=sys.stderr)
        return False
    return True
