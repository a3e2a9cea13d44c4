"""For how long, in words that follow the setting: it changes on the desk, and a sentence that was read once would go on saying five."""

from django.utils.functional import lazy

from ..conf import setting


def _with_years(sentence):
    return sentence % {"count": setting("ACCOUNTABILITY_YEARS")}


# Takes what ngettext_lazy gives for "count", and says it with PRIVACY["ACCOUNTABILITY_YEARS"], asked anew each time it is read.
years_kept = lazy(_with_years, str)
