"""What another controller brings for a member: only what she allowed, only what was signed, once, and never over what stands here."""

import json
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from consents import permissions, tasks
from consents.models import IncomingTransfer
from consents.transfer import coming, storing, taking
from consents.transfer.contract import repr_digest
from consents.transfer.models import LASTS
from privacy.evidence import replay
from privacy.models import TrailEntry
from privacy.rights import handing_over
from privacy.rights.erasure import hide
from usage.models import Favourite, Folder

from . import brought, partner_side, transferring
from .ledgers import lost
from .makers import make_folder
from .transferring import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(settings):
    transferring.trust_elsewhere(settings)
    return transferring.make_sender()


@pytest.fixture
def sender(application, an):
    return Sender(transferring.token_for(application, an), transferring.archive_of(an))


def take_in(sender):
    tasks.take_transfer(str(sender.transfer.ref))
    return sender.transfer


def folders_of(member):
    return list(Folder.objects.filter(member=member).values_list("name", flat=True))


def test_what_she_allowed_is_taken_in_and_receipted(sender, an):
    assert sender.begin().status_code == 201
    assert {answer.status_code for answer in sender.put_all()} == {204}
    assert sender.end().status_code == 202

    done = take_in(sender)

    assert (done.state, folders_of(an)) == ("done", ["Voor maandag"])
    counted = {each["record"]: (each["sent"], each["new"]) for each in done.said["taken"]}
    assert counted == {"usage.Folder": (1, 1), "usage.Favourite": (1, 1)}
    assert {each["record"] for each in done.said["not_taken"]} == {"account.EmailAddress", "usage.Message"}
    assert sender.end().json() == sender.status().json()["receipt"]
    assert sender.transfer.receipt_signature


def test_only_files_that_are_read_are_wanted(sender):
    sender.begin()

    assert {file["name"] for file in sender.wanted} == {
        "data/account_emailaddress.json",
        "data/usage_folder.json",
        "data/usage_favourite.json",
        "references/usage_resource.json",
    }


def test_what_she_did_not_tick_is_not_wanted(application, an):
    sender = Sender(transferring.token_for(application, an, take=["usage.Folder"]), transferring.archive_of(an))
    sender.begin()
    sender.put_all()
    sender.end()

    take_in(sender)

    assert folders_of(an) == ["Voor maandag"]
    assert not Favourite.objects.exists()


def test_nothing_of_it_lies_on_the_disk_in_the_clear_nor_after_the_end(sender, settings, django_capture_on_commit_callbacks):
    sender.begin()
    sender.put_all()
    written = [path.read_bytes() for path in settings.PRIVACY["STORE"].rglob("*") if path.is_file()]
    sender.end()
    with django_capture_on_commit_callbacks(execute=True):
        take_in(sender)

    assert len(written) > 4
    assert not [raw for raw in written if b"Voor maandag" in raw or b"usage.Folder" in raw]
    assert not [path for path in settings.PRIVACY["STORE"].rglob("*") if sender.ref in str(path)]


def test_every_act_may_come_twice(sender):
    assert [sender.begin().status_code for _twice in "12"] == [201, 200]
    assert [sender.put_all()[0].status_code for _twice in "12"] == [204, 204]
    assert [sender.end().status_code for _twice in "12"] == [202, 202]

    take_in(sender)

    assert [sender.begin().json()["state"], sender.end().status_code, sender.end().status_code] == ["done", 200, 200]
    assert Folder.objects.count() == 1


def test_a_piece_goes_on_where_the_last_one_ended(sender):
    sender.begin()
    name = "data/usage_folder.json"
    raw = sender.archive.read(name)

    first = sender.put(name, raw[:10], content_range=f"bytes 0-9/{len(raw)}")
    out_of_order = sender.put(name, raw[12:], content_range=f"bytes 12-{len(raw) - 1}/{len(raw)}")
    rest = sender.put(name, raw[10:], content_range=f"bytes 10-{len(raw) - 1}/{len(raw)}")

    assert (first.status_code, first.json()["received"]) == (202, 10)
    assert (out_of_order.status_code, out_of_order.json()["type"], out_of_order.json()["received"]) == (409, "#wrong-place", 10)
    assert rest.status_code == 204


def test_a_file_with_another_digest_is_destroyed_and_comes_again(sender):
    sender.begin()
    name = "data/usage_folder.json"
    forged = sender.archive.read(name).replace(b"maandag", b"dinsdag")

    answer = sender.put(name, forged)

    assert (answer.status_code, answer.json()["type"]) == (422, "#digest")
    assert sender.put(name).status_code == 204


def test_the_end_before_all_files_says_which_are_missing(sender, an):
    sender.begin()
    sender.put(sender.wanted[0]["name"])

    answer = sender.end()

    assert (answer.status_code, answer.json()["type"]) == (409, "#missing")
    assert len(answer.json()["missing"]) == len(sender.wanted) - 1
    assert folders_of(an) == []


def test_an_end_that_counts_otherwise_takes_nothing_in(sender):
    sender.begin()
    sender.put_all()

    assert [sender.end(**wrong).status_code for wrong in ({"rows": 99}, {"bytes": 1}, {"files": []}, {"extra": 1})] == [422] * 4
    assert sender.transfer.state == "begun"


@pytest.mark.parametrize(
    ("headers", "raw", "status"),
    [
        ({"repr_digest": "sha-256=:AAAA:"}, None, 422),
        ({"content_range": "bytes 0-9/10"}, b"0123456789", 422),
        ({"content_range": "bytes 9-0/10"}, b"0123456789", 400),
        ({"content_range": "bytes 0-5/"}, b"0123456789", 400),
        ({}, b"", 422),
        ({}, b"x" * 100_000, 422),
    ],
)
def test_a_piece_that_cannot_be_is_refused_and_nothing_kept(sender, headers, raw, status):
    sender.begin()

    answer = sender.put("data/usage_folder.json", raw, **headers)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert storing.received(sender.ref) == {}


def test_a_file_that_nobody_asked_for_is_not_read(sender):
    sender.begin()

    assert sender.put("data/usage_message.json").json()["type"] == "#not-wanted"
    assert sender.call("PUT", f"/{sender.ref}/files/../../etc/passwd", b"x", repr_digest="x").status_code == 404


def test_a_manifest_of_another_key_or_issuer_begins_nothing(application, an):
    sender = Sender(transferring.token_for(application, an), transferring.archive_of(an))
    signed_elsewhere = brought.jose.sign(sender.archive.read("manifest.json"), brought.STRANGER, brought.ELSEWHERE)
    said_by_another = brought.jose.sign(sender.archive.read("manifest.json"), brought.KEY, "https://another.example")

    answers = [sender.begin(signature=signature) for signature in (signed_elsewhere, said_by_another, "x..y", "")]

    assert [(answer.status_code, answer.json()["type"]) for answer in answers] == [(422, "#not-as-signed")] * 4


@pytest.mark.parametrize(("listed", "rows"), [("parts", -1), ("parts", True), ("parts", None), ("files", -1), ("files", "1")])
def test_a_manifest_that_counts_no_rows_begins_nothing(sender, listed, rows):
    manifest = json.loads(sender.archive.read("manifest.json"))
    manifest[listed][0]["rows"] = rows
    raw = json.dumps(manifest).encode()

    answer = sender.begin(manifest=b64encode(raw).decode(), signature=brought.jose.sign(raw, brought.KEY, brought.ELSEWHERE))

    assert (answer.status_code, answer.json()["type"]) == (422, "#not-as-signed")


@pytest.mark.parametrize("digest", ["z" * 64, "A" * 64, "a" * 63])
def test_a_manifest_with_what_is_no_digest_begins_nothing(sender, digest):
    manifest = json.loads(sender.archive.read("manifest.json"))
    manifest["files"][0]["sha256"] = digest
    raw = json.dumps(manifest).encode()

    answer = sender.begin(manifest=b64encode(raw).decode(), signature=brought.jose.sign(raw, brought.KEY, brought.ELSEWHERE))

    assert (answer.status_code, answer.json()["type"]) == (422, "#not-as-signed")


def test_an_archive_that_breaks_us_each_time_is_refused_in_the_end(sender, an, monkeypatch):
    sender.begin()
    sender.put_all()
    sender.end()
    monkeypatch.setattr(taking, "_taken_in", lambda transfer: 1 / 0)
    for _attempt in range(taking.ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            take_in(sender)
        IncomingTransfer.objects.update(held_until=None)

    refused = take_in(sender)

    assert (refused.state, refused.problem, folders_of(an)) == ("refused", "#broken-off", [])


@pytest.mark.parametrize("problem", ["#too-large", "#account-not-open", "#not-as-signed", "#another-person"])
def test_the_receiver_never_speaks_of_itself_as_there(sender, client, an, problem):
    sender.begin()
    IncomingTransfer.objects.update(state="refused", problem=problem, ended_at=timezone.now())
    client.force_login(an)

    said = client.get(sender.transfer.get_absolute_url(), headers={"Accept-Language": "en"}).context["following"].sentence

    assert not [words for words in ("that platform", "account there", "archive there yourself", "safe here") if words in said.lower()]


def test_an_issuer_that_is_not_trusted_any_more_is_refused(sender, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {}}

    answer = sender.begin()

    assert (answer.status_code, answer.json()["type"]) == (403, "#unknown-issuer")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"manifest": 1, "signature": 2}',
        b'{"manifest": "?", "signature": ""}',
        '{"manifest": "é", "signature": ""}'.encode(),
        b"\xff",
    ],
)
def test_what_is_no_beginning_is_refused(sender, body):
    assert sender.call("POST", "", body).status_code in {400, 422}


def test_keys_that_cannot_be_read_now_end_nothing(sender, settings, tmp_path):
    trusted = settings.PRIVACY
    sender.begin()
    sender.put_all()

    settings.PRIVACY = {**trusted, "TRUSTED_ISSUERS": {brought.ELSEWHERE: tmp_path / "being-replaced.json"}}
    assert [sender.begin().status_code, sender.status().status_code, sender.end().status_code] == [503, 200, 202]
    still = take_in(sender)
    settings.PRIVACY = trusted
    IncomingTransfer.objects.update(held_until=None)

    assert (still.state, take_in(sender).state) == ("taking_in", "done")


def test_a_beginning_without_end_is_read_to_its_bound(sender):
    answer = sender.call("POST", "", b" " * 7_000_000)

    assert (answer.status_code, answer.json()["type"]) == (413, "#too-large")


def test_more_than_we_take_is_refused_before_it_comes(sender, settings):
    settings.PRIVACY = {**settings.PRIVACY, "TAKE_IN_BYTES": 100}

    assert sender.begin().json()["type"] == "#too-large"


@pytest.mark.parametrize("limit", ["TAKE_IN_BYTES", "TAKE_IN_ROWS"])
def test_what_she_does_not_want_here_counts_for_nothing(application, an, settings, limit):
    sender = Sender(transferring.token_for(application, an, take=["usage.Folder"]), transferring.archive_of(an))
    manifest = json.loads(sender.archive.read("manifest.json"))
    files = [file for file in manifest["files"] if file["name"] in {"data/account_emailaddress.json", "data/usage_folder.json"}]
    most = {"TAKE_IN_BYTES": sum(file["bytes"] for file in files), "TAKE_IN_ROWS": len(files)}[limit]
    settings.PRIVACY = {**settings.PRIVACY, limit: most}

    fits = sender.begin()
    settings.PRIVACY = {**settings.PRIVACY, limit: most - 1}

    assert fits.status_code == 201
    assert sender.begin().json()["type"] == "#too-large"


def test_an_archive_without_a_common_address_is_not_taken_in(application, an):
    sender = Sender(transferring.token_for(application, an), transferring.archive_of(an, email="iemand@elders.example"))
    sender.begin()
    sender.put_all()
    sender.end()

    refused = take_in(sender)

    assert (refused.state, refused.problem, folders_of(an)) == ("refused", "#another-person", [])
    assert (sender.end().status_code, sender.end().json()["type"]) == (403, "#another-person")
    assert TrailEntry.objects.filter(event="arrival.refused", subject_ref=an.subject.ref).exists()


def test_what_stands_here_is_never_overwritten(sender, an):
    make_folder(an, "Voor maandag")
    an.town = "9000 Gent"
    an.save()
    sender.begin()
    sender.put_all()
    sender.end()

    done = take_in(sender)

    an.refresh_from_db()
    assert an.town == "9000 Gent"
    assert [each["here"] for each in done.said["taken"] if each["record"] == "usage.Folder"] == [1]


def test_another_members_token_sees_nothing_of_it(sender, application, bo):
    sender.begin()
    other = Sender(transferring.token_for(application, bo), sender.archive, ref=sender.ref)
    other.wanted = sender.wanted

    assert [other.status().status_code, other.put(sender.wanted[0]["name"]).status_code, other.end().status_code] == [404] * 3


def test_a_token_of_which_one_archive_began_is_worth_nothing_for_another(sender, an):
    sender.begin()

    answer = Sender(sender.token, transferring.archive_of(an, folders=("Iets anders",))).begin()

    assert (answer.status_code, answer.json()["type"]) == (401, "#consent")


@pytest.mark.parametrize("token", ["", "x", "x" * 5000])
def test_without_a_token_of_hers_there_is_nothing(sender, token):
    sender.begin()

    sender.token = token

    answers = [sender.begin(), sender.status(), sender.put(sender.wanted[0]["name"]), sender.end()]
    assert [answer.status_code for answer in answers] == [401] * 4


def test_a_token_in_the_address_is_refused(sender):
    token, sender.token = sender.token, "x"

    assert sender.call("POST", f"?access_token={token}", b"{}").status_code == 400


def test_a_token_to_sign_in_brings_nothing(an, application):
    application.partner.attributes = ["first_name"]
    application.partner.save()
    program = partner_side.Program(application, transferring.program_of(application, an).browser, scope="openid first_name")
    token = program.sign_in(attributes=["first_name"])["access_token"]

    assert Sender(token, transferring.archive_of(an)).begin().status_code == 401


def test_a_token_to_bring_reads_nothing(sender, application, an):
    program = transferring.program_of(application, an)
    program.session.token = {"access_token": sender.token, "token_type": "Bearer"}

    assert "error" in program.userinfo()


def test_once_stopped_nothing_comes_and_what_came_is_gone(sender, settings, django_capture_on_commit_callbacks):
    sender.begin()
    sender.put(sender.wanted[0]["name"])

    with django_capture_on_commit_callbacks(execute=True):
        assert sender.call("DELETE", f"/{sender.ref}").status_code == 204

    assert sender.put(sender.wanted[1]["name"]).status_code == 401
    assert not [path for path in settings.PRIVACY["STORE"].rglob("*") if sender.ref in str(path)]


def test_she_stops_it_at_once_and_without_a_reason(sender, an, client):
    """Art. 7(3)."""
    sender.begin()
    client.force_login(an)
    page = reverse("transfer:incoming", args=[sender.ref])
    assert reverse("transfer:stop_incoming", args=[sender.ref]) in client.get(page).content.decode()

    client.post(reverse("transfer:stop_incoming", args=[sender.ref]))

    assert sender.put(sender.wanted[0]["name"]).status_code == 401
    assert sender.transfer.state == "stopped"
    assert reverse("transfer:stop_incoming", args=[sender.ref]) not in client.get(page).content.decode()


def test_nobody_else_stops_it(sender, bo, client):
    sender.begin()
    client.force_login(bo)

    assert client.post(reverse("transfer:stop_incoming", args=[sender.ref])).status_code == 404
    assert sender.transfer.state == "begun"


def test_who_ends_all_access_ends_what_was_to_come_too(sender, an, client):
    sender.begin()
    client.force_login(an)

    client.post(reverse("consents:withdraw_all"))

    assert sender.transfer.state == "stopped"


def test_a_piece_that_comes_while_it_is_taken_in_changes_nothing(sender, an, monkeypatch):
    """Its sender kept the request open since before the end."""
    late = held_open(sender)
    sender.end()
    packed = handing_over.packed

    def meanwhile(files):
        with pytest.raises(coming.Problem):
            late()
        yield from packed(files)

    monkeypatch.setattr(handing_over, "packed", meanwhile)
    assert take_in(sender).state == "done"
    assert folders_of(an) == ["Voor maandag"]


def test_the_bytes_that_are_taken_in_are_those_that_were_signed(sender, an, monkeypatch):
    """Whatever was found when they came."""
    late = held_open(sender)
    monkeypatch.setattr(coming, "is_as_signed", lambda *of: True)
    late()
    sender.end()

    assert (take_in(sender).state, folders_of(an)) == ("refused", [])


def held_open(sender):
    """All came; the folders once more, other ones, in a request that was let in and whose body is not read yet."""
    name = "data/usage_folder.json"
    sender.begin()
    place = coming.missing_bytes(sender.transfer, name, repr_digest(sha256(sender.archive.read(name)).hexdigest()), 0, None, None)
    sender.put_all()
    raw = sender.archive.read(name).replace(b"Voor maandag", b"VERVALSTNAAM")
    return lambda: coming.put(sender.transfer, place, 0, raw)


def test_a_token_of_one_that_is_done_opens_no_other(sender, application, an):
    sender.begin()
    sender.put_all()
    sender.end()
    take_in(sender)

    transferring.token_for(application, an)

    assert Sender(sender.token, sender.archive).begin().status_code == 401


@pytest.mark.parametrize(("later", "state"), [(False, "stopped"), (True, "allowed")])
def test_a_yes_that_she_took_back_does_not_stand_again_after_a_restore(sender, an, later, state):
    transfer = IncomingTransfer.objects.get()
    with lost():
        coming.stop(transfer)
    if later:
        IncomingTransfer.objects.update(allowed_at=timezone.now() + timedelta(minutes=1))

    replay.replay()

    assert IncomingTransfer.objects.get().state == state
    assert sender.begin().status_code == (201 if later else 401)


def test_what_did_not_end_in_its_time_is_destroyed(sender, django_capture_on_commit_callbacks):
    sender.begin()

    with django_capture_on_commit_callbacks(execute=True):
        coming.expire(timezone.now() + LASTS)

    assert sender.transfer.state == "expired"
    assert sender.status().status_code == 401


def test_who_is_hidden_gets_nothing_any_more(sender, an):
    sender.begin()

    hide(an.subject)

    assert sender.put(sender.wanted[0]["name"]).status_code == 401


def test_hiding_her_destroys_what_is_being_taken_in(sender, an, django_capture_on_commit_callbacks):
    sender.begin()
    sender.put_all()
    sender.end()

    with django_capture_on_commit_callbacks(execute=True):
        hide(an.subject)

    assert (sender.transfer.state, storing.received(sender.ref)) == ("stopped", {})


def test_a_new_yes_takes_the_place_of_one_of_which_nothing_came(sender, application, an):
    old = sender.token

    transferring.token_for(application, an)

    assert Sender(old, sender.archive).begin().status_code == 401
    assert sorted(IncomingTransfer.objects.values_list("state", flat=True)) == ["allowed", "stopped"]


def test_one_whose_place_was_taken_does_not_stand_again_after_a_restore(sender, application, an):
    with lost():
        transferring.token_for(application, an)

    assert replay.replay() == 1

    assert sender.begin().status_code == 401


def test_a_code_that_comes_twice_ends_the_transfer(application, an):
    program = transferring.program_of(application, an)
    program.ask()
    sent_back = program.answer(take=transferring.TAKEN)
    token = program.redeem(sent_back)

    with pytest.raises(Exception, match="invalid_grant"):
        program.redeem(sent_back)

    assert Sender(token["access_token"], transferring.archive_of(an)).begin().status_code == 401


def test_a_worker_that_was_killed_is_followed_and_nothing_is_taken_in_twice(sender, an, monkeypatch):
    sender.begin()
    sender.put_all()
    sender.end()
    monkeypatch.setattr("consents.transfer.taking._receipt", lambda *_: None)
    take_in(sender)
    monkeypatch.undo()
    IncomingTransfer.objects.update(held_until=None)

    done = take_in(sender)

    assert (done.state, Folder.objects.count()) == ("done", 1)


def overtaken(monkeypatch, sender, act, *, before):
    """While the first worker takes in, its hold runs out and something else happens: before it looks, or once it has taken in."""
    first, taken_in = [], taking._taken_in

    def slow(transfer):
        is_first, result = not first, None if before else taken_in(transfer)
        first.append(transfer)
        if is_first:
            IncomingTransfer.objects.update(held_until=None)
            act()
        return taken_in(transfer) if before else result

    monkeypatch.setattr(taking, "_taken_in", slow)
    return take_in(sender)


@pytest.mark.parametrize("before", [True, False])
def test_a_second_worker_leaves_one_receipt_and_one_end(sender, an, monkeypatch, django_capture_on_commit_callbacks, before):
    sender.begin()
    sender.put_all()
    sender.end()
    receipts = []

    def second():
        with django_capture_on_commit_callbacks(execute=True):
            receipts.append(take_in(sender).receipt)

    done = overtaken(monkeypatch, sender, second, before=before)

    assert (done.state, done.problem, done.receipt) == ("done", "", receipts[0])
    assert folders_of(an) == ["Voor maandag"]


def test_what_is_being_taken_in_does_not_expire_under_its_worker(sender):
    sender.begin()
    sender.put_all()
    sender.end()
    IncomingTransfer.objects.update(held_until=timezone.now() + taking.HOLD, expires_at=timezone.now())

    coming.expire(timezone.now())

    assert sender.transfer.state == "taking_in"


def test_the_token_has_no_renewal_and_ends_with_the_transfer(application, an):
    program = transferring.program_of(application, an)
    program.ask()

    token = program.redeem(program.answer(take=transferring.TAKEN))

    assert "refresh_token" not in token
    assert "id_token" not in token
    assert (token["scope"], token["expires_in"]) == ("data.import", int(LASTS.total_seconds()))


def test_asked_beside_other_scopes_it_is_refused(application, an):
    program = transferring.program_of(application, an)
    program.scope = program.session.scope = "openid data.import"

    assert partner_side.told(program.ask())["error"] == "invalid_scope"


def test_a_program_that_brings_nothing_may_not_ask(an, edupartner):
    program = transferring.program_of(partner_side.make_application(edupartner), an)

    assert partner_side.told(program.ask())["error"] == "invalid_scope"


def test_silently_nothing_is_allowed(application, an):
    application.partner.attributes = ["first_name"]
    application.partner.save()
    permissions.give(an, application.partner, ["first_name"], text_version="1", language="nl")
    program = transferring.program_of(application, an)

    assert partner_side.told(program.ask(prompt="none"))["error"] == "consent_required"


def test_her_no_goes_back_and_makes_nothing(application, an):
    program = transferring.program_of(application, an)
    program.ask()

    assert partner_side.told(program.answer("no"))["error"] == "access_denied"
    assert not IncomingTransfer.objects.exists()


def test_a_yes_to_nothing_is_asked_again(application, an):
    program = transferring.program_of(application, an)
    program.ask()

    assert program.answer(take=["hers.Not", ""]).status_code == 400


def test_who_did_not_show_who_she_is_shows_it_first(application, an):
    program = transferring.program_of(application, an)
    session = program.browser.session
    session["privacy.identified"] = ["sign_in", 0]
    session.save()

    assert "is-it-you" in program.ask()["Location"]


def test_her_account_may_be_seen_by_everybody_only_if_she_says_so(application, an):
    page = transferring.program_of(application, an).ask().content.decode()

    assert 'value="usage.Publication">' in page
    assert 'value="usage.Folder" checked>' in page


def test_anybody_sees_what_we_take_and_why_not_the_rest(client, db):
    said = client.get("/transfer/v1/takes").json()

    assert "usage.Folder" in {each["record"] for each in said["takes"]}
    assert all(each["why"] for each in said["stays"])


def test_the_receipt_is_what_was_signed(sender, client, an):
    sender.begin()
    sender.put_all()
    sender.end()
    done = take_in(sender)
    client.force_login(an)

    fetched = client.get(f"/elsewhere/in/{done.ref}/receipt/").json()

    keys = brought.jose.keys_of(client.get("/.well-known/inzage-keys.json").json())
    signature = brought.jose.Signature.read(fetched["signature"].encode(), kind="inzage-receipt")
    assert signature.fits(fetched["receipt"].encode(), keys[signature.kid])
    assert json.loads(fetched["receipt"])["manifest_sha256"] == sha256(sender.archive.read("manifest.json")).hexdigest()


def test_nobody_else_reads_it(sender, client, bo):
    client.force_login(bo)

    assert client.get(f"/elsewhere/in/{sender.begin().json()['transfer']}/").status_code == 404
