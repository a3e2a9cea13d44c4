"""Where Flemish teachers live and work: towns with their postal codes, and schools that do not exist."""

from usage.models import Level

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

SCHOOL_NAMES = [
    "De Papieren Boot",
    "Het Notenbos",
    "De Wolkenmeter",
    "Ter Meeuwen",
    "De Kantelaar",
    "Het Zevende Uur",
    "De Krijtberg",
    "Ganzeveer",
    "De Stille Beuk",
    "Het Inktvat",
    "Den Dries",
    "De Vliegenier",
]
# How a school of this level is called; {} is its name.
SCHOOLS = {
    Level.NURSERY: "kleuterschool {}",
    Level.PRIMARY: "basisschool {}",
    Level.FIRST: "middenschool {}",
    Level.SECOND: "atheneum {}",
    Level.THIRD: "college {}",
    Level.SPECIAL: "school voor buitengewoon onderwijs {}",
    Level.ADULT: "centrum voor volwassenenonderwijs {}",
}
# As teachers call a level in a sentence.
LEVELS = {
    Level.NURSERY: "kleuteronderwijs",
    Level.PRIMARY: "lager onderwijs",
    Level.FIRST: "eerste graad",
    Level.SECOND: "tweede graad",
    Level.THIRD: "derde graad",
    Level.SPECIAL: "buitengewoon onderwijs",
    Level.ADULT: "volwassenenonderwijs",
}
