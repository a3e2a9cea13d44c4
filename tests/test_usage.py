"""The names beside what members wrote, and the map of usage data."""

import pytest
from django.urls import reverse
from django.utils import translation

from privacy.datamap import registry
from privacy.rights import erasure
from usage.models import Comment, Message

from .makers import make_comment, make_message, make_resource
from .signing_in import browser_of


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_comment_carries_the_name_under_which_it_was_published(an):
    """K-4."""
    comment = make_comment(an)
    an.last_name = "Claes"
    an.save()

    assert comment.author_name == "An Peeters"


def test_a_comment_without_a_name_of_its_own_carries_the_members(an):
    comment = Comment(author=an, resource=make_resource(), text="Dank!")

    assert comment.author_name == "An Peeters"


def test_what_a_hidden_member_wrote_stays_without_her_name(an, bo):
    """K-14."""
    make_comment(an)
    make_message(an, bo)

    erasure.hide(an.subject)

    assert [comment.author_name for comment in Comment.objects.all()] == ["former member"]
    assert [(message.sender_name, message.recipient_name) for message in Message.objects.all()] == [("former member", "Bo Janssens")]


@pytest.mark.parametrize(("left", "read"), [("", "former member"), ("An Peeters", "An Peeters")])
def test_a_comment_of_an_erased_member_carries_the_name_she_left(an, left, read):
    """G-42."""
    comment = make_comment(an)
    Comment.objects.update(author=None, shown_name=left)

    comment.refresh_from_db()

    assert comment.author_name == read


def test_names_of_many_messages_and_comments_take_one_query_each(an, bo, django_assert_num_queries):
    resource = make_resource()
    for _ in range(3):
        make_message(an, bo)
        make_message(bo, an)
        make_comment(an, resource)

    with django_assert_num_queries(2):
        names = [comment.author_name for comment in Comment.objects.with_names()]
        names += [name for message in Message.objects.with_names() for name in (message.sender_name, message.recipient_name)]

    assert set(names) == {"An Peeters", "Bo Janssens"}


@pytest.mark.parametrize(
    ("table", "fate"),
    [
        ("usage.ResourceView", "counted"),
        ("usage.Score", "anonymised"),
        ("usage.Favourite", "anonymised"),
        ("usage.Folder", "deleted"),
        ("usage.Message", "shared"),
        ("usage.Comment", "chosen"),
    ],
)
def test_what_becomes_of_each_kind_of_usage_data(table, fate):
    """K-2, K-4."""
    fates = {data_map.label(): data_map.row.name for data_map in registry.maps.values()}

    assert fates[table] == fate


@pytest.mark.parametrize("page", ["following", "for_you", "history", "sign_ins", "messages", "folders", "feedback", "member", "write"])
def test_what_can_be_looked_at_can_be_asked_for_without_its_text(an, bo, page):
    address = reverse(f"usage:{page}", args=[bo.pk] if page in {"member", "write"} else [])

    assert browser_of(an).head(address).status_code == 200
