"""Which settings the data protection officer changes on the desk: a closed list, each with what it may be."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..conf import setting, unchanged
from ..errors import SettingInvalid, SettingNotFound
from .letters import Kind as LetterKind

# Characters of a line, and of a paragraph of a letter.
LINE, PARAGRAPH = 200, 1000
LETTERS = "LETTERS"


@dataclass(frozen=True)
class Changeable:
    """`name` is the key of PRIVACY, with a dot the key within; `least` and `most` of a number, `most` of characters of a text."""

    name: str
    title: str
    most: int
    least: int = 0
    unit: str = ""
    is_number: bool = False
    is_address: bool = False
    # How long something stays: the name of its unit, as relativedelta takes it. It counts for what is there already too.
    keeps_for: str = ""

    @property
    def code(self) -> str:
        """In trail, agenda and address of the page: at most 20 characters."""
        return self.name.removeprefix(f"{LETTERS}.")

    @property
    def is_paragraph(self) -> bool:
        return self.name.startswith(LETTERS)

    @property
    def now(self) -> str:
        """What is in force."""
        return str(self._of(setting))

    @property
    def given(self) -> str:
        """What stands in the settings of the installation."""
        return str(self._of(unchanged))

    def _of(self, ask):
        section, _dot, key = self.name.partition(".")
        return ask(section).get(key, "") if key else ask(section)

    def clean(self, text: str) -> str:
        """As it is kept; SettingInvalid."""
        said = text.replace("\r\n", "\n").strip()
        if self.is_number:
            return self._number(said)
        if len(said) > self.most or any(not sign.isprintable() and sign != "\n" for sign in said):
            raise SettingInvalid(_("Write text only, at most %(count)d characters.") % {"count": self.most})
        if not self.is_paragraph:
            self._refuse_half(said)
        return said

    def _number(self, said):
        """No other spelling than ours: what is compared later is the text."""
        if not (said.isascii() and said.isdecimal() and len(said) < 6 and self.least <= int(said) <= self.most):
            raise SettingInvalid(_("Choose a number from %(least)d to %(most)d.") % {"least": self.least, "most": self.most})
        return str(int(said))

    def _refuse_half(self, said):
        if not said or "\n" in said:
            raise SettingInvalid(_("Write it on one line; letters and pages need it."))
        try:
            if self.is_address:
                validate_email(said)
        except ValidationError:
            raise SettingInvalid(_("This is no e-mail address.")) from None

    def takes_two(self, value: str) -> bool:
        """Fewer days, hours or years take away what people could still do, or we could still show: nobody does so alone."""
        return self.is_number and int(value) < int(self.now)

    def as_setting(self, value: str):
        return int(value) if self.is_number else value


NUMBERS = (
    Changeable("ERASURE_GRACE_DAYS", gettext_lazy("Time to go back on an erasure"), 28, 1, gettext_lazy("days"), True),
    Changeable("ARCHIVE_HOURS", gettext_lazy("Time to fetch an archive"), 720, 24, gettext_lazy("hours"), True),
    Changeable(
        "FREE_TEXT_DAYS", gettext_lazy("What people wrote stays after closing"), 1825, 30, gettext_lazy("days"), True, keeps_for="days"
    ),
    Changeable(
        "ACCOUNTABILITY_YEARS",
        gettext_lazy("What shows that we kept the rules stays"),
        10,
        1,
        gettext_lazy("years"),
        True,
        keeps_for="years",
    ),
)
CONTACTS = (
    Changeable("CONTROLLER.name", gettext_lazy("Name of the organisation"), LINE),
    Changeable("CONTROLLER.address", gettext_lazy("Address of the organisation"), LINE),
    Changeable("CONTROLLER.email", gettext_lazy("E-mail address of the organisation"), LINE, is_address=True),
    Changeable("DPO.name", gettext_lazy("What the data protection officer is called"), LINE),
    Changeable("DPO.email", gettext_lazy("E-mail address of the data protection officer"), LINE, is_address=True),
)


def paragraphs() -> list[Changeable]:
    """Of each kind of letter, in each language of the site."""
    return [
        Changeable(f"{LETTERS}.{kind.value}.{language}", f"{kind.label}, {language}", PARAGRAPH)
        for kind in LetterKind
        for language, _name in settings.LANGUAGES
    ]


def everything() -> list[Changeable]:
    return [*NUMBERS, *CONTACTS, *paragraphs()]


def named(code: str) -> Changeable:
    found = next((each for each in everything() if each.code == code), None)
    if found is None:
        raise SettingNotFound
    return found


def to_review() -> dict[str, str]:
    """Code -> words: what is looked at each year, by itself right or not (Art. 5(1)(e), G-40)."""
    return {each.code: each.title for each in NUMBERS} | setting("REVIEWS")
