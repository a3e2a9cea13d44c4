"""Our words in the W3C's Data Privacy Vocabulary 2: its prefixes, and what stands for a lawful basis."""

from .vocabulary import LawfulBasis

PREFIXES = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ARTICLE_6 = dict(zip(LawfulBasis, "abcdef", strict=True))


def prefixes(*names: str) -> dict[str, str]:
    return {name: PREFIXES[name] for name in names}


def basis_term(basis: LawfulBasis) -> str:
    """As eu-gdpr:A6-1-a."""
    return f"eu-gdpr:A6-1-{ARTICLE_6[basis]}"
