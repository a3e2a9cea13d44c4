"""What a person said with a request, as its page repeats it to her: about which use, why, and in which words."""

from ..casework.confirming import WHOLE
from ..datamap import Right, registry
from ..rights.statements import words_with
from .forms import GROUNDS


def with_request(asked) -> dict:
    """Nothing where she said nothing; the same words stand with each use that she named."""
    words = list(words_with(asked))
    if not words:
        return {}
    uses = {activity.slug: activity.heading for activity in registry.activities()}
    about = [uses.get(each.about, each.about) for each in words if each.about not in {WHOLE, *Right.values}]
    return {"about": about, "ground": GROUNDS.get(words[0].ground, ""), "text": words[0].text}
