"""What members share about a topic: what it is called, what its author says of it, and what lies in its file."""

from typing import NamedTuple

from usage.models import Level

YOUNGEST = {Level.NURSERY}


class Kind(NamedTuple):
    """{} is what the lesson is about; `word` is how others look for this kind."""

    title: str
    word: str
    descriptions: list[str]
    for_youngest: bool = True


KINDS = [
    Kind(
        "Werkblad: {}",
        "werkblad",
        [
            "Twaalf oefeningen over {}, van makkelijk naar moeilijk. De verbetersleutel staat achteraan.",
            "Twee bladzijden om {} zelfstandig in te oefenen. Afdrukken in zwart-wit kan.",
        ],
    ),
    Kind(
        "Lesbundel: {}",
        "lesbundel",
        [
            "Vier lesuren over {}, met doelen, opdrachten en een korte terugblik. Pas gerust aan voor je eigen klas.",
            "Alles wat je nodig hebt om {} aan te brengen: instap, kern, verwerking en materiaallijst.",
        ],
    ),
    Kind(
        "Escaperoom: {}",
        "escaperoom",
        [
            "Zes raadsels over {}. In groepjes van vier, een lesuur lang; de codes staan op de laatste bladzijde.",
            "De klas zit op slot en alleen wie {} beheerst, vindt de sleutel. Hang de kaarten vooraf op.",
        ],
        for_youngest=False,
    ),
    Kind(
        "Stappenplan: {}",
        "stappenplan",
        [
            "Een geheugensteun van een bladzijde over {}, om op de bank te kleven of aan de muur te hangen.",
            "Stap voor stap door {}, met een pictogram bij elke stap.",
        ],
    ),
    Kind(
        "Spel: {}",
        "spel",
        [
            "Kwartet over {}: 32 kaarten om te knippen. Duurt een halfuur.",
            "Een bordspel om {} te herhalen. Speelt met twee tot vijf; dobbelsteen zelf meebrengen.",
        ],
    ),
    Kind(
        "Toets in twee reeksen: {}",
        "toets",
        [
            "Twee gelijkwaardige reeksen over {}, elk op twintig punten, met verbetersleutel.",
            "Korte toets over {} voor na de laatste les. Reeks B is er voor wie afwezig was.",
        ],
        for_youngest=False,
    ),
]

# What the small files of the demonstration say, by their kind.
FILE_TEXTS = {
    "pdf": [
        "Naam:                    Klas:",
        "1. Lees de opgave twee keer.",
        "2. Noteer je berekening of je uitleg.",
        "3. Kijk na met de sleutel.",
    ],
    "txt": ["Vooraf: leg het materiaal klaar.", "Kern: in groepjes van vier, twintig minuten.", "Nadien: wat was moeilijk, wat ging vlot?"],
}


def kinds_for(level: Level) -> list[Kind]:
    return [kind for kind in KINDS if kind.for_youngest or level not in YOUNGEST]
