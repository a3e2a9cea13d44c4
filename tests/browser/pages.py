"""Every page there is to look at: its address, and who looks."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.urls import reverse

from tests import certificates, signed_archives
from tests.partner_side import CALLBACK, VERIFIER

from . import acts, made
from .moderating import GUST
from .partnering import FORMER, OTHERWISE, PARTNER
from .scene import AN, BO, CARLA, DAAN, ELS, Scene
from .walk import SENTENCE
from .watch import Watch


def nothing(scene):
    return ()


@dataclass(frozen=True)
class Page:
    """`name` as in the URLs; `of` gives what its address holds; `before` happens right before somebody looks, `then` once she does."""

    name: str
    what: str
    who: str = ""
    of: Callable[[Scene], tuple] = nothing
    before: Callable | None = None
    then: Callable = lambda page: None
    status: int = 200

    def __str__(self):
        return f"{self.name} ({self.what})"

    def path(self, scene: Scene) -> str:
        return reverse(self.name, args=self.of(scene))

    def visit(self, watch: Watch, site, scene: Scene) -> None:
        """It is really this page that is shown, and not one that it led to."""
        if self.before:
            self.before(site)
        answer = watch.page.goto(self.path(scene))
        if self.name != "privacy:open" and _asks_why(watch.page):
            say_why(watch.page)
            watch.begin_anew()
            answer = watch.page.goto(self.path(scene))
        self.then(watch.page)
        assert (answer.status, urlsplit(watch.page.url).path) == (self.status, self.path(scene))


def _asks_why(page) -> bool:
    """The desk, before it opens a request."""
    return urlsplit(page.url).path.startswith(reverse("privacy:desk")) and urlsplit(page.url).path.endswith("/open/")


def say_why(page):
    page.get_by_label("Om dit verzoek te beantwoorden").check()
    page.get_by_role("button", name="Open het").click()
    page.wait_for_url(lambda url: not url.partition("?")[0].endswith("/open/"))


@dataclass(frozen=True)
class MadePage(Page):
    """One that nobody can ask for: `answer` makes it inside the site."""

    answer: Callable = nothing

    def path(self, scene):
        return f"/{self.name}/"

    def visit(self, watch, site, scene):
        answer = site.do(self.answer)
        watch.page.route(f"**{self.path(scene)}", lambda route: route.fulfill(**answer))
        super().visit(watch, site, scene)


def go_on_to_confirm(page):
    page.goto(reverse("privacy:erase"))
    page.get_by_role("button", name="Verder naar bevestigen").click()
    page.wait_for_url("**/confirm/**")


def bring_her_archive(page):
    """The one that she can fetch."""
    page.goto(reverse("privacy:download"))
    fetched = page.request.get(page.locator("main section a.btn[href*='/download/']").first.get_attribute("href"))
    page.goto(reverse("privacy:take_in"))
    page.locator("input[type=file]").set_input_files({"name": "inzage.zip", "mimeType": "application/zip", "buffer": fetched.body()})
    page.locator("form[enctype] button").click()
    page.wait_for_url(f"**{reverse('privacy:take_in_look')}")


def confirm(page):
    go_on_to_confirm(page)
    page.get_by_label("Typ ter bevestiging").fill(SENTENCE)
    page.get_by_role("button", name="Wis mijn gegevens").click()
    page.get_by_role("heading", name="Je bent vanaf nu verborgen").wait_for()


def come_from_a_partner(page):
    """As its program would send her."""
    asked = {"response_type": "code", "client_id": "edupartner", "redirect_uri": CALLBACK, "scope": "openid profile"}
    proof = {"code_challenge": create_s256_code_challenge(VERIFIER), "code_challenge_method": "S256"}
    page.goto(f"{reverse('oidc:authorize')}?{urlencode(asked | proof)}")
    page.get_by_role("heading", name="Mag Edupartner dit over jou weten?").wait_for()


def come_with_her_data(page):
    """As another platform sends her, before it may bring anything."""
    asked = {"response_type": "code", "client_id": "leerplein", "redirect_uri": CALLBACK, "scope": "data.import"}
    proof = {"code_challenge": create_s256_code_challenge(VERIFIER), "code_challenge_method": "S256"}
    page.goto(f"{reverse('oidc:authorize')}?{urlencode(asked | proof)}")
    page.locator("input[name=take]").first.wait_for()


def look_up(page):
    """What somebody of ours asked, by her address."""
    page.get_by_label("Welk adres?").fill(BO)
    page.get_by_label("Om dit verzoek te beantwoorden").check()
    page.get_by_role("button", name="Zoek het op").click()
    page.get_by_role("heading", name="Wat deze persoon vroeg").wait_for()


def unfold(page):
    page.locator("main details summary").click()


def choose(category, **days):
    """Of her data this category and these days."""

    def then(page):
        page.goto(f"{reverse('privacy:download_part')}?{urlencode({'kind': 'everything', 'category': category, **days})}")

    return then


def publish_nothing(page):
    page.get_by_role("button", name="Deel het").click()
    page.get_by_role("heading", name="Dit klopt nog niet").wait_for()


def send_nothing(page):
    page.locator("main form button").click()
    page.locator("main .errors").wait_for()


def add_a_program(page):
    """It works with others' eyes: the secret stands there once."""
    page.get_by_label("Naam van het programma").fill("App")
    page.locator("input[name=keeps_secrets]").first.check()
    page.locator("main form button").click()
    page.locator("main .note code").wait_for()


def send_no_address(page):
    page.locator("#id_redirect_uris").fill("http://nergens")
    page.locator("main form:has(#id_redirect_uris) button").click()
    page.locator("main .errors").wait_for()


def check(archive):
    """Send these bytes to be checked, and see what was found."""

    def then(page):
        page.locator("[type=file]").set_input_files({"name": "a.zip", "mimeType": "application/zip", "buffer": archive})
        page.locator("main form button").click()
        page.locator("main .note, main .errors").wait_for()

    return then


PAGES = [
    Page("start", "how do I begin?"),
    Page("account_signup", "make an account"),
    Page("account_email_verification_sent", "confirm the address"),
    Page("account_login", "sign in"),
    Page("account_request_login_code", "a code by mail"),
    Page("account_reset_password", "a forgotten password"),
    Page("account_reset_password_done", "a link is on its way"),
    Page("account_request_login_code", "a code by mail"),
    Page("openid_connect_login", "sign in elsewhere?", of=lambda scene: (scene.provider,)),
    Page("openid_connect_login", "404: a place that we do not know", of=lambda scene: ("nergens",), status=404),
    Page("openid_connect_callback", "401: an answer that we did not ask for", of=lambda scene: (scene.provider,), status=401),
    Page("socialaccount_login_cancelled", "she stopped there"),
    Page("socialaccount_login_error", "401: signing in elsewhere did not work", status=401),
    Page("socialaccount_connections", "from where can I sign in?", AN),
    Page("account", "her account", AN),
    Page("account_email", "her addresses", AN, before=lambda site: site.do(acts.has_addresses, AN)),
    Page("accounts:profile", "what do I tell about myself?", AN),
    Page("account_change_password", "another password", AN),
    Page("mfa_index", "a second step, of which she has none yet", AN),
    Page("mfa_activate_totp", "an app for codes", AN),
    Page("mfa_list_webauthn", "her passkeys, none yet", AN),
    Page("mfa_add_webauthn", "a passkey", AN),
    Page("usersessions_list", "where she is signed in", AN),
    Page("account_logout", "sign out", AN),
    Page("start", "what is new, and what can I do?", AN),
    Page("usage:resources", "what do you look for?"),
    Page("usage:resources", "what do you look for?", AN),
    Page("usage:resource", "what is it?", of=lambda scene: (scene.material,)),
    Page("usage:resource", "what is it, and what do I think of it?", AN, lambda scene: (scene.material,)),
    Page("usage:resource", "410: material that was taken back", AN, lambda scene: (scene.removed,), status=410),
    Page("usage:publish", "what do I share?", AN),
    Page("usage:publish", "what is not right yet?", AN, then=publish_nothing),
    Page("usage:change", "what should be different?", AN, lambda scene: (scene.own,)),
    Page("usage:withdraw", "take it back?", AN, lambda scene: (scene.own,)),
    Page("usage:remove_comment", "remove my comment?", AN, lambda scene: (scene.comment,)),
    Page("usage:folders", "what did I keep?", AN),
    Page("usage:folder", "what is in it?", AN, lambda scene: (scene.folder,)),
    Page("usage:remove_folder", "remove it with all that is in it?", AN, lambda scene: (scene.folder,)),
    Page("usage:favourite", "another note, another folder?", AN, lambda scene: (scene.favourite,)),
    Page("privacy:overview", "how do my data stand?", AN),
    Page("privacy:data", "what do you know about me?", AN),
    Page("privacy:group", "one activity", AN, lambda scene: ("usage",)),
    Page("privacy:table", "one category, row by row", AN, lambda scene: ("usage", "usage.ResourceView")),
    Page("privacy:recipients", "who received it?", AN),
    Page("consents:permissions", "who may use my data?", AN),
    Page("consents:allow", "may they know this?", AN, lambda scene: ("edupartner",)),
    Page("secevent", "what does this event say to a partner?", of=lambda scene: ("objection",)),
    Page("consents:partner", "what does it have of me?", AN, lambda scene: ("quizkast",)),
    Page("consents:partner", "what did it have, and may it contact me?", AN, lambda scene: ("leesburcht",)),
    Page("consents:permissions", "with whom do you no longer work?", CARLA),
    Page("consents:partner", "and what did that one have of me?", CARLA, lambda scene: (FORMER,)),
    Page("consents:partner", "what does it say now?", CARLA, lambda scene: (OTHERWISE,)),
    Page("consents:allow", "may it for something else?", CARLA, lambda scene: (OTHERWISE,)),
    Page("consents:narrow", "may it have less?", AN, lambda scene: ("quizkast",)),
    Page("transfer:choose", "where can my data go?", AN),
    Page("transfer:start", "what would go there?", AN, lambda scene: ("leerplein",)),
    Page("transfer:outgoing", "how far is it?", AN, lambda scene: (scene.going,)),
    Page("transfer:outgoing", "what did it take in?", AN, lambda scene: (scene.went,)),
    Page("transfer:incoming", "what came?", AN, lambda scene: (scene.came,)),
    Page("transfer:back", "400: an answer to nothing", AN, status=400),
    Page("oidc:authorize", "may it bring my data?", AN, status=400, then=come_with_her_data),
    Page("oidc:authorize", "400: a request that is not right", AN, status=400),
    Page("oidc:authorize", "may they know this, on my way there?", AN, status=400, then=come_from_a_partner),
    Page("privacy:download", "may I have it all?", AN),
    Page("privacy:request", "an archive that is ready", AN, lambda scene: (scene.ready,)),
    Page("privacy:request", "an archive that waits", CARLA, lambda scene: (scene.held,)),
    Page("privacy:fetch", "403: an archive that waits", CARLA, lambda scene: (scene.held,), status=403),
    Page("privacy:download", "may I have it all? not today", CARLA),
    Page("privacy:download", "or a part of it?", AN, then=unfold),
    Page("privacy:download_part", "how much is that?", AN, then=choose("usage")),
    Page("privacy:download_part", "what is not right yet?", AN, then=choose("usage", since="2026-03-01", until="2025-03-01")),
    Page("privacy:download_part", "nothing at all", AN, then=choose("misconduct")),
    Page("privacy:request", "an archive that is on its way", CARLA, lambda scene: (scene.waiting,)),
    Page("privacy:take_in", "may I bring my data?", AN),
    Page("privacy:take_in_look", "410: an archive that nobody brought", AN, status=410),
    Page("privacy:take_in_look", "what would come?", AN, status=410, then=bring_her_archive),
    Page("privacy:correct", "what is wrong?", AN),
    Page("privacy:correct_row", "what should it be?", AN, lambda scene: ("accounts.Member", scene.member)),
    Page("privacy:statement", "words beside a fixed value", AN, lambda scene: ("accounts.Member", scene.member, "email")),
    Page("privacy:object", "say no", AN),
    Page("privacy:restrict", "pause", AN),
    Page("privacy:question", "what does this mean for me?", AN),
    Page("privacy:complain", "did you do something wrong?", AN),
    Page("privacy:erase", "what goes, what stays?", AN),
    Page("privacy:erase_confirm", "the last question", AN, then=go_on_to_confirm),
    Page("privacy:erase_confirm", "goodbye", ELS, then=confirm),
    Page("privacy:requests", "what did I ask?", AN),
    Page("privacy:requests", "what did I ask? asked while hidden", BO),
    Page("privacy:request", "an erasure that can be taken back", BO, lambda scene: (scene.erasure,)),
    Page("privacy:request", "a refusal", CARLA, lambda scene: (scene.refused,)),
    Page("privacy:not_me", "this was not me", of=lambda scene: (scene.token,)),
    Page("privacy:ask", "what do I ask without an account?"),
    Page("privacy:ask", "what is not right yet?", then=send_nothing),
    Page("privacy:ask_sent", "look in your mailbox"),
    Page("privacy:ask_follow", "how far is what I asked?"),
    Page("privacy:ask_confirm", "404: a link that is none", of=lambda scene: ("nergens",), status=404),
    Page("privacy:was_it_you", "404: a link that is none", of=lambda scene: ("nergens",), status=404),
    Page("privacy:desk", "what needs me today?", DAAN),
    Page("privacy:desk", "all requests that are open", DAAN, then=lambda page: page.goto(f"{reverse('privacy:desk')}?state=open")),
    Page("privacy:desk", "all that waits", DAAN, then=lambda page: page.goto(f"{reverse('privacy:desk')}?state=waiting")),
    Page("privacy:open", "why do you open it?", DAAN, lambda scene: (scene.refused,)),
    Page("privacy:find", "which request is it?", DAAN),
    Page("privacy:look_up", "whose is it?", DAAN, then=look_up),
    Page("privacy:absence", "who is away?", DAAN),
    Page("privacy:case", "an erasure in its days of grace", DAAN, lambda scene: (scene.erasure,)),
    Page("privacy:case", "a request that was answered", DAAN, lambda scene: (scene.ready,)),
    Page("privacy:case", "a letter that waits for a second person", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:case", "an erasure that is proven", DAAN, lambda scene: (scene.erased,)),
    Page("privacy:case", "an erasure that left something behind", DAAN, lambda scene: (scene.left,)),
    Page("privacy:letters", "which letters did we write?", DAAN, lambda scene: (scene.refused,)),
    Page("privacy:messages", "what do you write to the person?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:request_messages", "what do you want to say to us?", CARLA, lambda scene: (scene.waiting,)),
    Page("privacy:letter", "somebody asks for erasure by letter", DAAN),
    Page("privacy:decide", "do we erase this person?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:answer", "what do we answer?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:extend", "why does this take longer?", DAAN, lambda scene: (scene.erasure,)),
    Page("privacy:pause", "what do we miss to go on?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:identity", "who asks?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:mandate", "did we see the mandate?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:case", "a value that is not right", DAAN, lambda scene: (scene.disputed,)),
    Page("privacy:put_right", "what should it be, at the desk?", DAAN, lambda scene: (scene.disputed, scene.said)),
    Page("privacy:place_restriction", "which use rests?", DAAN, lambda scene: (scene.refused,)),
    Page("privacy:restrictions", "what may we only keep?", DAAN),
    Page("privacy:restriction", "may this be used again?", DAAN, lambda scene: (scene.restriction,)),
    Page("privacy:holds", "what do we hold back from erasure?", DAAN),
    Page("privacy:hold", "is this still needed?", DAAN, lambda scene: (scene.hold,)),
    Page("privacy:place_hold", "what must not get lost?", DAAN, lambda scene: (scene.letter,)),
    Page("privacy:figures", "do we answer in time?", DAAN),
    Page("privacy:retention", "what goes by itself?", DAAN, before=lambda site: site.do(acts.is_away), then=unfold),
    Page("privacy:settings", "how is it set here?", DAAN),
    Page("privacy:setting", "how long can somebody go back?", DAAN, lambda scene: ("ERASURE_GRACE_DAYS",)),
    Page("privacy:setting", "what else does a refusal say?", DAAN, lambda scene: ("refusal.nl",)),
    Page("privacy:audit", "what shows that we kept the rules?", DAAN),
    Page("privacy:audit", "403: not for her", AN, status=403),
    Page("privacy:opened", "who opened my data?", AN),
    Page("privacy:registers", "can we show what we do?", DAAN),
    Page("privacy:processing", "what do we do with data?", DAAN),
    Page("privacy:processors", "who works for us?", DAAN),
    Page("privacy:add_processor", "who else works for us?", DAAN, then=send_nothing),
    Page("privacy:organisation", "where is its officer reached?", DAAN, lambda scene: (scene.processor,)),
    Page("privacy:breaches", "what went wrong?", DAAN),
    Page("privacy:note_breach", "something went wrong with data", DAAN, then=send_nothing),
    Page("privacy:breach", "one breach, with its clock", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:breach_more", "what do you know now?", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:breach_authority", "when did the authority hear of it?", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:breach_silence", "why no letters?", DAAN, lambda scene: (scene.breach, "persons")),
    Page("privacy:breach_persons", "what do we write to the people concerned?", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:breach_public", "what can everybody read?", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:breach_partners", "which partners have to know?", DAAN, lambda scene: (scene.breach,)),
    Page("privacy:disclosures", "which authority asked for data?", DAAN),
    Page("privacy:note_disclosure", "a court or authority asks for data", DAAN, then=send_nothing),
    Page("privacy:disclosure", "what does it ask?", DAAN, lambda scene: (scene.authority,)),
    Page("privacy:fetch", "410: an archive that has gone", BO, lambda scene: (scene.expired,), status=410),
    Page("privacy:not_me", "404: a link that is none", of=lambda scene: ("nergens",), status=404),
    Page("accounts:photo", "404: a photo that is shown no more", of=lambda scene: (uuid.UUID(int=0),), status=404),
    Page("privacy:desk", "403: not for her", AN, status=403),
    Page("privacy:request", "404: another's request", AN, lambda scene: (scene.erasure,), status=404),
    Page("accounts:notices", "what did moderators ask of me?", GUST),
    Page("accounts:notices", "what did moderators ask of me? nothing", AN),
    Page("account", "her account, with what is hers to keep", CARLA),
    Page("misconduct:find", "who broke the rules?", DAAN),
    Page("misconduct:member", "what is on record?", DAAN, lambda scene: (scene.warned,)),
    Page("misconduct:ban", "ban this member?", DAAN, lambda scene: (scene.warned,)),
    Page("misconduct:ban", "what is not right yet?", DAAN, lambda scene: (scene.warned,), then=send_nothing),
    Page("misconduct:bans", "who may not come back?", CARLA),
    Page("misconduct:one", "may this ban stay?", CARLA, lambda scene: (scene.banned,)),
    Page("misconduct:one", "what does the person say?", DAAN, lambda scene: (scene.banned,)),
    Page("misconduct:read", "whose address is it?", CARLA, lambda scene: (scene.banned,)),
    Page("misconduct:object", "is this ban wrong?", of=lambda scene: (scene.objecting,)),
    Page("misconduct:proven", "we know that it is you", DAAN),
    Page("misconduct:bans", "404: not for her", AN, status=404),
    Page("usage:member", "who is this? asked by a visitor", of=lambda scene: (scene.other,)),
    Page("usage:member", "who is this? asked by a member", AN, lambda scene: (scene.other,)),
    Page("usage:member", "how do others see me?", AN, lambda scene: (scene.member,)),
    Page("usage:write", "a first message", DAAN, lambda scene: (scene.other,)),
    Page("usage:messages", "who wrote to me?", AN),
    Page("usage:conversation", "what did we write?", AN, lambda scene: (scene.conversation,)),
    Page("usage:following", "what is new from whom I follow?", AN),
    Page("usage:for_you", "what might I use?", AN),
    Page("usage:history", "what did I view?", AN),
    Page("usage:history", "what did I look for?", AN, lambda scene: ("searched",)),
    Page("usage:sign_ins", "when did I sign in?", AN),
    Page("usage:feedback", "a word to the platform, from a visitor"),
    Page("usage:feedback", "a word to the platform, from a member", AN),
    Page("usage:feedback_desk", "who waits for an answer?", DAAN),
    Page("usage:answer", "an answer to a visitor", DAAN, lambda scene: (scene.feedback,)),
    Page("portal:mine", "may my tool sign members in?", AN),
    Page("portal:register", "who are we, and what do we ask?", AN),
    Page("portal:register", "what is not right yet?", AN, then=send_nothing),
    Page("portal:mine", "for whom do I speak?", CARLA),
    Page("portal:partner", "how does it stand with us?", CARLA, lambda scene: (PARTNER,)),
    Page("portal:change", "what should be different?", CARLA, lambda scene: (PARTNER,)),
    Page("portal:add_program", "which program?", CARLA, lambda scene: (PARTNER,)),
    Page("portal:add_program", "here is its secret", CARLA, lambda scene: (PARTNER,), then=add_a_program),
    Page("portal:program", "how does this program sign in?", CARLA, lambda scene: (PARTNER, scene.program)),
    Page("portal:program", "what is not right yet?", CARLA, lambda scene: (PARTNER, scene.program), then=send_no_address),
    Page("portal:log", "what were we told?", CARLA, lambda scene: (PARTNER,)),
    Page("portal:signals", "what went into the stream?", CARLA, lambda scene: (PARTNER, scene.program)),
    Page("portal:desk", "what do partners ask of us?", DAAN),
    Page("portal:proposal", "do we agree?", DAAN, lambda scene: (scene.proposal,)),
    Page("portal:of_partner", "what do members read?", DAAN, lambda scene: (PARTNER,)),
    Page("portal:end", "do we end it?", DAAN, lambda scene: (PARTNER,)),
    Page("portal:desk", "404: not for her", AN, status=404),
    Page("privacy:verify", "is this archive as it was made?"),
    Page("privacy:verify", "what was changed in it?", then=check(signed_archives.tampered())),
    Page("privacy:verify", "who signed it?", AN, then=check(signed_archives.good())),
    Page("privacy:verify", "what is wrong with this file?", then=check(b"no zip")),
    Page("privacy:verify", "what was changed in this certificate?", then=check(certificates.tampered())),
    Page("privacy:certificate", "404: none was issued yet", DAAN, lambda scene: (scene.erasure, "pdf"), status=404),
    Page("usage:member", "404: somebody who is hidden or never was", AN, lambda scene: (UUID(int=0),), status=404),
    MadePage("checked", "is this certificate yours?", answer=made.our_certificate),
    MadePage("strange", "400: what we could not read", status=400, answer=made.too_large_or_strange),
    MadePage("expired", "403: a form without its session", status=403, answer=made.without_session),
    MadePage("signed-out", "403: what she wrote, signed out meanwhile", status=403, answer=made.signed_out),
    MadePage("often", "429: too often", status=429, answer=made.too_often),
    MadePage("restored", "503: put back from a copy", status=503, answer=made.restored),
    MadePage("broken", "500: a fault of ours", status=500, answer=made.broken),
    # Afterwards her earlier proof is too old for any other page.
    Page("privacy:step_up", "is it you?", CARLA, before=lambda site: site.do(acts.much_later, CARLA)),
]

# What is sent, not looked at: who comes by is refused (tests/browser/test_axe.py).
ACTS = {
    "privacy:appearance": nothing,
    "privacy:step_up_code": nothing,
    "privacy:hand": nothing,
    "privacy:settle": nothing,
    "privacy:end_absence": lambda scene: (1,),
    "privacy:prolong_hold": lambda scene: (scene.hold,),
    "privacy:lift_hold": lambda scene: (scene.hold,),
    "privacy:open_hold": lambda scene: (scene.hold,),
    "privacy:cancel": lambda scene: (scene.ready,),
    "privacy:resume": lambda scene: (scene.letter,),
    "privacy:letter_act": lambda scene: (scene.letter, 1),
    "privacy:registers_paper": nothing,
    "privacy:ask_code": nothing,
    "privacy:identity_lower": lambda scene: (scene.letter,),
    "privacy:identity_agree": lambda scene: (scene.letter, 1),
    "privacy:announce_restriction": lambda scene: (scene.restriction,),
    "privacy:restriction_by_post": lambda scene: (scene.restriction,),
    "privacy:lift_restriction": lambda scene: (scene.restriction,),
    "privacy:retention_approve": lambda scene: ("member",),
    "privacy:retention_withdraw": lambda scene: ("member",),
    "privacy:change_setting": lambda scene: ("ARCHIVE_HOURS",),
    "privacy:decide_setting": lambda scene: ("ARCHIVE_HOURS",),
    "privacy:keep_setting": lambda scene: ("bans",),
    "accounts:upload": nothing,
    "accounts:withdraw": nothing,
    "misconduct:decide": lambda scene: (scene.banned, "lift"),
    "consents:withdraw": lambda scene: ("quizkast",),
    "consents:withdraw_all": nothing,
    "consents:contact": lambda scene: ("quizkast",),
    "consents:no_offers": nothing,
    "consents:offers_again": nothing,
    "portal:approve": lambda scene: (scene.proposal,),
    "portal:publish": lambda scene: (PARTNER,),
    "portal:rotate": lambda scene: (PARTNER, scene.program),
    "portal:end_secret": lambda scene: (PARTNER, scene.program),
    "portal:test_event": lambda scene: (PARTNER, scene.program),
    "transfer:stop": lambda scene: (scene.went,),
    "transfer:stop_incoming": lambda scene: (scene.came,),
    "usage:follow": lambda scene: (scene.other,),
    "usage:unfollow": lambda scene: (scene.other,),
    "usage:forget": lambda scene: ("viewed", 1),
    "usage:forget_all": lambda scene: ("viewed",),
    "usage:switch_suggestions": nothing,
    "usage:settle": lambda scene: (scene.feedback,),
    "usage:search": nothing,
    "usage:score": lambda scene: (scene.material,),
    "usage:comment": lambda scene: (scene.material,),
    "usage:keep": lambda scene: (scene.material,),
    "usage:remove_favourite": lambda scene: (scene.favourite,),
}
