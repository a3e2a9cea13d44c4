"""Notices, bans and objections: both grounds on record, everybody told, every look noted (K-7, G-40, T-16, T-17)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts import tasks
from accounts.bans import ban, is_banned
from accounts.errors import AlreadyBanned, BanLifted, BanUnfounded, NotYourOwnCase, StaffCannotBeBanned
from accounts.misconduct import keeping, letters, moderating, objecting, roles
from accounts.models import Ban, FormalNotice, Member
from accounts.personal_data import BanMap
from privacy.casework import asking
from privacy.datamap import Right
from privacy.errors import LinkExpired, LinkUnknown
from privacy.models import DataSubjectRequest, TrailEntry
from privacy.rights import erasure
from privacy.subjects import rows_concerning

from .misconduct import BREACH, has_second_address, make_colleague, put_ban, warn
from .properties.acts import erase
from .races import at_once, needs_threads

pytestmark = pytest.mark.django_db
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eomgekeerd", "x" * 2_000, "🙈"]


def events():
    return list(TrailEntry.objects.order_by("pk").values_list("event", flat=True))


def token_of(banned):
    return objecting.link_to(banned).rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("days_ago", [(), (10,), (10, 10), (10, 9.5)])
def test_a_ban_needs_two_notices_that_lie_apart(an, moderator, days_ago):
    """K-7."""
    warn(an, by=moderator, days_ago=days_ago)

    with pytest.raises(BanUnfounded):
        moderating.put_ban(an, BREACH, by=moderator.subject)

    assert not Ban.objects.exists()


def test_a_notice_that_was_never_mailed_does_not_count(an, moderator):
    """K-7: who never got it was not asked to stop."""
    warn(an, by=moderator)
    FormalNotice.objects.filter(pk=FormalNotice.objects.first().pk).update(told_at=None)

    with pytest.raises(BanUnfounded):
        moderating.put_ban(an, BREACH, by=moderator.subject)


@pytest.mark.parametrize("breach", ["", " \n"])
def test_two_notices_without_a_serious_breach_are_no_ground(an, moderator, breach):
    """K-7."""
    with pytest.raises(BanUnfounded):
        put_ban(an, by=moderator, breach=breach)

    assert not Ban.objects.exists()


def test_a_ban_carries_the_notices_it_rests_on(an, moderator):
    banned = put_ban(an, by=moderator)

    with translation.override(an.language):
        asked = date_format(timezone.localdate() - timedelta(days=40))
    assert banned.notices.startswith(f"{asked}: ")
    assert [line.partition(": ")[2] for line in banned.notices.split("\n\n")] == ["Notice of 40 days ago.", "Notice of 10 days ago."]
    assert (banned.subject_ref, banned.breach) == (an.subject_id, BREACH)


def test_every_address_that_an_confirmed_is_listed_and_she_is_told_once(an, moderator, django_capture_on_commit_callbacks):
    """T-16."""
    second = has_second_address(an)
    an.emailaddress_set.create(email="nooit@bevestigd.example")
    warn(an, by=moderator)
    mail.outbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        moderating.put_ban(an, BREACH, by=moderator.subject)

    assert is_banned(an.email)
    assert is_banned(second)
    assert not is_banned("nooit@bevestigd.example")
    (letter,) = mail.outbox
    assert (letter.to, BREACH in letter.body, "Notice of 40 days ago." in letter.body) == ([an.email], True, True)
    assert not Ban.objects.untold().exists()


def test_nobody_bans_herself_or_a_colleague(moderator):
    """Else one moderator could shut out all the others."""
    colleague = make_colleague("Nele", "moderator")

    with pytest.raises(NotYourOwnCase):
        moderating.put_ban(moderator, BREACH, by=moderator.subject)
    with pytest.raises(StaffCannotBeBanned):
        put_ban(colleague, by=moderator)


def test_a_second_ban_is_refused(an, moderator):
    put_ban(an, by=moderator)

    with pytest.raises(AlreadyBanned):
        moderating.put_ban(an, "Something else.", by=moderator.subject)

    assert Ban.objects.get().breach == BREACH


def test_who_asked_for_erasure_can_still_be_banned(an, moderator):
    """T-16: deleting and coming back is no way round."""
    warn(an, by=moderator)
    erasure.hide(an.subject)

    moderating.put_ban(an, BREACH, by=moderator.subject)

    assert is_banned(an.email)


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_bans(an, moderator):
    needs_threads()
    other = make_colleague("Nele", "moderator")
    warn(an, by=moderator)
    mail.outbox.clear()

    acts = [lambda by=by: moderating.put_ban(Member.objects.get(pk=an.pk), BREACH, by=by.subject) for by in (moderator, other)]
    came_of_it = {type(each) for each in at_once(*acts)}

    assert came_of_it == {Ban, AlreadyBanned}
    assert (Ban.objects.count(), len(mail.outbox), events().count("ban.added")) == (1, 1, 1)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_notice_is_mailed_and_stands_on_record(an, moderator, text, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        given = moderating.give_notice(an, text, by=moderator.subject)

    given.refresh_from_db()
    assert (given.text, given.given_by, given.told_at is not None) == (text, str(moderator.subject_id), True)
    assert text in mail.outbox[-1].body
    assert "notice.given" in events()


def test_a_letter_that_the_mail_server_refused_goes_out_later_and_once(an, moderator, monkeypatch):
    notice = moderating.give_notice(an, "Stop.", by=moderator.subject)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda *args, **kwargs: (_ for _ in ()).throw(OSError))
    letters.tell_of_notice(notice)
    assert FormalNotice.objects.untold().exists()
    monkeypatch.undo()
    FormalNotice.objects.update(held_until=None)

    for _each in range(2):
        tasks.tell_of_misconduct()

    assert [message.to for message in mail.outbox] == [[an.email]]


def test_a_notice_goes_with_the_account_and_a_ban_stays(an, moderator):
    """K-7, G-41."""
    put_ban(an, by=moderator)

    erase(an.subject)

    assert not FormalNotice.including_hidden.exists()
    assert "Notice of 40 days ago." in Ban.objects.get().notices
    assert is_banned("an.peeters@school.example")


def test_a_banned_member_objects_by_the_link_and_the_officer_reads_it(an, moderator):
    """Art. 21: she cannot sign in."""
    has_second_address(an)
    banned = put_ban(an, by=moderator)

    asked = objecting.say_no(objecting.ban_of(token_of(banned)), an.subject, "Ik was het niet.")

    assert (asked.right, asked.subject_ref) == (Right.OBJECTION, an.subject_id)
    assert {each.objection_ref for each in Ban.objects.all()} == {asked.ref}
    assert objecting.words_of(asked) == "Ik was het niet."


def test_an_objection_that_is_sent_twice_is_one(an, moderator):
    banned = put_ban(an, by=moderator)

    first, second = (objecting.say_no(banned, an.subject, "Neen.") for _each in range(2))

    assert first == second
    assert DataSubjectRequest.objects.count() == 1


def test_an_objection_joins_one_that_waits_about_another_use(an, moderator):
    older = asking.ask(Right.OBJECTION, subject=an.subject, activities=["usage"], text="Iets anders.")
    banned = put_ban(an, by=moderator)

    asked = objecting.say_no(banned, an.subject, "En de ban klopt niet.")

    assert (asked, objecting.words_of(asked)) == (older, "En de ban klopt niet.")


@pytest.mark.parametrize("token", ["", "1", "1:x:y", "\u202e", "x" * 5_000])
def test_a_link_that_we_did_not_make_is_refused(token):
    with pytest.raises(LinkUnknown):
        objecting.ban_of(token)


def test_a_link_ends_after_a_year_and_with_the_ban(an, moderator, carla, monkeypatch):
    banned = put_ban(an, by=moderator)
    token = token_of(banned)
    monkeypatch.setattr(objecting, "LINK", replace(objecting.LINK, lives=timedelta(seconds=-1)))
    with pytest.raises(LinkExpired):
        objecting.ban_of(token)
    monkeypatch.undo()

    keeping.lift(banned, "time", by=carla.subject)

    with pytest.raises(LinkUnknown):
        objecting.ban_of(token)


def test_lifting_destroys_every_row_of_that_person_and_no_other(an, bo, moderator, carla):
    has_second_address(an)
    banned, other = put_ban(an, by=moderator), put_ban(bo, by=moderator)

    keeping.lift(banned, "objection", by=carla.subject)

    assert list(Ban.objects.all()) == [other]
    assert events()[-1] == "ban.lifted"
    with pytest.raises(BanLifted):
        keeping.keep(banned, "Too late.", by=carla.subject)


def test_two_bans_of_nobody_are_two(carla):
    first, second = (ban(f"{name}@elders.example", breach="x", notices="y") for name in ("carl", "dirk"))

    keeping.lift(first, "mistake", by=carla.subject)

    assert list(Ban.objects.all()) == [second]


def test_a_ban_is_reviewed_every_year_and_the_custodian_reminded(an, moderator, carla):
    """G-40."""
    banned = put_ban(an, by=moderator)
    tasks.remind_custodians()
    assert not [letter for letter in mail.outbox if letter.to == [carla.email]]
    Ban.objects.update(review_on=timezone.localdate())

    tasks.remind_custodians()
    keeping.keep(banned, "She tried to come back.", by=carla.subject)

    (letter,) = [letter for letter in mail.outbox if letter.to == [carla.email]]
    assert an.email not in letter.body
    banned.refresh_from_db()
    assert (banned.kept_because, banned.review_on > timezone.localdate() + timedelta(days=360)) == ("She tried to come back.", True)
    assert not Ban.objects.to_review(timezone.localdate()).exists()


def test_a_look_up_is_noted_whatever_is_found_and_without_the_address(an, moderator, carla):
    """T-17."""
    banned = put_ban(an, by=moderator)

    found = [keeping.look_up(address, by=carla.subject) for address in (an.email, "carl@elders.example")]

    assert found == [banned, None]
    noted = TrailEntry.objects.filter(event="ban.looked_up").order_by("pk").values_list("subject_ref", "actor_ref", "reason")
    assert list(noted) == [(an.subject_id, str(carla.subject_id), ""), (None, str(carla.subject_id), "")]


@pytest.mark.parametrize("removed", [False, True])
def test_ans_copy_tells_of_the_ban_unless_it_is_withheld(an, moderator, carla, removed):
    """D-3: also once the address is no longer in her account."""
    banned = put_ban(an, by=moderator)
    if removed:
        an.emailaddress_set.all().delete()
    told = list(rows_concerning(BanMap, an.subject))

    keeping.withhold(banned, "others", by=carla.subject)
    withheld = list(rows_concerning(BanMap, an.subject))
    keeping.withhold(banned, "", by=carla.subject)

    assert (told, withheld, list(rows_concerning(BanMap, an.subject))) == ([banned], [], [banned])
    assert is_banned(an.email) or removed
    assert events()[-2:] == ["ban.withheld", "ban.told_again"]


def test_the_years_figures_count_what_was_done(an, moderator, carla):
    put_ban(an, by=moderator)
    keeping.look_up(an.email, by=carla.subject)
    keeping.look_up(an.email, by=carla.subject)

    assert [times for _what, times in keeping.figures(keeping.this_year())] == [1, 2, 0, 0, 0]
    assert [times for _what, times in keeping.figures(2001)] == [0] * 5


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_group_of_before_gets_what_its_role_got_since(an, role):
    name, *permissions = roles.ROLES[role]
    an.groups.add(Group.objects.create(name=name))

    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert Member.objects.get(pk=an.pk).has_perms(permissions)


def test_a_group_that_was_not_made_is_not_made_by_a_migration(db):
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")

    assert not Group.objects.exists()


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_role_is_given_and_taken_by_a_command(an, role, capsys):
    permissions = roles.ROLES[role][1:]

    call_command("appoint", role, an.email)
    given = Member.objects.get(pk=an.pk).has_perms(permissions)
    call_command("appoint", role, an.email, dismiss=True)

    assert (given, roles.has(Member.objects.get(pk=an.pk), *permissions)) == (True, False)
    assert events() == ["role.given", "role.taken"]
