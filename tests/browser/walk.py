"""What a teacher does on the site, told once; whoever walks (tests/browser/actors.py) does it in her own way."""

from config.demo import people


def sign_in(actor, email, password=people.PASSWORD):
    actor.visit("/account/login/")
    actor.write("E-mailadres", email)
    actor.write("Wachtwoord", password)
    actor.press("^Aanmelden$")
    actor.page.wait_for_url("**/my-privacy/**")
