"""Which names a pool may write, and which requests they cover."""

from __future__ import annotations

import pytest

from infra.egress.policy import Policy
from infra.egress.refusal import REASONS, STATUS, Refusal
from infra.egress.target import Target, of_address, of_tunnel
from infra.errors import UsageError


def reason(policy: Policy, host: str, port: int) -> str:
    try:
        policy.check(host, port)
    except Refusal as refusal:
        return refusal.reason
    return "allowed"


@pytest.mark.parametrize(
    "text",
    [
        "", "*", "*.", "*.org", ".org", "localhost", "a b.org", "http://a.org", "a.org/x",
        "a.*.org", "**.a.org", "u@a.org", "a.org:", "a.org:0", "a.org:65536", "a.org:x", "-a.org",
        "10.0.0.1", "127.1", "*.93.184.216.34", "169.254.169.254:80", "a.123", "[::1]", "é.org",
        "a.org\n", f"{'a' * 64}.org", ".".join(["a" * 60] * 5),
    ],
)  # fmt: skip
def test_what_names_no_public_host_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Policy.of([text])


def test_a_name_is_that_host_alone_and_a_star_what_is_below_it() -> None:
    policy = Policy.of(["Example.org", "*.wiki.org", "93.184.216.34"])
    for host in ("example.org", "a.wiki.org", "a.b.wiki.org", "93.184.216.34"):
        assert reason(policy, host, 443) == reason(policy, host, 80) == "allowed"
    for host in ("a.example.org", "wiki.org", "awiki.org", "example.org.evil.net", "1.1.1.1"):
        assert reason(policy, host, 443) == "host"


def test_other_ports_are_listed_or_refused() -> None:
    policy = Policy.of(["a.org", "b.org:8443"])
    assert reason(policy, "a.org", 8443) == "port"
    assert reason(policy, "a.org", 22) == "port"
    assert reason(policy, "b.org", 8443) == "allowed"
    assert reason(policy, "b.org", 443) == "port"


def test_an_empty_policy_allows_nothing() -> None:
    assert reason(Policy(), "a.org", 443) == "host"


def test_a_target_is_read_as_names_are_compared() -> None:
    assert of_tunnel("Example.ORG.:443") == Target("example.org", 443)
    assert of_address("http://a.org") == Target("a.org", 80, "/")
    assert of_address("http://a.org:8080?q=1#f") == Target("a.org", 8080, "/?q=1")
    assert of_address("http://a.org/p@q?x=http://b.org/") == Target(
        "a.org", 80, "/p@q?x=http://b.org/"
    )
    assert Target("a.org", 8080, "/").authority == "a.org:8080"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/x", "malformed"), ("*", "malformed"), ("a.org", "malformed"), ("http:a.org", "malformed"),
        ("http:///x", "malformed"), ("http://a.org@b.org/", "malformed"),
        ("http://a.org\\@b.org/", "malformed"), ("http://a.org%00.b.org/", "malformed"),
        ("http://a..org/", "malformed"), ("http://a.org:99999/", "malformed"),
        ("http://[::1]/", "host"), ("http://[::ffff:127.0.0.1]/", "host"),
        ("https://a.org/", "scheme"), ("file:///etc/passwd", "scheme"), ("ftp://a.org/", "scheme"),
        ("gopher://a.org/", "scheme"), ("ws://a.org/", "scheme"),
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused(url: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        of_address(url)
    assert caught.value.reason == said


@pytest.mark.parametrize("said", ["a.org", ":443", "a.org:0", "u@a.org:443", "a.org:443:80", ""])
def test_a_tunnel_to_no_host_and_port_is_refused(said: str) -> None:
    with pytest.raises(Refusal):
        of_tunnel(said)


def test_every_status_belongs_to_a_reason() -> None:
    assert set(STATUS) <= set(REASONS)
