"""What may be seen after an act, however often its worker died: done, and done once."""

from . import acts


def assert_erased_once(site, request, subject, promised):
    """The ledger counts what the preview promised."""
    ledger = site.do(acts.ledger, request)

    assert site.do(acts.status, request) == "fulfilled"
    assert not site.do(acts.exists, subject)
    assert {what: rows for what, rows in ledger.items() if what in promised} == promised
    assert ledger["consents.ConsentEvent kept"] == site.do(acts.consent_events, subject)
    assert_told(site, request, recipients=["Edupartner"])


def assert_handed_out_once(site, request, held):
    """One file, one row, and in the file what was held."""
    ledger = site.do(acts.ledger, request)

    assert site.do(acts.status, request) == "fulfilled"
    assert site.do(acts.archives, request) == [held]
    ref = site.do(acts.ref, request)
    assert [file.name for file in archive_files(site, ref)] == [f"{ref}.sealed"]
    assert {label: ledger[f"{label} handed out"] for label in held} == held
    assert_told(site, request, recipients=[])


def archive_files(site, ref):
    """Begun or complete."""
    return list((site.folder / "var/privacy/archives").glob(f"{ref}.*"))


def assert_told(site, request, *, recipients):
    """One letter of each kind and one notice per recipient."""
    notices = site.do(acts.notices, request)

    assert site.do(acts.letters_sent, request) == ["acknowledgement", "answer"]
    assert [(recipient, state) for _key, recipient, state in notices] == [(recipient, "delivered") for recipient in recipients]
    assert set(mails_expected(site, request)) <= set(site.mails())


def mails_expected(site, request):
    """The Message-ID of each; who was killed while sending one sends it again, under the same."""
    ref = site.do(acts.ref, request)
    return [f"{ref}.acknowledgement", f"{ref}.answer", *(f"notice.{key}" for key, *_state in site.do(acts.notices, request))]


def mails_repeated(site, requests):
    expected = {mail for request in requests for mail in mails_expected(site, request)}
    sent = [mail for mail in site.mails() if mail in expected]
    return len(sent) - len(expected)
