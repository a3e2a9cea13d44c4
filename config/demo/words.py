"""The words of a Flemish education platform: towns, school subjects, what members share, what they write to each other."""

TOWNS = (
    """
1000 Brussel|1020 Laken|1080 Sint-Jans-Molenbeek|1500 Halle|1600 Sint-Pieters-Leeuw|1730 Asse|1770 Liedekerke|1800 Vilvoorde|1980 Zemst
2000 Antwerpen|2018 Antwerpen|2140 Borgerhout|2170 Merksem|2200 Herentals|2250 Olen|2300 Turnhout|2400 Mol|2440 Geel|2500 Lier
2550 Kontich|2600 Berchem|2640 Mortsel|2800 Mechelen|2850 Boom|2900 Schoten|2930 Brasschaat|3000 Leuven|3001 Heverlee|3200 Aarschot
3270 Scherpenheuvel|3290 Diest|3300 Tienen|3400 Landen|3500 Hasselt|3550 Heusden-Zolder|3580 Beringen|3600 Genk|3650 Dilsen-Stokkem
3680 Maaseik|3700 Tongeren|3740 Bilzen|3800 Sint-Truiden|3900 Pelt|8000 Brugge|8200 Sint-Andries|8300 Knokke-Heist|8370 Blankenberge
8400 Oostende|8500 Kortrijk|8600 Diksmuide|8620 Nieuwpoort|8630 Veurne|8700 Tielt|8790 Waregem|8800 Roeselare|8870 Izegem|8900 Ieper
8970 Poperinge|9000 Gent|9040 Sint-Amandsberg|9050 Gentbrugge|9100 Sint-Niklaas|9120 Beveren|9160 Lokeren|9200 Dendermonde|9230 Wetteren
9300 Aalst|9400 Ninove|9470 Denderleeuw|9500 Geraardsbergen|9600 Ronse|9620 Zottegem|9700 Oudenaarde|9800 Deinze|9850 Nevele|9900 Eeklo
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

# School subject -> what lessons in it are about.
TOPICS = {
    "wiskunde": [
        "breuken vergelijken",
        "de stelling van Pythagoras",
        "kansrekenen met dobbelstenen",
        "vergelijkingen oplossen",
        "procenten in de winkel",
        "oppervlakte en omtrek",
        "grafieken lezen",
        "spiegelen en draaien",
    ],
    "Nederlands": [
        "dt-regels",
        "begrijpend lezen",
        "een betoog schrijven",
        "poëzie in de klas",
        "spreekwoorden",
        "zinsontleding",
        "boekpromotie",
        "argumenteren",
    ],
    "Frans": [
        "se présenter",
        "passé composé of imparfait",
        "au restaurant",
        "les nombres",
        "la météo",
        "demander son chemin",
        "la famille",
        "une journée à Lille",
    ],
    "Engels": [
        "irregular verbs",
        "writing a review",
        "small talk",
        "conditionals",
        "false friends",
        "a job interview",
        "the news in class",
        "phrasal verbs",
    ],
    "geschiedenis": [
        "de Eerste Wereldoorlog in Ieper",
        "het leven in een middeleeuwse stad",
        "de industriële revolutie in Gent",
        "Congo",
        "ontdekkingsreizen",
        "de Romeinen in Tongeren",
        "bronnen vergelijken",
        "vrouwenkiesrecht",
    ],
    "aardrijkskunde": [
        "kaartlezen",
        "het klimaat in België",
        "platentektoniek",
        "de Schelde van bron tot monding",
        "bevolkingspiramides",
        "bodem en landschap",
        "wonen in de stad",
        "de haven van Antwerpen",
    ],
    "natuurwetenschappen": [
        "de cel",
        "fotosynthese",
        "zuren en basen",
        "het menselijk skelet",
        "krachten meten",
        "geluid en trillingen",
        "voedselketens",
        "de atoombouw",
    ],
    "wereldoriëntatie": [
        "het verkeer rond de school",
        "de seizoenen",
        "van graan tot brood",
        "dieren in de winter",
        "feesten in de wereld",
        "afval sorteren",
        "het weer",
        "beroepen",
    ],
    "informatica": [
        "programmeren met blokken",
        "zoeken op het internet",
        "sterke wachtwoorden",
        "nepnieuws herkennen",
        "rekenbladen",
        "een eigen website",
        "algoritmen zonder computer",
        "privacy en foto's",
    ],
    "economie": [
        "vraag en aanbod",
        "een eigen budget",
        "sparen en lenen",
        "de loonbrief",
        "reclame doorzien",
        "een minionderneming",
        "inflatie",
        "btw",
    ],
    "muziek": [
        "ritme met bekers",
        "noten lezen",
        "instrumenten herkennen",
        "een lied schrijven",
        "muziek uit de wereld",
        "luisteren naar stilte",
    ],
    "beeldende vorming": [
        "kleuren mengen",
        "zelfportretten",
        "werken met klei",
        "kunst van Ensor",
        "stop-motion",
        "perspectief tekenen",
    ],
    "lichamelijke opvoeding": [
        "coöperatieve spelen",
        "een dans maken",
        "balanceren",
        "oriëntatielopen",
        "zwemmen met plezier",
        "eerlijk spelen",
    ],
    "levensbeschouwing": [
        "vriendschap",
        "omgaan met verlies",
        "feesten en rituelen",
        "wat is eerlijk",
        "stil zijn",
        "dromen",
    ],
    "burgerschap": [
        "kinderrechten",
        "stemmen in de klas",
        "een debat voeren",
        "Europa",
        "samenleven in de wijk",
        "pesten bespreken",
    ],
}

# What members share; {} is what the lesson is about.
KINDS = ["Werkblad: {}", "Lesbundel {}", "Escaperoom: {}", "Stappenplan {}", "Spel: {}", "Toets {}, twee reeksen"]

LEVELS = [
    "kleuteronderwijs",
    "lager onderwijs",
    "eerste graad",
    "tweede graad",
    "derde graad",
    "buitengewoon onderwijs",
    "volwassenenonderwijs",
]
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

OPENINGS = [
    "Dag {}, mag ik je materiaal over {} aanpassen voor mijn klas?",
    "Dag {}, heb je ook een verbetersleutel bij {}?",
    "Hallo {}, hoeveel lesuren reken je voor {}?",
    "Beste {}, ik zoek iemand die samen iets maakt over {}.",
]
REPLIES = [
    "Zeker, doe maar. Laat je weten hoe het liep?",
    "Ik stuur het deze week door.",
    "Bij mij waren dat er twee, met een rustige klas.",
    "Graag. Woensdagnamiddag past mij het best.",
    "Dank je, dat helpt mij vooruit.",
    "Prima, tot dan.",
]
COMMENTS = [
    "Heel bruikbaar, mijn leerlingen waren meteen mee.",
    "Op bladzijde 2 staat een kleine fout in de opgave.",
    "Gebruikt in twee klassen. Reken op een les extra.",
    "Dank je voor het delen. De afbeeldingen zijn erg duidelijk.",
    "Wij hebben er een hoekenwerk van gemaakt.",
    "Voor mijn groep net te moeilijk, met een voorbeeld erbij lukte het wel.",
]

# Slug, name, purpose, account fields it may ask.
PARTNERS = [
    ("quizkast", "Quizkast", "Je aanmelden bij Quizkast en je quizzen bewaren.", ["first_name", "email"]),
    ("leesburcht", "Leesburcht", "Boeken voorstellen die bij je vak en je streek passen.", ["first_name", "occupation", "town"]),
    ("edupartner", "Edupartner", "Je lerarenkorting controleren.", ["first_name", "last_name", "town"]),
]
