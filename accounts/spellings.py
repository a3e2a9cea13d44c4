"""Which spellings reach one mailbox, per provider: data for the list of banned addresses; nothing is ever written to these forms.

After what the providers say themselves: Gmail (dots do not matter; "+" begins a tag; googlemail.com is gmail.com), Outlook.com, iCloud (the
same name at mac.com, me.com and icloud.com), Proton (at its own domains; dots, hyphens and underscores do not matter), Fastmail, Yahoo
("-" begins the keyword of a disposable address), Yandex, Zoho, mailbox.org, Posteo, HEY and Tuta (no tags: not listed).
A provider that is not listed keeps every sign: two people must never be taken for one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """`tag` begins what does not matter, `ignored` are signs that do not; `one` where a name is one person's at each of the domains.

    `hosts` where a name is also a host of its own, at which everything reaches it: x@an.fastmail.com is an@fastmail.com.
    """

    domains: tuple[str, ...]
    tag: str = "+"
    ignored: str = ""
    one: bool = False
    hosts: bool = False

    def mailbox(self, name: str, domain: str) -> str:
        """A name that would be nothing but tag is left as it is."""
        plain = name.partition(self.tag)[0].translate({ord(sign): None for sign in self.ignored}) or name
        return f"{plain}@{self.domains[0] if self.one else domain}"


def _countries(name: str, *endings: str) -> tuple[str, ...]:
    return tuple(f"{name}.{ending}" for ending in endings)


PROVIDERS = (
    Provider(("gmail.com", "googlemail.com"), ignored=".", one=True),
    Provider(
        (
            *_countries("outlook", "com", "be", "fr", "de", "es", "it", "pt", "dk", "ie", "at", "com.tr", "com.br"),
            *_countries("hotmail", "com", "be", "nl", "fr", "de", "es", "it", "se", "no", "dk", "fi", "ch", "co.uk", "com.tr", "com.br"),
            *_countries("live", "com", "be", "nl", "fr", "de", "it", "se", "no", "dk", "ie", "at", "co.uk", "com.pt"),
            *("msn.com", "passport.com", "windowslive.com"),
        )
    ),
    Provider(("icloud.com", "me.com", "mac.com"), one=True),
    Provider(("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), ignored=".-_", one=True),
    Provider(("fastmail.com", "fastmail.fm", "fastmail.net", "fastmail.org", "sent.com", "messagingengine.com"), hosts=True),
    Provider(
        (
            *_countries("yahoo", "com", "be", "nl", "fr", "de", "es", "it", "se", "no", "dk", "ie", "gr", "pl", "ro", "co.uk", "com.tr"),
            *("ymail.com", "rocketmail.com", "myyahoo.com"),
        ),
        tag="-",
    ),
    Provider(("yandex.com", "yandex.ru", "yandex.by", "yandex.kz", "yandex.com.tr", "ya.ru"), one=True),
    Provider(("zoho.com", "zoho.eu", "zohomail.com", "zohomail.eu")),
    Provider(("mailbox.org", "posteo.net", "posteo.de", "posteo.be", "posteo.nl", "hey.com", "runbox.com")),
)

PROVIDER_OF = {domain: provider for provider in PROVIDERS for domain in provider.domains}


def mailbox_of(address: str) -> str:
    """One form for every spelling of a mailbox; `address` in its one spelling (accounts.addresses)."""
    name, domain = _name_and_domain(address)
    provider = PROVIDER_OF.get(domain)
    return provider.mailbox(name, domain) if provider else address


def endings_of(address: str) -> tuple[str, ...]:
    """What another spelling of this mailbox can end in; empty where it has only one."""
    _name, domain = _name_and_domain(address)
    provider = PROVIDER_OF.get(domain)
    if provider is None:
        return ()
    signs = ("@", ".") if provider.hosts else ("@",)
    return tuple(f"{sign}{each}" for each in (provider.domains if provider.one else (domain,)) for sign in signs)


def _name_and_domain(address) -> tuple[str, str]:
    """A name that is a host of its provider is that name."""
    name, _at, domain = address.rpartition("@")
    host, _dot, above = domain.partition(".")
    if above in PROVIDER_OF and PROVIDER_OF[above].hosts:
        return host, above
    return name, domain
