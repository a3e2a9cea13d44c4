"""The six lawful bases in plain words (Art. 6(1))."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..datamap import LawfulBasis

# As it reads after "Yes, because of"; what it comes down to; the letter of the article.
WORDS = {
    LawfulBasis.CONSENT: (
        gettext_lazy("your consent"),
        gettext_lazy("You said yes. You can take that back whenever you want; from then on we stop."),
        "a",
    ),
    LawfulBasis.CONTRACT: (
        gettext_lazy("the agreement with you"),
        gettext_lazy("When you made an account, we agreed what we do for you. Without these data we cannot."),
        "b",
    ),
    LawfulBasis.LEGAL_OBLIGATION: (
        gettext_lazy("a legal duty"),
        gettext_lazy("A law says that we must. Ask us which one, and we name it."),
        "c",
    ),
    LawfulBasis.VITAL_INTERESTS: (
        gettext_lazy("a vital interest"),
        gettext_lazy("It protects the life or health of you or of somebody else."),
        "d",
    ),
    LawfulBasis.PUBLIC_TASK: (
        gettext_lazy("our public task"),
        gettext_lazy("A law gives us this task, for everybody's good. Do you think we go too far? Then you can say no."),
        "e",
    ),
    LawfulBasis.LEGITIMATE_INTERESTS: (
        gettext_lazy("our legitimate interest"),
        gettext_lazy("We have a good reason, and your privacy does not weigh more. Do you think it does? Then you can say no."),
        "f",
    ),
}


@dataclass(frozen=True)
class Explained:
    basis: LawfulBasis
    name: str
    text: str
    article: str


def explained(basis: LawfulBasis) -> Explained:
    name, text, letter = WORDS[basis]
    return Explained(basis, name, text, _("Art. 6(1)(%(letter)s) GDPR") % {"letter": letter})
