"""Which rows pages read: those of people who are not hidden."""

import pytest

from accounts.models import Member
from consents.models import PartnerGrant
from privacy.rights import erasure
from usage.models import Comment, Favourite, Folder, Message, ResourceView, Score

from .makers import make_comment, make_favourite, make_folder, make_grant, make_message, make_score, make_view

MAKE = {
    ResourceView: make_view,
    Score: make_score,
    Folder: make_folder,
    Favourite: make_favourite,
}


@pytest.fixture
def hidden(an):
    """An asked for erasure."""

    def hide():
        erasure.hide(an.subject)
        return an

    return hide


@pytest.mark.parametrize("model", MAKE)
def test_rows_of_hidden_people_vanish_and_come_back(an, bo, hidden, model):
    """K-14."""
    of_an, of_bo = MAKE[model](an), MAKE[model](bo)

    hidden()
    while_hidden = set(model.objects.all())
    erasure.unhide(an.subject)

    assert while_hidden == {of_bo}
    assert set(model.objects.all()) == {of_an, of_bo}


def test_a_permission_of_a_hidden_member_vanishes(an, bo, edupartner, hidden):
    """K-14."""
    make_grant(an, edupartner)
    of_bo = make_grant(bo, edupartner)

    hidden()

    assert list(PartnerGrant.objects.all()) == list(PartnerGrant.objects.live()) == [of_bo]


def test_a_favourite_is_hidden_with_the_owner_of_its_folder(an, bo, hidden):
    make_favourite(an, folder=make_folder(an))
    of_bo = make_favourite(bo, folder=make_folder(bo))

    hidden()

    assert list(Favourite.objects.all()) == [of_bo]
    assert list(of_bo.resource.favourite_set.all()) == [of_bo]


def test_what_stays_without_its_person_stays_visible(an, bo, hidden):
    """K-2."""
    anonymous = make_score(an), make_favourite(bo)
    Score.objects.update(member=None)
    Favourite.objects.update(folder=None)

    hidden()

    assert (Score.objects.get(), Favourite.objects.get()) == anonymous


def test_what_others_read_too_stays_visible(an, bo, hidden):
    """K-4."""
    sent, received, comment = make_message(an, bo), make_message(bo, an), make_comment(an)

    hidden()

    assert set(Message.objects.all()) == {sent, received}
    assert list(Comment.objects.all()) == [comment]


@pytest.mark.parametrize("model", MAKE)
def test_the_engine_reads_hidden_rows_too(an, hidden, model):
    row = MAKE[model](an)

    hidden()

    assert list(model._base_manager.all()) == [row]


@pytest.mark.parametrize("model", [*MAKE, Message, Comment, PartnerGrant])
def test_leaving_out_hidden_people_takes_no_query_of_its_own(an, model, hidden, django_assert_num_queries):
    hidden()

    with django_assert_num_queries(1):
        list(model.objects.all())


def test_counting_filtering_and_relations_leave_hidden_people_out(an, bo, hidden):
    view = make_view(an)
    make_view(bo, view.resource)

    hidden()

    assert ResourceView.objects.count() == view.resource.resourceview_set.count() == 1
    assert not ResourceView.objects.filter(member=an).exists()


def test_members_are_all_there_by_default_and_only_the_usable_where_asked(an, bo, hidden):
    """Sign-in and uniqueness need every row."""
    hidden()

    assert set(Member.objects.all()) == {an, bo}
    assert list(Member.objects.usable()) == [bo]
    assert list(Member.objects.filter(town__startswith="2").usable()) == [bo]
