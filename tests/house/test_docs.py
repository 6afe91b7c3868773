"""Papers that cannot rot: what they name exists, and what exists is named."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from collector.cli.main import NOUNS
from infra.errors import TrawlError
from infra.settings import Settings
from tests.house.source import PACKAGES, ROOT, modules

SPECIFICATION = (ROOT / "tests" / "SPECIFICATION.md").read_text(encoding="utf-8")
PROMISES = dict(
    re.findall(r"^(\d+)\. (.*?)(?=^\d+\. |\Z)", SPECIFICATION, flags=re.MULTILINE | re.DOTALL)
)
PAPERS = sorted(
    path
    for place in (ROOT, *(ROOT / name for name in (*PACKAGES, "tests")))
    for path in place.glob("*.md")
)
TESTS = {
    node.name
    for module in modules("tests")
    for node in ast.walk(module.tree)
    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
}


def test_there_are_fourteen_promises() -> None:
    assert list(PROMISES) == [str(number) for number in range(1, 15)]


@pytest.mark.parametrize("number", PROMISES)
def test_a_promise_names_its_tests_or_says_pending(number: str) -> None:
    named = re.findall(r"- `(test_\w+)`", PROMISES[number])
    assert named or "- pending" in PROMISES[number]
    assert set(named) <= TESTS


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_paper_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", paper.read_text(encoding="utf-8"))
    assert [link for link in links if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_floor_says_what_it_owns(package: str) -> None:
    paper = (ROOT / package / "README.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}" not in paper} == set()


def test_every_setting_is_documented() -> None:
    paper = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`TRAWL_(\w+)`", paper))
    assert named == {field.upper() for field in Settings.model_fields}


def test_every_kind_of_error_is_documented() -> None:
    paper = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", paper, flags=re.MULTILINE))
    for kind in (TrawlError, *TrawlError.__subclasses__()):
        assert f"`{kind.kind}`" in rows[str(kind.exit_code)]


def test_every_noun_of_the_command_line_is_there() -> None:
    there = {path.stem.replace("_", "-") for path in (ROOT / "collector" / "cli").glob("*.py")}
    assert set(NOUNS) <= there


def test_every_command_of_the_papers_is_one() -> None:
    spoken = {
        (paper.name, noun)
        for paper in PAPERS
        for noun in re.findall(r"\btrawl ([a-z]+)\b", paper.read_text(encoding="utf-8"))
    }
    assert {(paper, noun) for paper, noun in spoken if noun not in NOUNS} == set()


@pytest.mark.parametrize("name", ["setup", "run", "test", "bench"])
def test_a_script_says_what_it_does(name: str) -> None:
    text = (ROOT / "infra" / f"{name}.sh").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("# ") for line in text[:12]) >= 3


def test_every_package_of_the_host_has_a_reason() -> None:
    lines = (ROOT / "infra" / "apt.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9.+-]+\s+# \S.*", line)] == []
