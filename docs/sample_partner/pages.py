"""The one page: what we know of whoever looks at it, what we asked the platform, and what we heard from it."""

import secrets

from flask import Flask, redirect, render_template, request, session, url_for

from . import events, signing_in
from .memory import memory
from .settings import NAME, PLATFORM

# Claims as OpenID names them, in words; `sub` and the rest of ours are no data of hers.
TITLES = {"given_name": "Voornaam", "town": "Gemeente", "occupation": "Wat je doet"}
HEADERS = {
    "Content-Security-Policy": "; ".join(
        ("default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

app = Flask(__name__)
# A name of its own: cookies of one machine are shared by all its ports.
app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="breukenbos", SESSION_COOKIE_SAMESITE="Lax")
signing_in.oauth.init_app(app)
app.register_blueprint(signing_in.routes)
app.register_blueprint(events.routes)


@app.get("/")
def home():
    sub = memory.sessions.get(session.get("number", ""))
    member = memory.members.get(sub)
    # She had a session that we ended meanwhile: she is told so, once.
    was_ended = member is None and session.pop("number", None) is not None
    context = {"name": NAME, "platform": PLATFORM, "member": member, "sub": sub, "was_ended": was_ended}
    known = [(TITLES[name], value) for name, value in member.claims.items() if name in TITLES] if member else []
    return render_template("home.html", known=known, said_no="said" in request.args, memory=memory, **context)


@app.post("/again")
def again():
    if sub := memory.sessions.get(session.get("number", "")):
        signing_in.ask(sub)
    return redirect(url_for("home"))


@app.after_request
def with_headers(response):
    """Pages about people are kept by nobody; the style sheet by whoever likes."""
    response.headers.update(HEADERS if request.endpoint != "static" else {})
    return response
