"""Texts whose format the schemas name; the patterns beside them are wider than what is taken.

Each strategy knows how to be exactly so long: the tool asks for the shortest and the longest that a schema allows.
"""

import datetime
import string

import schemathesis
from hypothesis import strategies as st

LETTERS = string.ascii_lowercase
ATOM = string.ascii_letters + string.digits + "!#$&'*/=?^_`{|}~-+"
ANY_SCRIPT = ATOM + "äßøñжяあ漢"
PATH = string.ascii_letters + string.digits + "-._~%/?&="


def sized(of_length, shortest: int, longest: int) -> st.SearchStrategy[str]:
    edges = st.sampled_from([shortest, shortest + 1, longest - 1, longest])
    return st.one_of(edges, st.integers(shortest, shortest + 30)).flatmap(of_length)


def exactly(alphabet: str, length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=length, max_size=length)


def host(length: int) -> st.SearchStrategy[str]:
    """At least two labels, none longer than 40."""

    def dotted(letters: str) -> str:
        at = {1, *range(41, length - 1, 41)}
        return "".join("." if index in at else letter for index, letter in enumerate(letters))

    return exactly(LETTERS, length).map(dotted)


def address(length: int) -> st.SearchStrategy[str]:
    """As parseAddress takes them: a dot-atom of 64 octets at most; in any script where octets are no matter."""
    local = min(64, length - 4)
    alphabet = ANY_SCRIPT if local < 16 else ATOM
    # What stands before a plus is what counts.
    dot_atom = exactly(alphabet, local - 1).map("a{}".format)
    return st.builds("{}@{}".format, dot_atom, host(length - local - 1))


def url(length: int) -> st.SearchStrategy[str]:
    return exactly(PATH, length - 18).map("https://a.example/{}".format)


def invite_url(length: int) -> st.SearchStrategy[str]:
    return exactly(LETTERS, length - 24).map("https://a.example/{}{{code}}".format)


def cron(length: int) -> st.SearchStrategy[str]:
    """Some minutes of an hour, now and then the same ones, on certain days."""
    extra = length - 9
    hour = st.sampled_from("*3789" if extra % 2 == 0 else ["10", "11", "22"])
    minutes = exactly("02345", extra // 2 + 1).map(",".join)
    days = st.sampled_from(["* * *", "1 * *", "* * 1", "* 2 *", "* * 0"])
    return st.builds("{} {} {}".format, minutes, hour, days)


FORMATS = {
    "idn-email": sized(address, 5, 254),
    "date-time": st.datetimes(min_value=datetime.datetime(1970, 1, 1)).map(
        lambda at: at.isoformat(timespec="milliseconds") + "Z"
    ),
    "language-tag": st.sampled_from(["en", "de", "de-AT", "pt_BR", "zh-Hant-TW", "sr-Latn", "gsw"]),
    "time-zone": st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Etc/GMT+5"]),
    "cron": sized(cron, 9, 100),
    "web-url": sized(url, 18, 2048),
    "web-origin": sized(lambda length: host(length - 8).map("https://{}".format), 11, 300),
    "invite-url": sized(invite_url, 24, 2048),
}

for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """A format says all that the pattern beside it says: with both, the tool would go by the pattern alone."""
    if isinstance(raw_schema, list):
        for each in raw_schema:
            before_load_schema(context, each)
    if isinstance(raw_schema, dict):
        if raw_schema.get("format") in FORMATS:
            raw_schema.pop("pattern", None)
        for each in raw_schema.values():
            before_load_schema(context, each)
