"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, Module, dotted, in_guest, modules

MAY_WRITE = {
    "collector/cli/render.py",
    "collector/cli/streams.py",  # what becomes of them where nobody reads
    "collector/control.py",  # a process without a terminal: its log
    "collector/dash/running.py",  # the same
    "infra/progress.py",
}
WALL_CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
WAITS = {"subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"}
NEVER = {"os.system", "os.popen", "eval", "exec", "pickle.load", "pickle.loads", "yaml.load"}
GLOBAL_CHANCE = {
    f"random.{verb}"
    for verb in ("random", "choice", "choices", "shuffle", "randint", "sample", "seed", "uniform")
}
NO_NAME = re.compile(r"(^|/)(utils?|helpers?|common|manager|misc)(\.py$|/)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|not implemented)\b")
ONE_MACHINE = re.compile(r"/(work|home)/(?!\.)[a-z]")


def where(module: Module, node: ast.AST) -> str:
    return f"{module.path}:{getattr(node, 'lineno', 0)}"


def calls_of(names: set[str]) -> Iterator[tuple[Module, str, ast.Call]]:
    for module in modules():
        for name, call in module.calls():
            if name in names:
                yield module, name, call


def test_only_the_renderer_and_progress_write_to_the_terminal() -> None:
    found = [
        where(module, node)
        for module in modules()
        if module.path not in MAY_WRITE and not in_guest(module)
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Call) and dotted(node.func) in {"print", "typer.echo"})
        or (isinstance(node, ast.Attribute) and dotted(node) in {"sys.stdout", "sys.stderr"})
    ]
    assert found == []


def test_only_the_clock_knows_what_time_it_is() -> None:
    found = [
        f"{where(module, call)} {name}"
        for module, name, call in calls_of(WALL_CLOCK)
        if module.path != "infra/clock.py" and not in_guest(module)
    ]
    assert found == []


def test_every_program_that_is_waited_for_has_a_timeout() -> None:
    found = [
        f"{where(module, call)} {name}"
        for module, name, call in calls_of(WAITS)
        if not any(word.arg == "timeout" for word in call.keywords)
    ]
    assert found == []


def test_nothing_goes_through_a_shell_or_runs_text_as_code() -> None:
    found = [f"{where(module, call)} {name}" for module, name, call in calls_of(NEVER)]
    found += [
        f"{where(module, call)} shell=True"
        for module in modules()
        for _, call in module.calls()
        for word in call.keywords
        if word.arg == "shell" and getattr(word.value, "value", False)
    ]
    assert found == []


def test_archives_are_read_member_by_member() -> None:
    found = [
        where(module, node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "extractall"
    ]
    assert found == []


def test_chance_is_passed_in() -> None:
    assert [where(module, call) for module, _, call in calls_of(GLOBAL_CHANCE)] == []


def test_nothing_relies_on_a_finaliser() -> None:
    found = [
        where(module, node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__del__"
    ]
    assert found == []


def test_every_module_says_what_it_owns() -> None:
    assert [m.path for m in modules() if m.text.strip() and not ast.get_docstring(m.tree)] == []


@pytest.mark.parametrize(("top", "longest"), [("", 500), ("tests", 700)])
def test_files_hold_one_idea(top: str, longest: int) -> None:
    tops = (top,) if top else ()
    assert [m.path for m in modules(*tops) if len(m.text.splitlines()) > longest] == []


def test_functions_are_read_in_one_look() -> None:
    found = [
        f"{where(module, node)} {node.name}"
        for module in (*modules(), *modules("tests"))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 70
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [m.path for m in (*modules(), *modules("tests")) if NO_NAME.search(m.path)] == []


def test_nothing_says_that_it_is_unfinished() -> None:
    found = [
        f"{module.path}:{number}"
        for module in modules()
        for number, line in enumerate(module.text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_nothing_names_a_place_of_one_machine() -> None:
    papers = [*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("infra/*.sh")]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in papers}
    texts |= {module.path: module.text for module in modules()}
    found = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if ONE_MACHINE.search(line)
    ]
    assert found == []
