"""What lessons are about: per school subject its topics, each for one level, with the words by which others find it."""

from typing import NamedTuple

from usage.models import Level


class Topic(NamedTuple):
    subject: str
    level: Level
    title: str
    key_words: list[str]


# Level, topic, key words.
LESSONS = {
    "wiskunde": """
        primary | breuken vergelijken | breuken, getallenas
        second | de stelling van Pythagoras | pythagoras, rechthoekige driehoek
        third | kansrekenen met dobbelstenen | kansrekenen, dobbelstenen
        second | vergelijkingen oplossen | vergelijkingen, onbekende
        first | procenten in de winkel | procenten, korting
        primary | oppervlakte en omtrek | oppervlakte, omtrek
        first | grafieken lezen | grafieken, assenstelsel
        primary | spiegelen en draaien | symmetrie, meetkunde
        nursery | tellen tot tien | tellen, hoeveelheden
        special | rekenen met geld | geld, munten
    """,
    "Nederlands": """
        first | dt-regels | dt-fouten, spelling
        primary | begrijpend lezen | begrijpend lezen, leesstrategie
        third | een betoog schrijven | betoog, schrijven
        second | poëzie in de klas | poëzie, gedicht
        primary | spreekwoorden | spreekwoorden, uitdrukkingen
        first | zinsontleding | zinsontleding, onderwerp
        primary | boekpromotie | boeken, leesplezier
        third | argumenteren | argumenten, debat
        nursery | rijmen met dieren | rijmen, dieren
        adult | een brief aan de gemeente | brief, nederlands voor anderstaligen
    """,
    "Frans": """
        primary | se présenter | voorstellen, spreken
        second | passé composé of imparfait | passé composé, imparfait
        first | au restaurant | restaurant, dialoog
        primary | les nombres | getallen, tellen
        first | la météo | het weer, woordenschat
        first | demander son chemin | de weg vragen, dialoog
        primary | la famille | familie, woordenschat
        second | une journée à Lille | lille, uitstap
        adult | chez le médecin | dokter, gesprek
    """,
    "Engels": """
        first | irregular verbs | irregular verbs, werkwoorden
        second | writing a review | review, schrijven
        first | small talk | small talk, spreken
        second | conditionals | conditionals, if-zinnen
        third | false friends | false friends, woordenschat
        third | a job interview | sollicitatie, spreken
        third | the news in class | nieuws, luisteren
        second | phrasal verbs | phrasal verbs, werkwoorden
        adult | English at the airport | reizen, gesprek
    """,
    "geschiedenis": """
        third | de Eerste Wereldoorlog in Ieper | eerste wereldoorlog, ieper
        second | het leven in een middeleeuwse stad | middeleeuwen, stad
        second | de industriële revolutie in Gent | industriële revolutie, gent
        third | Congo | congo, kolonie
        second | ontdekkingsreizen | ontdekkingsreizen, columbus
        first | de Romeinen in Tongeren | romeinen, tongeren
        third | bronnen vergelijken | bronnen, historische kritiek
        third | vrouwenkiesrecht | kiesrecht, democratie
    """,
    "aardrijkskunde": """
        first | kaartlezen | kaartlezen, legende
        first | het klimaat in België | klimaat, neerslag
        third | platentektoniek | platentektoniek, aardbeving
        first | de Schelde van bron tot monding | schelde, rivier
        second | bevolkingspiramides | bevolking, demografie
        second | bodem en landschap | bodem, landschap
        first | wonen in de stad | stad, wonen
        second | de haven van Antwerpen | haven, antwerpen
    """,
    "natuurwetenschappen": """
        first | de cel | cel, microscoop
        first | fotosynthese | fotosynthese, planten
        second | zuren en basen | zuren, basen
        first | het menselijk skelet | skelet, lichaam
        second | krachten meten | krachten, newton
        second | geluid en trillingen | geluid, trillingen
        first | voedselketens | voedselketen, dieren
        second | de atoombouw | atoom, periodiek systeem
    """,
    "wereldoriëntatie": """
        primary | het verkeer rond de school | verkeer, fiets
        nursery | de seizoenen | seizoenen, herfst
        primary | van graan tot brood | brood, boerderij
        nursery | dieren in de winter | winter, dieren
        primary | feesten in de wereld | feesten, culturen
        primary | afval sorteren | afval, milieu
        nursery | het weer | het weer, weerkalender
        primary | beroepen | beroepen, werken
        special | met de bus naar de winkel | bus, zelfstandig
    """,
    "informatica": """
        primary | programmeren met blokken | programmeren, blokken
        first | zoeken op het internet | zoeken, internet
        first | sterke wachtwoorden | wachtwoord, veilig online
        second | nepnieuws herkennen | nepnieuws, mediawijsheid
        second | rekenbladen | rekenblad, formules
        third | een eigen website | website, html
        first | algoritmen zonder computer | algoritme, unplugged
        second | privacy en foto's | privacy, mediawijsheid
        adult | mailen voor beginners | e-mail, computer
    """,
    "economie": """
        third | vraag en aanbod | vraag en aanbod, markt
        second | een eigen budget | budget, zakgeld
        third | sparen en lenen | sparen, lening
        third | de loonbrief | loon, belastingen
        second | reclame doorzien | reclame, consument
        second | een minionderneming | minionderneming, project
        third | inflatie | inflatie, prijzen
        second | btw | btw, factuur
    """,
    "muziek": """
        primary | ritme met bekers | ritme, bekers
        primary | noten lezen | noten, notenbalk
        primary | instrumenten herkennen | instrumenten, orkest
        first | een lied schrijven | lied, componeren
        first | muziek uit de wereld | wereldmuziek, luisteren
        nursery | luisteren naar stilte | luisteren, stilte
    """,
    "beeldende vorming": """
        nursery | kleuren mengen | kleuren, verf
        primary | zelfportretten | portret, tekenen
        primary | werken met klei | klei, boetseren
        first | kunst van Ensor | ensor, schilderij
        first | stop-motion | stop-motion, film
        first | perspectief tekenen | perspectief, tekenen
    """,
    "lichamelijke opvoeding": """
        primary | coöperatieve spelen | samenspel, bewegen
        first | een dans maken | dans, bewegen
        nursery | balanceren | evenwicht, bewegen
        second | oriëntatielopen | oriëntatieloop, kaart
        primary | zwemmen met plezier | zwemmen, watergewenning
        first | eerlijk spelen | fair play, sport
    """,
    "levensbeschouwing": """
        primary | vriendschap | vriendschap, klasgesprek
        second | omgaan met verlies | verlies, rouw
        primary | feesten en rituelen | rituelen, feesten
        third | wat is eerlijk | filosoferen, eerlijk
        primary | stil zijn | stilte, aandacht
        first | dromen | dromen, toekomst
    """,
    "burgerschap": """
        primary | kinderrechten | kinderrechten, wereld
        primary | stemmen in de klas | verkiezingen, klasraad
        third | een debat voeren | debat, argumenten
        third | Europa | europa, europese unie
        second | samenleven in de wijk | wijk, samenleven
        first | pesten bespreken | pesten, welbevinden
    """,
}


def _topic(subject, line) -> Topic:
    level, title, key_words = (part.strip() for part in line.split("|"))
    return Topic(subject, Level(level), title, key_words.split(", "))


TOPICS = [_topic(subject, line) for subject, lines in LESSONS.items() for line in lines.strip().splitlines()]
