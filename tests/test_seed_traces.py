"""What invented members leave: threads, conversations, publications with files, all as the product itself would have made it."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import Count, F, OuterRef, Subquery
from django.utils import timezone
from pypdf import PdfReader

from accounts import bans
from accounts.models import Member
from config.demo import partners, people, seed, size, words
from consents import permissions, releases
from consents.models import ConsentEvent, Partner, PartnerGrant
from privacy.models import Disclosure, Subject, TrailEntry
from usage.models import Comment, Feedback, Follow, Message, Publication, Resource, Search, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def platform():
    seed.write(size.of(30, 100), seed=1, progress=lambda rows: None)


def test_two_members_have_one_conversation_and_take_turns(platform):
    conversations, numbers_of = defaultdict(list), defaultdict(set)
    for message in Message.objects.order_by("sent_at"):
        conversations[message.conversation].append(message)
        numbers_of[frozenset([message.sender_id, message.recipient_id])].add(message.conversation)

    assert len(conversations) == len(numbers_of) > 20
    assert all(len(numbers) == 1 for numbers in numbers_of.values())
    for said in conversations.values():
        assert all(before.recipient_id == after.sender_id for before, after in pairwise(said))


def test_an_answer_answers_an_earlier_comment_under_the_same_resource(platform):
    answered = Comment.objects.filter(pk=OuterRef("reply_to"))
    answers = Comment.objects.exclude(reply_to=None).annotate(
        about=Subquery(answered.values("resource")), then=Subquery(answered.values("published_at"))
    )

    assert answers.count() > 5
    assert answers.filter(about=F("resource"), then__lt=F("published_at")).count() == answers.count()


def test_every_resource_is_published_once_by_a_teacher(platform):
    publications = Publication.objects.values_list("resource", flat=True)

    assert len(publications) == len(set(publications)) == Resource.objects.count()
    assert not Publication.objects.filter(author__is_staff=True).exists()
    assert all(each.author.town == each.town and each.shown_name == str(each.author) for each in Publication.objects.all())


def test_a_resource_fits_its_subject_and_level(platform):
    topics = {(topic.subject, topic.level) for topic in words.TOPICS}

    assert set(Resource.objects.values_list("subject_taught", "level")) == topics
    assert all(resource.tags and resource.title for resource in Resource.objects.all())


def test_files_are_small_whole_and_each_in_its_own_place(platform):
    with_file = Publication.objects.exclude(file="")

    assert 20 < with_file.count() < Resource.objects.count()
    assert len({publication.file.name for publication in with_file}) == with_file.count()
    for publication in with_file:
        with publication.file.open() as file:
            content = file.read()
        assert len(content) == publication.file_size < 2_000
        assert publication.file_name.endswith(f".{publication.file_type}")


def test_a_file_says_nothing_about_who_made_it(platform):
    publication = Publication.objects.filter(file_type="pdf").first()

    with publication.file.open() as file:
        document = PdfReader(file)
        assert not document.metadata
        assert words.FILE_TEXTS["pdf"][1] in document.pages[0].extract_text()


def test_the_files_of_some_are_enough_on_a_large_platform(monkeypatch):
    monkeypatch.setattr("config.demo.traces.material.MOST_FILES", 7)

    seed.write(size.of(12, 0), seed=1, progress=lambda rows: None)

    assert Publication.objects.exclude(file="").count() == 7


def test_members_and_visitors_wrote_to_us_and_some_were_answered(platform):
    members = Feedback.objects.filter(email__in=Member.objects.values("email"))

    assert members.exists()
    assert members.count() < Feedback.objects.count()
    assert Feedback.objects.exclude(answered_at=None).exists()


def test_members_sign_in_in_every_way_and_look_for_words_of_lessons(platform):
    assert set(SignIn.objects.values_list("way", flat=True)) == set(SignIn.Way.values)
    sought = set(Search.objects.values_list("words", flat=True))
    assert all(each == each.lower() for each in sought)
    assert any(word in title for word in sought for title in map(str.lower, Resource.objects.values_list("title", flat=True)))


def test_people_write_by_day_and_nobody_says_twice_the_same_under_one_resource(platform):
    moments = [*Message.objects.values_list("sent_at", flat=True), *Comment.objects.values_list("published_at", flat=True)]
    asked = Comment.objects.filter(reply_to=None).values("resource", "text").annotate(times=Count("pk"))

    assert all(7 <= timezone.localtime(moment).hour < 23 for moment in moments if moment < timezone.now() - timedelta(hours=1))
    assert not asked.filter(times__gt=1).exists()


def test_messages_are_numbered_as_they_were_sent(platform):
    moments = list(Message.objects.order_by("pk").values_list("sent_at", flat=True))

    assert moments == sorted(moments)


def test_who_is_followed_publishes(platform):
    assert Follow.objects.exists()
    assert not Follow.objects.exclude(followed__in=Publication.objects.values("author")).exists()


def test_of_a_banned_member_the_address_stays_listed_and_nothing_else(platform):
    assert bans.is_banned(seed.BANNED)
    assert not Member.objects.filter(email=seed.BANNED).exists()
    assert TrailEntry.objects.get(event="ban.added").subject_ref is None


def columns(model, but, **which):
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in {"id", *but}]
    return sorted(map(repr, model._base_manager.filter(**which).values_list(*names)))


def what_partners_left(subject):
    """All but numbers and moments."""
    return {
        "grants": columns(PartnerGrant, {"sub", "granted_at"}, member__subject=subject),
        "events": columns(ConsentEvent, {"at"}, subject_ref=subject),
        "trail": columns(TrailEntry, {"at"}, subject_ref=subject, event__startswith="consent."),
        "disclosures": columns(Disclosure, {"at"}, subject_ref=subject),
    }


def test_permissions_in_bulk_are_those_that_the_product_itself_leaves(platform):
    grant = PartnerGrant.objects.order_by("pk").first()
    subject, partner = grant.member.subject_id, grant.partner
    allowed = PartnerGrant.objects.filter(member=grant.member)
    in_bulk = what_partners_left(subject)
    times = {each.partner: Disclosure.objects.filter(subject_ref=subject, recipient=each.partner.recipient).count() for each in allowed}
    alike = {name: getattr(grant.member, name) for name in ("first_name", "last_name", "town", "occupation")}
    newcomer = Member.objects.create_user("nieuw@school.example", **alike)

    for partner in times:
        permissions.give(
            newcomer, partner, partner.attributes, text_version=partners.TEXT_VERSION, language="nl", method=ConsentEvent.Method.DEMO
        )
        for _time in range(times[partner]):
            releases.release(partner, newcomer)

    one_by_one = repr(what_partners_left(newcomer.subject_id))
    assert one_by_one == repr(in_bulk).replace(str(grant.member_id), str(newcomer.pk)).replace(str(subject), str(newcomer.subject_id))
    assert in_bulk["disclosures"]


def test_in_bulk_nothing_is_on_record_as_handed_over_that_she_left_empty(platform):
    member_of = {member.subject_id: member for member in Member.objects.all()}

    assert all(getattr(member_of[each.subject_ref], name) for each in Disclosure.objects.all() for name in each.attributes)


def test_members_in_bulk_are_those_that_the_product_itself_leaves(platform):
    made = Member.objects.create_user("nieuw@school.example", people.PASSWORD)
    member = Member.objects.get(email=people.cast_addresses()[0])

    assert (member.subject.kind, member.subject.hidden_at) == (made.subject.kind, made.subject.hidden_at)
    assert Subject.objects.count() == Member.objects.count()
    assert Partner.objects.count() == 3
