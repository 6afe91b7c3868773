"""Every verb of the command line has its route, or a reason not to; and each route its least role."""

from __future__ import annotations

import re

import pytest

from collector.dash.api import PATH
from collector.dash.api.application import api
from tests.collector.cli.commands import speaking_json
from tests.house.source import ROOT

ROUTES = {
    f"{method.upper()} {path}" for path, verbs in api().openapi()["paths"].items() for method in verbs
}  # fmt: skip
PAPER = (ROOT / "collector" / "README.md").read_text(encoding="utf-8")
SECTION = PAPER.partition("## The same over HTTP")[2].partition("\n## ")[0]
TABLE = re.findall(r"^\| `([\w-]+)` \| (.*?) ?\| (.*?) ?\|$", SECTION, re.MULTILINE)
ROUTE = re.compile(r"`((?:GET|POST) /[^`]*)`")
VERBS = re.compile(r"((?:`[a-z -]+`[a-z ]*)+)`(?:GET|POST) ")
ROLES = ("viewer", "annotator", "operator", "admin")
LOOKS = {
    "/config": "operator",
    "/images/debian-12/verify": "operator",
    "/doctor": "operator",
    "/doctor/security": "admin",
    "/db/check": "admin",
    "/tokens": "admin",
}


def told(noun: str, cell: str) -> set[tuple[str, ...]]:
    """The commands that a cell names, without their options."""
    verbs = re.findall(r"`([a-z -]+)`", cell)
    words = {tuple(w for w in verb.split() if not w.startswith("--")) for verb in verbs}
    return {(noun, *verb) if verb != (noun,) else (noun,) for verb in words if verb}


def test_every_command_has_its_route_or_a_reason_and_none_has_both():
    over_http, alone = set(), set()
    for noun, routed, left in TABLE:
        over_http |= told(noun, " ".join(VERBS.findall(routed)))
        for reason in filter(None, left.split("; ")):
            verbs, colon, why = reason.partition(": ")
            assert colon, reason
            assert len(why) > 10, reason
            alone |= told(noun, verbs)
    assert over_http | alone == speaking_json() | {("corpus", "schema")}
    assert over_http & alone == set()


def test_every_route_is_told_and_every_told_route_is_there():
    assert set(ROUTE.findall(SECTION)) == ROUTES


@pytest.mark.parametrize(("path", "least"), LOOKS.items())
def test_what_is_not_for_everybody_is_refused_to_the_others(served, bare, path, least):
    for role in ROLES:
        with served.client(role) as peer:
            answer = peer.get(PATH + path)
        may = ROLES.index(role) >= ROLES.index(least)
        assert (answer.status_code == 403) != may, (role, answer.text)


@pytest.mark.parametrize("path", ["/tokens", "/tokens/remove", "/support-bundle"])
def test_an_operator_neither_lets_anybody_in_nor_takes_a_bundle(served, path):
    with served.client("operator") as peer:
        refused = peer.post(PATH + path, json={} if "bundle" in path else {"name": "ann"})
    assert refused.status_code == 403
    assert "takes admin" in refused.json()["error"]["message"]
