"""The mirror held to account: hundreds of steps in programs of every toolkit, each compared.

No peer. `differences_percent` is of all nodes compared; a step whose change could not be seen is
no step, and counted in `not_done`. `read_p50_s` is of the mirror's reading in which a change showed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Final

from envs.ubuntu import wake
from infra.errors import TrawlError
from infra.progress import Progress
from tests.bench.accounts import Account, follow
from tests.bench.changes import Script
from tests.bench.machines import Bench, opened, p50
from tests.bench.report import Report
from tests.bench.scripts import SCRIPTS

ROUNDS: Final = int(os.environ.get("TRAWL_BENCH_ROUNDS", "3"))
"""How often each script is followed."""


def run(progress: Progress) -> Report:
    """Follow every script on a fork of its own."""
    found: list[Account] = []
    notes: list[str] = []
    with opened() as bench:
        for script in chosen():
            progress.say(f"{script.toolkit}: {script.app}")
            found += _followed(bench, script, progress, notes)
    done = [account for account in found if account.happened]
    toolkits = {account.script.toolkit for account in found}
    shares = {toolkit: share(_of(done, toolkit)) for toolkit in sorted(toolkits)}
    worst = max(shares, key=lambda toolkit: shares[toolkit])
    return Report(
        "mirror",
        {
            "steps": len(done),
            "nodes": sum(account.nodes for account in done),
            "differences": sum(account.differences for account in done),
            "differences_percent": share(done),
            "worst_toolkit": worst,
            "worst_percent": shares[worst],
            "not_done": len(found) - len(done),
            "read_p50_s": p50([account.read_s for account in done]),
        },
        notes=(*notes, *_by_toolkit(found), *_causes(done)),
    )


def chosen() -> Sequence[Script]:
    """All scripts, or those of the programs named in `TRAWL_BENCH_PROGRAMS`, with commas."""
    named = os.environ.get("TRAWL_BENCH_PROGRAMS", "")
    return [script for script in SCRIPTS if not named or script.app in named.split(",")]


def _followed(bench: Bench, script: Script, progress: Progress, notes: list[str]) -> list[Account]:
    """One script on a fork of its own; what went before is kept where the machine fails."""
    accounts: list[Account] = []
    with bench.fork() as domain:
        env = wake(domain, 1)
        try:
            for account in follow(env, script, ROUNDS):
                accounts.append(account)
                progress.say(f"{script.app} {len(accounts)}: {account.brief()}")
        except TrawlError as error:
            notes.append(f"{script.app}: ended after {len(accounts)} steps: {error}")
        finally:
            env.close()
    return accounts


def share(accounts: Sequence[Account]) -> float:
    """Differences in percent of the nodes compared."""
    nodes = sum(account.nodes for account in accounts)
    return round(100 * sum(account.differences for account in accounts) / nodes, 3) if nodes else 0


def _of(accounts: Sequence[Account], toolkit: str) -> list[Account]:
    return [account for account in accounts if account.script.toolkit == toolkit]


def _by_toolkit(accounts: Sequence[Account]) -> list[str]:
    """A line for each toolkit: steps by kind, nodes, differences, reading time."""
    lines = []
    for toolkit in sorted({account.script.toolkit for account in accounts}):
        of_it = _of(accounts, toolkit)
        done = [account for account in of_it if account.happened]
        undone = Counter(account.kind for account in of_it if not account.happened)
        kinds = Counter(account.kind for account in done)
        lines.append(
            f"{toolkit}: {len(done)} steps ({_counted(kinds)}), {sum(a.nodes for a in done)} nodes,"
            f" {sum(a.differences for a in done)} differences ({share(done)} %),"
            f" {sum(a.changed_meanwhile for a in done)} changed meanwhile,"
            f" read in {p50([a.read_s for a in done]) if done else 0} s;"
            f" not done: {_counted(undone) or 'none'}"
        )
    return lines


def _causes(accounts: Sequence[Account]) -> list[str]:
    """What was wrong, the most frequent first."""
    causes = Counter(cause for account in accounts for cause in account.wrong)
    return [f"{count} x {cause}" for cause, count in causes.most_common()]


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
