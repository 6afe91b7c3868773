"""No secret comes out, whatever it was put into, and what is no secret stays readable."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from infra.limits import GUEST_TEXT_CHARS
from infra.redaction import DEPTH, ITEMS, REDACTED, TEXT_CHARS, Redactor, secrets_in

CANARY = "cAnaRy7f3b9"
PATTERNS = Redactor()


@dataclass
class Account:
    user: str
    password: str


@dataclass
class Typing:
    text: str


def out(value, redactor=PATTERNS):
    return json.dumps(redactor.value(value), ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql+psycopg://trawl:{CANARY}@db.example:5432/trawl",
        f"cannot reach http://{CANARY}@host/",
        f"http://user:p@{CANARY}@host/x",
        f"GET /x?token={CANARY}&page=2",
        f"Authorization: Bearer {CANARY}",
        f"authorization: Basic {CANARY}==",
        f"Cookie: a=1; sid={CANARY}; b=2",
        f"Set-Cookie: sid={CANARY}",
        f"curl -H 'X-Api-Key: {CANARY}'",
        f"retry with bearer {CANARY}",
        f"TRAWL_TOKEN={CANARY}",
        f"AWS_SECRET_ACCESS_KEY = {CANARY}",
        f'{{"password": "{CANARY}"}}',
        json.dumps(json.dumps({"password": CANARY})),
        f"Account(user='x', password='{CANARY}')",
        f"Account(user='x', password=\"it's {CANARY}\")",
        f"Account(password='it\\'s {CANARY}')",
        repr(Account("x", CANARY)),
        repr({"headers": {"Authorization": f"Bearer {CANARY}"}}),
        repr([("cookie", f"sid={CANARY}")]),
        repr([(b"authorization", f"Basic {CANARY}".encode())]),
        f"trawl serve --api-token {CANARY} --port 1",
        f"trawl serve --api-token={CANARY}",
        f"Type(text='{CANARY}', at=(1, 2))",
        f"key ghp_{CANARY}0123456789 is refused",
        f"eyJhbGciOiJ.{CANARY}0123.{CANARY}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}",
    ],
)
def test_a_secret_inside_a_text_is_taken_out(text):
    assert CANARY not in out(text)
    assert CANARY not in out({"reason": [text]})
    assert REDACTED in out(text)


@pytest.mark.parametrize(
    "value",
    [
        {"password": CANARY},
        {"db_password": {"inner": CANARY}},
        {"a": {"b": [{"apiKey": CANARY}]}},
        {"headers": {"Authorization": CANARY, "Set-Cookie": CANARY}},
        {"headers": [("x-api-key", CANARY), ("accept", "*/*")]},
        {"argv": ["serve", "--token", CANARY]},
        {"env": {"TRAWL_TOKEN": CANARY, "HF_TOKEN": CANARY, "OPENAI_API_KEY": CANARY}},
        {"tokens": [CANARY]},
        {"typed": CANARY, "typed_text": CANARY, "text": CANARY},
        {"value": SecretStr(CANARY)},
        SecretStr(CANARY),
        {f"http://u:{CANARY}@host/": 1},
        {"payload": CANARY.encode()},
        {"account": Account("x", CANARY)},
        {"actions": {"one": Typing(CANARY)}},
        {"error": ValueError(f"password={CANARY}")},
        {"pair": ("session_id", CANARY)},
    ],
)
def test_a_secret_inside_a_structure_is_taken_out(value):
    assert CANARY not in out(value)


def test_what_the_settings_or_the_environment_hold_is_found_anywhere():
    named = {
        "database": SecretStr("postgresql://trawl:dB%2Fword9@host/trawl"),
        "HTTPS_PROXY": f"http://proxy:{CANARY}@proxy.example:3128",
        "TRAWL_TOKEN": "tOken/with space",
        "PWD": "/srv/trawl",
        "SHORT_TOKEN": "abc",
    }
    found = secrets_in(named)
    assert found == {named["database"].get_secret_value(), "dB%2Fword9", "dB/word9", CANARY,
                     "tOken/with space"}  # fmt: skip
    redactor = Redactor(found)
    for said in ("dB/word9", "dB%2Fword9", CANARY, "tOken/with space", "tOken%2Fwith%20space"):
        shown = out(
            {"reason": f"login failed for x{said}y in /srv/trawl", "deep": [[said]]}, redactor
        )
        assert said not in shown
        assert "login failed for x" in shown
        assert "/srv/trawl" in shown


@pytest.mark.parametrize(
    "value",
    [
        {"tokens": 1200, "token_count": None, "cookies": 3, "tokenizer": "o200k"},
        {"event": "episode.ended", "status": "completed", "steps": 9, "took_s": 1.5, "ok": True},
        "http://host.example:8080/a/b?page=2#top",
        "mail of someone@example.org: the author's pinned basic idea",
        "PWD=/srv/trawl HOME=/root",
        "a secretary hid in the Cookies menu",
    ],
)
def test_what_is_no_secret_stays(value):
    assert PATTERNS.value(value) == value


def test_length_depth_and_number_are_bounded():
    assert len(PATTERNS.text("x" * 10 * TEXT_CHARS)) < TEXT_CHARS + 100
    deep = leaf = []
    for _ in range(10 * DEPTH):
        leaf.append([])
        leaf = leaf[0]
    assert out(deep).count("[") < 10 * DEPTH + DEPTH
    assert len(PATTERNS.value(list(range(10 * ITEMS)))) == ITEMS + 1
    assert len(PATTERNS.value({n: n for n in range(10 * ITEMS)})) == ITEMS + 1
    circle = {}
    circle["again"] = circle
    assert out(circle)


@given(
    st.text(max_size=40),
    st.sampled_from(["token", "Password", "api_key", "X-Auth-Token", "cookie"]),
)
def test_a_key_that_names_a_secret_hides_it_whatever_its_name_has_around_it(around, key):
    assert CANARY not in out({around + key: CANARY, key + around: [CANARY]})


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
))  # fmt: skip
def test_whatever_goes_in_what_comes_out_is_json(value):
    json.dumps(PATTERNS.value(value))


@pytest.mark.parametrize(
    "piece",
    ["token", "a://", "-----BEGIN PRIVATE KEY-----", "token='", "--token-", "bearer ", "eyJ", "\\'",
     "cookie", 'token="\\', "a", "-", "sk-", "text='\\"],
)  # fmt: skip
def test_a_long_text_made_to_be_read_slowly_is_read(piece):
    """A pattern that looks twice at everything would not end within the suite's own limit."""
    text = piece * (20 * GUEST_TEXT_CHARS // len(piece))
    assert len(PATTERNS.text(text)) < TEXT_CHARS + 100
