"""Following a member, and what comes of it."""

import pytest
from django.urls import reverse

from privacy.rights import erasure
from usage import following
from usage.errors import AccountLeaving, MemberGone, NotOneself
from usage.models import Follow

from .makers import make_follow, make_member, make_publication, make_resource
from .races import at_once, needs_threads
from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("usage:following")


def address(name, member):
    return reverse(f"usage:{name}", args=[member.pk])


def read(browser) -> str:
    return words_of(browser.get(PAGE, headers={"accept-language": "en"}).content.decode())


def test_following_and_stopping_take_one_click_each(an, bo):
    browser = browser_of(an)

    browser.post(address("follow", bo))
    assert following.is_following(an, bo)
    browser.post(address("unfollow", bo))

    assert not following.is_following(an, bo)


def test_a_second_click_changes_nothing(an, bo):
    for _click in range(2):
        following.follow(an, bo.pk)
    assert Follow.objects.count() == 1

    for _click in range(2):
        following.stop(an, bo.pk)
    assert Follow.objects.count() == 0


def test_two_members_may_follow_each_other(an, bo):
    following.follow(an, bo.pk)
    following.follow(bo, an.pk)

    assert following.is_following(an, bo)
    assert following.is_following(bo, an)


def test_nobody_follows_herself(an):
    with pytest.raises(NotOneself):
        following.follow(an, an.pk)

    assert browser_of(an).post(address("follow", an)).status_code == 400


def test_who_is_hidden_cannot_be_followed(an, bo):
    erasure.hide(bo.subject)

    with pytest.raises(MemberGone):
        following.follow(an, bo.pk)


def test_who_is_leaving_follows_nobody(an, bo):
    erasure.hide(an.subject)

    with pytest.raises(AccountLeaving):
        following.follow(an, bo.pk)


@pytest.mark.parametrize("name", ["follow", "unfollow"])
def test_following_is_for_members_and_by_post(client, an, bo, name):
    assert client.post(address(name, bo)).headers["Location"].startswith(reverse("account_login"))
    assert browser_of(an).get(address(name, bo)).status_code == 405
    assert not Follow.objects.exists()


def test_news_of_whom_she_follows_is_on_her_page_the_newest_first(an, bo):
    make_publication(bo, make_resource("Eerste les"))
    make_publication(bo, make_resource("Tweede les"))
    make_publication(make_member("Els"), make_resource("Van een ander"))
    following.follow(an, bo.pk)

    said = read(browser_of(an))

    assert said.index("Tweede les") < said.index("Eerste les")
    assert "Van een ander" not in said


def test_what_a_followed_member_published_without_a_name_stays_out(an, bo):
    make_publication(bo, make_resource("Zonder naam"), shown_name="")
    following.follow(an, bo.pk)

    assert "Zonder naam" not in read(browser_of(an))


def test_a_hidden_member_is_gone_from_the_page_with_what_she_published(an, bo):
    """K-14."""
    make_publication(bo, make_resource("Les van Bo"))
    following.follow(an, bo.pk)
    erasure.hide(bo.subject)

    said = read(browser_of(an))

    assert "Bo" not in said
    assert "Nobody yet." in said


def test_a_follower_who_is_hidden_counts_no_more(an, bo):
    following.follow(bo, an.pk)
    erasure.hide(bo.subject)

    assert following.how_many_follow(an) == 0


def test_stopping_from_the_list_leads_back_to_it(an, bo):
    make_follow(an, bo)

    answer = browser_of(an).post(address("unfollow", bo), {"from_list": "1"})

    assert answer.headers["Location"] == PAGE


def test_the_page_asks_as_much_for_many_as_for_one(an):
    browser = browser_of(an)

    def follow_one(number):
        other = make_member(f"Lid{number}")
        make_publication(other, make_resource())
        make_follow(an, other)

    follow_one(0)
    few = questions(browser, PAGE)
    for number in range(1, 8):
        follow_one(number)

    assert questions(browser, PAGE) == few


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_row():
    needs_threads()
    an, bo = make_member("An"), make_member("Bo")

    at_once(*[lambda: following.follow(an, bo.pk)] * 4)

    assert Follow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_each_other_at_once_do_not_wait_for_each_other():
    needs_threads()
    an, bo = make_member("An"), make_member("Bo")

    outcomes = at_once(lambda: following.follow(an, bo.pk), lambda: following.follow(bo, an.pk))

    assert outcomes == [bo, an]
