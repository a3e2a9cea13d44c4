"""`cd docs && python -m sample_partner`: serve, and ask the platform for its events as soon as it answers."""

import logging
from threading import Thread

from werkzeug.serving import make_server

from . import stream
from .pages import app
from .settings import ADDRESS, NAME, PORT

# Addresses hold codes for signing in: nobody writes them down.
logging.getLogger("werkzeug").setLevel(logging.WARNING)
server = make_server("127.0.0.1", PORT, app, threaded=True)
Thread(target=stream.keep_once_it_answers, daemon=True).start()
print(f"{NAME} at {ADDRESS}", flush=True)
server.serve_forever()
