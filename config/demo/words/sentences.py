"""What members say of themselves, call their folders and write to each other, and who our partners are."""

# Subject and level.
ROLES = ["Leraar {}, {}", "Leerkracht {}, {}", "Vakgroep {}, {}"]
ABOUT_ME = [
    "Ik deel graag wat in mijn klas werkt.",
    "Twaalf jaar voor de klas, nog altijd nieuwsgierig.",
    "Zoek collega's om samen aan projecten te werken.",
    "Zij-instromer, vroeger in een laboratorium.",
    "Liefst met de handen, soms met een scherm.",
    "",
]

FOLDERS = ["Voor maandag", "Volgend trimester", "Zorgklas", "Om te proberen", "Projectweek", "Examens"]
NOTES = ["", "", "samen met de parallelklas", "antwoorden nog nakijken", "korter maken", "werkt goed na de speeltijd"]

# How a conversation begins ({} first name, then topic) and how it goes on, turn by turn.
OPENINGS = [
    "Dag {}, mag ik je materiaal over {} aanpassen voor mijn klas?",
    "Dag {}, heb je ook een verbetersleutel bij {}?",
    "Hallo {}, hoeveel lesuren reken je voor {}?",
    "Beste {}, ik zoek iemand die samen iets maakt over {}.",
]
REPLIES = {
    OPENINGS[0]: [
        "Zeker, doe maar. Laat je weten hoe het liep?",
        "Dank je! Ik maak een versie met minder tekst.",
        "Die wil ik ook graag zien, mijn zorgklas kan dat gebruiken.",
        "Ik stuur ze door zodra ze af is.",
        "Top, tot dan.",
    ],
    OPENINGS[1]: [
        "Ja, maar alleen op papier. Ik scan hem deze week in.",
        "Heel graag, er is geen haast bij.",
        "Hij staat er nu bij, op de laatste bladzijde.",
        "Gevonden. Bij oefening 4 kom ik iets anders uit.",
        "Je hebt gelijk, dat pas ik aan.",
    ],
    OPENINGS[2]: [
        "Bij mij waren dat er twee, met een rustige klas.",
        "Dat is minder dan ik dacht. Sla je dan iets over?",
        "De herhaling geef ik mee als huiswerk.",
        "Slim, zo doe ik het ook.",
    ],
    OPENINGS[3]: [
        "Graag! Woensdagnamiddag past mij het best.",
        "Woensdag lukt. Zal ik een eerste schets maken?",
        "Doe maar, dan zoek ik de afbeeldingen.",
        "De schets staat klaar. Zeg maar wat eraan ontbreekt.",
        "Ziet er goed uit, enkel het slot mag korter.",
        "Prima, tot woensdag.",
    ],
}
# What is said under a resource, and what its answers are.
THREADS = {
    "Heel bruikbaar, mijn leerlingen waren meteen mee.": ["Fijn om te horen!", "Bij ons ook, een aanrader."],
    "Op bladzijde 2 staat een kleine fout in de opgave.": ["Dank je, ik heb het verbeterd.", "Klopt, ik zag het ook. Oefening 3."],
    "Gebruikt in twee klassen. Reken op een les extra.": ["Hier lukte het net in twee lesuren.", "Goed om te weten, ik zet het erbij."],
    "Dank je voor het delen. De afbeeldingen zijn erg duidelijk.": ["Graag gedaan. Ik tekende ze zelf."],
    "Wij hebben er een hoekenwerk van gemaakt.": ["Mooi idee! Hoeveel hoeken had je?", "Dat probeer ik volgende week ook."],
    "Voor mijn groep net te moeilijk, met een voorbeeld erbij lukte het wel.": ["Ik voeg een voorbeeld toe, dank je."],
    "Is er ook een versie voor kleurenblinde leerlingen?": ["Nog niet, maar met arceringen moet dat kunnen."],
    "Handig voor een vervanger: alles staat erin.": [],
}
COMMENTS = list(THREADS)

FEEDBACK = [
    "Kan ik mijn mappen in een andere volgorde zetten?",
    "Ik zoek een leermiddel van vorig jaar en vind het niet terug.",
    "De letters zijn op mijn tablet wat klein.",
    "Mooi dat jullie zeggen wat er met onze gegevens gebeurt.",
    "Hoe nodig ik een collega uit om mee te doen?",
    "Bij het afdrukken valt de laatste regel van het blad.",
]

# Slug, name, purpose, account fields it may ask.
PARTNERS = [
    ("quizkast", "Quizkast", "Je aanmelden bij Quizkast en je quizzen bewaren.", ["first_name", "email"]),
    ("leesburcht", "Leesburcht", "Boeken voorstellen die bij je vak en je streek passen.", ["first_name", "occupation", "town"]),
    ("edupartner", "Edupartner", "Je lerarenkorting controleren.", ["first_name", "last_name", "town"]),
]
# The one with a site of its own (docs/sample_partner).
SAMPLE = ("breukenbos", "Breukenbos", "Oefeningen met breuken klaarzetten voor jouw klas.", ["first_name", "town", "occupation"])
# By short name: why it asks each field, and what it would like to offer.
REASONS = {
    "breukenbos": {
        "first_name": "Om je te begroeten.",
        "town": "Om scholen in je buurt te laten samen oefenen.",
        "occupation": "Om oefeningen voor jouw leerjaar klaar te zetten.",
    },
    "quizkast": {"first_name": "Om je te begroeten.", "email": "Om je de resultaten van je klas te sturen."},
    "leesburcht": {
        "first_name": "Om je te begroeten.",
        "occupation": "Om boeken voor jouw vak te kiezen.",
        "town": "Om boekhandels in je buurt te tonen.",
    },
    "edupartner": {
        "first_name": "Om je korting op naam te zetten.",
        "last_name": "Om je korting op naam te zetten.",
        "town": "Om de winkel in je buurt te tonen.",
    },
}
OFFERS = {"leesburcht": "Twee keer per jaar een mail met nieuwe boeken voor je vak."}

# Why somebody was banned; nothing else is left of them.
SERIOUS_BREACH = "Schreef honderden leden aan met reclame voor betaalde bijlessen, onder de naam van een school."
SEVERAL_NOTICES = "Verwittigd op drie momenten in twee maanden, telkens met een link naar onze huisregels; ging daarna door."
