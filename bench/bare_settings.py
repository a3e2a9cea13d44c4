"""The settings of a site with the bare views beside ours."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "bench.bare_calls"
