"""Every page there is to look at: its address, and who looks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from . import acts
from .scene import AN, BO, DAAN, Scene


def nothing(scene):
    return ()


@dataclass(frozen=True)
class Page:
    """`name` as in the URLs; `of` gives what its address holds; `before` happens right before somebody looks."""

    name: str
    what: str
    who: str = ""
    of: Callable[[Scene], tuple] = nothing
    before: Callable | None = None
    status: int = 200

    def __str__(self):
        return f"{self.name} ({self.what})"

    def path(self, scene: Scene) -> str:
        return reverse(self.name, args=self.of(scene))


PAGES = [
    Page("start", "how do I begin?"),
    Page("account_signup", "make an account"),
    Page("account_email_verification_sent", "confirm the address"),
    Page("account_login", "sign in"),
    Page("account_reset_password", "a forgotten password"),
    Page("account_reset_password_done", "a link is on its way"),
    Page("account", "her account", AN),
    Page("account_email", "her address", AN),
    Page("account_change_password", "another password", AN),
    Page("usersessions_list", "where she is signed in", AN),
    Page("account_logout", "sign out", AN),
    Page("privacy:overview", "how do my data stand?", AN),
    Page("privacy:data", "what do you know about me?", AN),
    Page("privacy:group", "one activity", AN, lambda scene: ("usage",)),
    Page("privacy:table", "one category, row by row", AN, lambda scene: ("usage", "usage.ResourceView")),
    Page("privacy:recipients", "who received it?", AN),
    Page("privacy:download", "may I have it all?", AN),
    Page("privacy:correct", "what is wrong?", AN),
    Page("privacy:correct_row", "her profile", AN, lambda scene: ("accounts.Member", scene.member)),
    Page("privacy:statement", "a statement beside a fixed value", AN, lambda scene: ("accounts.Member", scene.member, "email")),
    Page("privacy:object", "say no", AN),
    Page("privacy:restrict", "pause", AN),
    Page("privacy:erase", "what goes, what stays?", AN),
    Page("privacy:erase_confirm", "the last question", AN),
    Page("privacy:requests", "what did I ask?", AN),
    Page("privacy:request", "an archive that is ready", AN, lambda scene: (scene.ready,)),
    Page("privacy:requests", "hidden, before an erasure", BO),
    Page("privacy:request", "an erasure that can be taken back", BO, lambda scene: (scene.erasure,)),
    Page("privacy:step_up", "is it you?", AN, before=lambda site: site.do(acts.much_later, AN)),
    Page("privacy:desk", "what burns?", DAAN),
    Page("privacy:case", "one request", DAAN, lambda scene: (scene.erasure,)),
    Page("consents:permissions", "who may use my data?", AN),
    Page("consents:allow", "may they know this?", AN, lambda scene: ("leesburcht",)),
]

# What is sent, not looked at; tests/browser/test_axe.py sees that they show nothing to who comes by.
ACTS = {"privacy:appearance", "privacy:step_up_code", "privacy:cancel", "privacy:fetch", "consents:withdraw"}
