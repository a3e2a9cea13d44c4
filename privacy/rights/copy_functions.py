"""The functions that make likenesses (privacy.datamap.likenesses), lent to one connection: SQL on PostgreSQL, Python on SQLite."""

import hashlib
import ipaddress
import json
import re
from datetime import datetime, timedelta
from functools import cache, partial

from django.db import connection

from ..datamap.likenesses import DAYS

DOMAIN = "kopie.invalid"
# In seconds.
DAY = 86_400
UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
PATH = re.compile(r"(.*/)?[^/]*?(\.[A-Za-z0-9]{1,8})?")
# What a text that was cut ends in: a part of a word, after a space.
LAST_WORD = re.compile(r" \S*$")
ENDING = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|od[tsp]|txt|csv|rtf|zip|png|jpe?g|webp|gif|mp[34])$", re.IGNORECASE)
# Reaches no log of statements, as a function's text would.
SECRET = "SELECT set_config('inzage.secret', %s, false)"  # noqa: S105 - the name of a setting


def lend(secret: str) -> None:
    """For as long as this connection lives."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SECRET, [secret])
            cursor.execute(_sql(), None)
        return
    for name, function in FUNCTIONS.items():
        connection.connection.create_function(name, -1, partial(function, secret), deterministic=True)


def hex_of(secret: str, text: str) -> str:
    """64 hexadecimal digits that only who knows the secret can find again."""
    return hashlib.sha256(f"{secret}{text}".encode()).hexdigest()


def number_of(secret, text) -> int:
    return int(hex_of(secret, text)[:7], 16)


def made_reference(secret, value, room):
    if not value or value.isdigit():
        return value
    if UUID.fullmatch(value):
        found = hex_of(secret, value.replace("-", "").lower())[:32]
        return "-".join([found[:8], found[8:12], found[12:16], found[16:20], found[20:]]) if "-" in value else found
    return hex_of(secret, value).upper()[: max(len(value), min(16, room))]


def made_key(secret, value):
    return value and made_reference(secret, str(value), 64)


def made_actor(secret, value):
    return made_reference(secret, value, 64) if value and UUID.fullmatch(value) else value and "staff"


def made_address(secret, value):
    return value and f"lid.{hex_of(secret, value.lower())[:16]}@{DOMAIN}"


def made_link(secret, value):
    return value and f"https://{hex_of(secret, value)[:12]}.{DOMAIN}/"


def made_secret(secret, value, room):
    return value and f"!{hex_of(secret, value)}"[:room]


def made_text(secret, value, key, pool):
    if not value:
        return value
    number, sentences = number_of(secret, key), _pool(pool)
    at_most, at = max(1, len(value) * (90 + number % 11) // 100), number % len(sentences)
    text = sentences[at]
    while len(text) < at_most:
        at = (at + 1) % len(sentences)
        text = f"{text} {sentences[at]}"
    return LAST_WORD.sub("", text[:at_most])


def made_file_name(secret, value, key, pool):
    """With the ending that says what kind of file it is, where that is a common one."""
    words = value and made_text(secret, value[:80], key, pool)
    return words and words + (ENDING.search(value) or [""])[0].lower()


def made_choice(secret, value, pool, key):
    values = _pool(pool)
    return value if value in {None, ""} else values[number_of(secret, key) % len(values)]


def made_moment(secret, value, key):
    return value and str(
        datetime.fromisoformat(value).replace(microsecond=0) - timedelta(seconds=DAY + number_of(secret, key) % (DAYS * DAY))
    )


def made_day(secret, value, key, at_most):
    return value and str(datetime.fromisoformat(value).date() - timedelta(days=1 + number_of(secret, key) % at_most))


def made_network(secret, value):
    if not value:
        return value
    number = number_of(secret, value)
    if ipaddress.ip_address(value).version == 4:
        return f"{('192.0.2', '198.51.100')[number % 2]}.{1 + number // 2 % 254}"
    return f"2001:db8::{number >> 16:x}:{number & 65535:x}"


def made_path(secret, value):
    if not value:
        return value
    folder, ending = PATH.fullmatch(value).groups(default="")
    stem = value[len(folder) : len(value) - len(ending)]
    return folder + made_reference(secret, stem if UUID.fullmatch(stem) else hex_of(secret, stem)[:32], 64).lower() + ending


_pool = cache(json.loads)
MADE = (
    made_key,
    made_reference,
    made_actor,
    made_address,
    made_link,
    made_secret,
    made_text,
    made_file_name,
    made_choice,
    made_moment,
    made_day,
    made_network,
    made_path,
)
FUNCTIONS = {function.__name__: function for function in MADE}


def _sql() -> str:
    return SQL.replace("<domain>", DOMAIN).replace("<days>", str(DAYS))


# As the Python above does it.
SQL = r"""
CREATE OR REPLACE FUNCTION pg_temp.made_hex(value text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT encode(sha256(convert_to(current_setting('inzage.secret') || value, 'UTF8')), 'hex') $$;
CREATE OR REPLACE FUNCTION pg_temp.made_number(value text) RETURNS int STABLE LANGUAGE sql AS $$
  SELECT ('x' || left(pg_temp.made_hex(value), 7))::bit(28)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.made_key(value uuid) RETURNS uuid STABLE LANGUAGE sql AS $$
  SELECT left(pg_temp.made_hex(replace(value::text, '-', '')), 32)::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.made_reference(value text, room int) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
  IF value IS NULL OR value ~ '^[0-9]*$' THEN RETURN value; END IF;
  IF value ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' THEN
    found := left(pg_temp.made_hex(lower(replace(value, '-', ''))), 32);
    RETURN CASE WHEN strpos(value, '-') > 0 THEN found::uuid::text ELSE found END;
  END IF;
  RETURN left(upper(pg_temp.made_hex(value)), greatest(length(value), least(16, room)));
END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_actor(value text) RETURNS text STABLE LANGUAGE plpgsql AS $$
BEGIN
  IF value IS NULL OR value = '' THEN RETURN value; END IF;
  IF value ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' THEN RETURN pg_temp.made_reference(value, 64); END IF;
  RETURN 'staff';
END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_address(value text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN value = '' THEN value ELSE 'lid.' || left(pg_temp.made_hex(lower(value)), 16) || '@<domain>' END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_link(value text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN value = '' THEN value ELSE 'https://' || left(pg_temp.made_hex(value), 12) || '.<domain>/' END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_secret(value text, room int) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN value = '' THEN value ELSE left('!' || pg_temp.made_hex(value), room) END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_text(value text, key text, pool text[]) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE number int; at_most int; place int; words text;
BEGIN
  IF value IS NULL OR value = '' THEN RETURN value; END IF;
  number := pg_temp.made_number(key);
  at_most := greatest(1, length(value) * (90 + number % 11) / 100);
  place := number % cardinality(pool);
  words := pool[1 + place];
  WHILE length(words) < at_most LOOP
    place := (place + 1) % cardinality(pool);
    words := words || ' ' || pool[1 + place];
  END LOOP;
  words := left(words, at_most);
  RETURN left(words, at_most - strpos(reverse(words), ' '));
END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_file_name(value text, key text, pool text[]) RETURNS text STABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN pg_temp.made_text(left(value, 80), key, pool)
    || coalesce(lower(substring(value from '(?i)\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|txt|csv|rtf|zip|png|jpe?g|webp|gif|mp[34])$')), '');
END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_choice(value text, pool text[], key text) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT CASE WHEN value = '' THEN value WHEN value IS NOT NULL THEN pool[1 + pg_temp.made_number(key) % cardinality(pool)] END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_moment(value timestamptz, key text) RETURNS timestamptz STABLE LANGUAGE sql AS $$
  SELECT date_trunc('second', value) - make_interval(secs => 86400 + pg_temp.made_number(key) % (<days> * 86400)) $$;
CREATE OR REPLACE FUNCTION pg_temp.made_day(value date, key text, at_most int) RETURNS date STABLE LANGUAGE sql AS $$
  SELECT value - (1 + pg_temp.made_number(key) % at_most) $$;
CREATE OR REPLACE FUNCTION pg_temp.made_network(value inet) RETURNS inet STABLE LANGUAGE plpgsql AS $$
DECLARE number int := pg_temp.made_number(host(value));
BEGIN
  IF value IS NULL THEN RETURN NULL; END IF;
  IF family(value) = 4 THEN
    RETURN ((ARRAY['192.0.2', '198.51.100'])[1 + number % 2] || '.' || (1 + number / 2 % 254))::inet;
  END IF;
  RETURN ('2001:db8::' || to_hex(number >> 16) || ':' || to_hex(number & 65535))::inet;
END $$;
CREATE OR REPLACE FUNCTION pg_temp.made_path(value text) RETURNS text STABLE LANGUAGE plpgsql AS $$
DECLARE folder text; ending text; stem text;
BEGIN
  IF value IS NULL OR value = '' THEN RETURN value; END IF;
  folder := coalesce(substring(value from '^(.*/)'), '');
  ending := coalesce(substring(substr(value, length(folder) + 1) from '(\.[A-Za-z0-9]{1,8})$'), '');
  stem := substr(value, length(folder) + 1, length(value) - length(folder) - length(ending));
  IF stem !~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' THEN stem := left(pg_temp.made_hex(stem), 32); END IF;
  RETURN folder || lower(pg_temp.made_reference(stem, 64)) || ending;
END $$;
"""
