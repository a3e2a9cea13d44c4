"""What the walk does at each stop: the product's own acts, and what they leave to be seen."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from consents import permissions, releases
from consents.errors import PermissionEnded
from consents.models import PartnerGrant
from privacy.casework import at_once, cases, outcome
from privacy.conf import setting
from privacy.datamap import Right
from privacy.models import Archive, Disclosure, Rectification, ResidueScan
from privacy.rights.preview import preview
from usage.models import Publication

from . import archives, people, second_look, terminal, words
from .waiting import Failed, carried_out, told

# What she chooses for what she published; a group that is not named stays, without her name.
CHOICES = {"resources": "remove"}


def sign_in(walk):
    """By the real page, with its real form and its protection against forgery."""
    member = walk.member
    terminal.fact("teacher", f"{member}, {member.email}, {member.town}")
    shown, answer = use_sign_in_page(walk)
    page, place = shown.request["PATH_INFO"], answer.headers.get("Location", "the same page")
    terminal.fact("sign-in page", f"GET {page} {shown.status_code}, POST {page} {answer.status_code}, on to {place}")
    if not is_signed_in(walk):
        raise Failed("she is not signed in")


def use_sign_in_page(walk):
    """Fetch it, fill in address and password, send it: both answers."""
    page = reverse("account_login")
    shown = walk.client.get(page)
    token = walk.client.cookies["csrftoken"].value
    filled_in = {"login": walk.member.email, "password": people.PASSWORD, "csrfmiddlewaretoken": token}
    return shown, walk.client.post(page, filled_in)


def is_signed_in(walk) -> bool:
    return walk.client.get(reverse("account_email")).status_code == 200


def see(walk):
    known = preview(walk.subject)
    terminal.fact("known", f"{known.rows} rows in {len(known.categories)} categories")
    for activity, categories in grouped(known.categories, lambda category: category.data_map.activity).items():
        terminal.fact(activity.slug, counts(categories), activity.purpose)
    disclosures = Disclosure.objects.filter(subject_ref=walk.subject.ref).select_related("recipient").order_by("at")
    for recipient, received in grouped(disclosures, lambda disclosure: disclosure.recipient.name).items():
        dates = sorted({f"{timezone.localtime(disclosure.at):%d-%m-%Y}" for disclosure in received})
        fields = {name for disclosure in received for name in disclosure.attributes}
        terminal.fact("received by", f"{recipient}, {len(received)} times ({', '.join(dates)}): {labels(fields)}")
    if not known.rows or not disclosures:
        raise Failed("there was nothing to see")


def download(walk):
    clock = terminal.Clock()
    request = cases.submit(Right.ACCESS, subject=walk.subject, channel=cases.Channel.DEMO, identified_by="password")
    cases.approve(request, subject=walk.subject)
    carried_out(request, preview(walk.subject).rows, "collect", walk.children)
    archive = Archive.objects.select_related("request").get(request=request)
    content = archives.opened(archive)
    terminal.fact("request", f"{request.ref}, carried out by the worker in {clock}", f"answer due {request.due_on:%d-%m-%Y} at the latest")
    size = f"{archive.size:,} bytes".replace(",", " ")
    terminal.fact("archive", f"{archives.shown(archive.path)}, {size}", f"for {setting('ARCHIVE_HOURS')} hours")
    terminal.fact("in it", f"{content.rows} rows in {len(content.files)} files, each with its schema, and manifest.json")
    terminal.aside(", ".join(f"{name} {rows}" for name, rows in content.largest()))
    terminal.fact("SHA-256", f"{archive.sha256[:16]}…", "the file's, and each file's in it, computed again: the same")


def correct(walk):
    member = walk.member
    old, new = member.town, next(town for town in words.TOWNS[::7] if town != member.town)
    request = at_once.correct(walk.subject, {("accounts.Member", member.pk): {"town": new}}, channel=cases.Channel.DEMO)
    member.refresh_from_db()
    terminal.fact("town", f"{old} is now {member.town}")
    recorded = Rectification.objects.get(request_ref=request.ref)
    terminal.fact("recorded", f"{recorded.field}, {timezone.localtime(recorded.at):%H:%M:%S}", "which field, never what it said")
    notices = told(request, walk.children)
    for notice in notices:
        terminal.fact("told", f"{notice.recipient}: {labels(notice.attributes)}, {notice.get_state_display()}")
    if not notices:
        terminal.fact("told", "nobody", "no partner may hold this field")
    if member.town != new:
        raise Failed("the town did not change")


def stop_partner(walk):
    grant = PartnerGrant.objects.live().filter(member=walk.member).select_related("partner__recipient", "member").order_by("pk").first()
    partner = grant.partner
    handed = releases.release(partner, walk.member)
    terminal.fact("before", f"{partner} asks and gets {labels(handed.keys() - {'sub', 'may_contact'})}")
    permissions.withdraw(grant)
    grant.refresh_from_db()
    terminal.fact("stopped", f"{timezone.localtime(grant.revoked_at):%H:%M:%S}", "at once; no step-up, no question why")
    try:
        releases.release(partner, walk.member)
    except PermissionEnded as refusal:
        terminal.fact("after", f"{partner} asks and is refused: {refusal}")
    else:
        raise Failed("the partner still received data")
    for notice in told(walk.latest(Right.WITHDRAWAL), walk.children):
        terminal.fact("told", f"{notice.recipient}: {notice.event}, {notice.get_state_display()}")


def delete(walk):
    member, subject = walk.member, walk.subject
    walk.identifiers = second_look.identifiers_of(member)
    walk.before = searched(walk.identifiers)
    files = [publication.file for publication in Publication.objects.filter(author=member).exclude(file="")]
    seen = preview(subject, CHOICES)
    terminal.fact("preview", f"{seen.rows} rows", "nothing has changed yet; she takes her resources back and leaves her comments")
    show(seen.categories)
    clock = terminal.Clock()
    request = cases.submit(
        Right.ERASURE, subject=subject, channel=cases.Channel.DEMO, identified_by="password", choices=CHOICES, seen=seen.fingerprint
    )
    cases.approve(request, subject=subject, grace=timedelta(0))
    terminal.fact("hidden", f"at once, and {'still signed in' if is_signed_in(walk) else 'signed out everywhere'}")
    terminal.fact("waits", "0 days in this walk", f"{setting('ERASURE_GRACE_DAYS')} days for a member, in which she can go back")
    carried_out(request, seen.rows, "erase", walk.children)
    terminal.fact("request", f"{request.ref}, carried out by the worker in {clock}")
    show_outcome(outcome.of(request))
    scan = ResidueScan.objects.get(request_ref=request.ref)
    listed = f"{scan.listed} times in what is kept or another's, her name {scan.names} times"
    terminal.fact("searched", f"{scan.places} tables and files, {scan.rows} rows: {scan.remains} left behind", listed)
    there = [file for file in files if file.storage.exists(file.name)]
    terminal.fact("files", f"{len(files) - len(there)} of {len(files)} that she published are gone from the disk")
    if there or Member.objects.filter(pk=member.pk).exists():
        raise Failed("her account or a file of hers is still there")


def show(categories):
    """Per fate: how many rows of what, what becomes of them and why."""
    fates = grouped(categories, lambda category: (str(category.label), str(category.reason), str(category.until)))
    for (label, reason, until), among in fates.items():
        what = among[0].title if len(among) == 1 else counts(among)
        terminal.counted(sum(category.rows for category in among), what, "; ".join(filter(None, (label, reason, until))))


def show_outcome(what):
    for label, among in grouped(what.treated, lambda category: str(category.label)).items():
        terminal.fact("done", counts(among), label)
    terminal.fact("kept", f"{sum(kept.rows for kept in what.kept)} rows of evidence", "so that we can show what we did")
    terminal.fact("told", ", ".join(what.told) or "nobody", f"not reached: {', '.join(what.not_reached)}" if what.not_reached else "")


def look_again(walk):
    """0 of everything that is hers alone; her reference may stay where we show what we did."""
    if second_look.rewrite():
        terminal.fact("VACUUM", "SQLite's file is written anew", "its free space may hold what was overwritten")
    clock = terminal.Clock()
    found = searched(walk.identifiers)
    terminal.fact("searched", f"{found.tables_read} tables, {found.files_read} files, sessions unpacked, in {clock}")
    kept, left = second_look.split(found)
    terminal.counted("before  now", "")
    for what in walk.identifiers:
        places = left.get(what, {})
        now, note = sum(places.values()), ", ".join(places) or second_look.NOTES[what]
        terminal.counted(f"{walk.before.times(what)}  {now:>3}", what, note)
    terminal.counted(sum(kept.values()), "times her reference", f"kept as evidence, leads to nobody: {named(kept)}")
    mails = archives.mails_to(walk.member.email)
    terminal.counted(mails, "mails to her", f"went out to her mailbox; {archives.shown(settings.EMAIL_FILE_PATH)} was not searched")
    use_sign_in_page(walk)
    terminal.fact("sign-in page", "lets her in" if is_signed_in(walk) else "refuses her")
    if left or is_signed_in(walk):
        raise Failed("something of her is left")


def named(kept) -> str:
    titles = second_look.tables_of_evidence()
    return ", ".join(f"{titles[table]} {times}" for table, times in kept.items())


def searched(identifiers):
    with terminal.bar(len(second_look.tables()) + len(second_look.files()), "search", "place") as progress:
        return second_look.look(identifiers, progress=progress)


def grouped(things, key) -> dict:
    groups = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups


def counts(categories) -> str:
    return ", ".join(f"{category.title} {category.rows}" for category in categories)


def labels(names) -> str:
    """Account fields in words."""
    return ", ".join(sorted(str(Member._meta.get_field(name).verbose_name) for name in names))
