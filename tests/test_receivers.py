"""Staff registers the platforms to which data can go, and closes them: never over what others stand on, never under what is on its way."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from consents.models import OutgoingTransfer, Receiver
from consents.outgoing import Answer
from consents.transfer import going
from consents.transfer.errors import ReceiverClosed
from privacy.evidence.recipients import Recipient
from privacy.models import TrailEntry

from . import transferring
from .makers import make_partner
from .reading import words_of
from .signing_in import browser_of
from .transferring import again, go_there, only, send

pytestmark = pytest.mark.django_db
ABOUT = {
    "name": "Ginds",
    "address": "https://ginds.example/",
    "client": "wij",
    "contact": "privacy@ginds.example",
    "privacy-url": "https://ginds.example/privacy",
}


@pytest.fixture(autouse=True)
def typed(monkeypatch):
    monkeypatch.setattr("sys.stdin", type("Typed", (), {"isatty": lambda self: False, "readline": lambda self: "geheim\n"})())


@pytest.fixture
def receiver(settings):
    return transferring.make_receiver(settings)


@pytest.fixture
def browser(an):
    transferring.live(an, "eerst dit")
    return browser_of(an, headers={"accept-language": "en"})


def add(slug="ginds", **other):
    about = ABOUT | {name.replace("_", "-"): value for name, value in other.items()}
    call_command("add_receiver", slug, *[f"--{name}={value}" for name, value in about.items()])
    return Receiver.objects.get(slug=slug)


def particulars(recipient):
    recipient.refresh_from_db()
    return recipient.name, recipient.contact_email, recipient.privacy_url, recipient.kind


def test_staff_registers_one_without_a_secret_on_the_command_line():
    made = add()

    assert (made.issuer, made.secret) == ("https://ginds.example", "geheim")
    assert b"geheim" not in bytes(made.sealed_secret)


def test_what_it_says_of_itself_can_be_changed():
    recipient = add().recipient

    add(name="Ginder", contact="avg@ginds.example")

    assert particulars(recipient)[:2] == ("Ginder", "avg@ginds.example")
    assert Recipient.objects.count() == 1


@pytest.mark.parametrize("other", [{"contact": "x@ginds.example"}, {"privacy_url": "https://ginds.example/else"}])
def test_the_recipient_of_a_partner_is_changed_by_nobody_from_here(other):
    partner = make_partner("ginds")
    before = particulars(partner.recipient)

    with pytest.raises(CommandError, match="known already"):
        add(**other)

    assert particulars(partner.recipient) == before
    assert not Receiver.objects.exists()


def test_a_partner_that_is_named_as_it_is_known_can_be_a_receiver_too():
    partner = make_partner("ginds")

    assert add().recipient == partner.recipient


def test_a_processor_does_not_become_a_controller_by_its_name():
    known = Recipient.objects.create(name="Ginds", kind="processor", contact_email=ABOUT["contact"], privacy_url=ABOUT["privacy-url"])

    with pytest.raises(CommandError, match="another kind"):
        add()

    assert particulars(known)[3] == "processor"


def test_a_receiver_that_shares_its_row_takes_another_name_in_a_row_of_its_own():
    partner = make_partner("ginds")
    add()

    changed = add(name="Ginder")

    assert changed.recipient.name == "Ginder"
    assert particulars(partner.recipient)[0] == "Ginds"


def test_of_a_bad_address_nothing_is_kept():
    with pytest.raises(CommandError, match="Not registered"):
        add(address="http://ginds.example/")

    assert not Receiver.objects.exists()
    assert not Recipient.objects.exists()


@pytest.mark.parametrize("state", ["asked", "sending", "stopped"])
def test_a_token_is_never_shown_to_a_new_address(receiver, an, state):
    """`stopped`: not given back yet."""
    OutgoingTransfer.objects.create(member=an, receiver=receiver, state=state, sealed_token=b"" if state == "asked" else b"x")

    with pytest.raises(CommandError, match="close_receiver ginds"):
        add(address="https://elders.example")

    assert Receiver.objects.get().issuer == receiver.issuer


def test_once_all_has_ended_the_address_may_change(receiver, an):
    OutgoingTransfer.objects.create(member=an, receiver=receiver, state="done", ended_at=timezone.now())

    assert add(address="https://elders.example").issuer == "https://elders.example"


def test_another_secret_may_come_while_something_is_under_way(receiver, an, settings):
    settings.PARTNERS_ON_LOOPBACK = True
    OutgoingTransfer.objects.create(member=an, receiver=receiver, state="sending", sealed_token=b"x")

    assert add(address=receiver.issuer).secret == "geheim"


def broken(method, path, answer):
    return Answer(503, "", b"") if method == "PUT" else answer


def test_closing_ends_what_is_under_way_and_gives_the_token_back(receiver, browser, monkeypatch, capsys):
    send(monkeypatch, browser, broken)

    call_command("close_receiver", "ginds")
    again()

    assert (only().state, only().problem, bytes(only().sealed_token)) == ("failed", "closed", b"")
    assert transferring.IncomingTransfer.objects.get().state == "stopped"
    assert "1." in capsys.readouterr().out
    assert TrailEntry.objects.get(event="transfer.failed").reason == "closed"


def test_a_worker_that_was_at_it_sends_nothing_more(receiver, browser, monkeypatch):
    """The row was closed by other hands than the command's."""
    send(monkeypatch, browser, broken)
    called = transferring.call_in_process(monkeypatch)
    Receiver.objects.update(closed_at=timezone.now())

    again()

    assert (only().state, only().problem) == ("failed", "closed")
    assert called == []


def test_what_went_there_before_stays_as_it_is(receiver, browser, monkeypatch):
    send(monkeypatch, browser)
    again()

    call_command("close_receiver", "ginds")

    assert only().state == "done"


def test_who_is_there_at_that_moment_comes_back_to_a_sentence(receiver, browser, monkeypatch):
    called = transferring.call_in_process(monkeypatch)
    back = go_there(browser)
    call_command("close_receiver", "ginds")

    answer = browser.get(back)

    assert answer["Location"] == only().get_absolute_url()
    assert only().state == "failed"
    assert "PUT" not in [method for method, _url in called]


def test_a_closed_one_takes_no_yes(receiver, an):
    asked = going.ask(an, receiver)
    Receiver.objects.update(closed_at=timezone.now())

    with pytest.raises(ReceiverClosed):
        going.begin(asked, "token", identified_by="password")

    assert only().state == "asked"


def test_of_a_closed_one_she_reads_what_she_can_do(receiver, browser, monkeypatch):
    send(monkeypatch, browser, broken)
    call_command("close_receiver", "ginds")

    page = browser.get(only().get_absolute_url()).content.decode()

    assert "Fetch your archive, and bring it there yourself." in words_of(page)
    assert reverse("privacy:download") in page
    assert reverse("transfer:start", args=["ginds"]) not in page
    assert browser.get(reverse("transfer:start", args=["ginds"])).status_code == 404


def test_adding_it_again_opens_it(receiver, settings):
    settings.PARTNERS_ON_LOOPBACK = True
    call_command("close_receiver", "ginds")

    add(address=receiver.issuer)

    assert Receiver.objects.get().closed_at is None


def test_a_platform_that_nobody_knows_cannot_be_closed():
    with pytest.raises(CommandError, match="No platform is called elders"):
        call_command("close_receiver", "elders")


def test_what_she_did_not_answer_yet_she_can_go_on_with(receiver, browser, an):
    asked = going.ask(an, receiver)

    page = browser.get(asked.get_absolute_url()).content.decode()

    assert "Go on there" in words_of(page)
    assert reverse("transfer:start", args=["ginds"]) in page


def test_going_on_takes_the_place_of_what_waited(receiver, browser, an, monkeypatch):
    asked = going.ask(an, receiver)
    transferring.call_in_process(monkeypatch)

    browser.get(go_there(browser))

    asked.refresh_from_db()
    assert asked.state == "stopped"
    assert OutgoingTransfer.objects.filter(state="sending").count() == 1
