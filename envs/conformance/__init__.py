"""What every kind of machine must keep, as named checks that run against a live one.

`check` opens a machine, runs every check of `suite.CHECKS` on it and reports each by name. A check
is skipped only because the machine says that it lacks a capability; anything else it lacks fails.
Use it on a machine of your own: `check("mine", open_mine, clock)`, or `trawl env check mine`.
"""

from __future__ import annotations

from envs.conformance.report import Report, Result
from envs.conformance.runner import check, names

__all__ = ["Report", "Result", "check", "names"]
