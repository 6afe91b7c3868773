"""What every test may ask for: property-test settings, real machines, a real PostgreSQL.

They are never skipped in silence: where the template or the server is missing the test fails, and
says which command makes it.
"""

from __future__ import annotations

from hypothesis import settings

from tests.logged import log_as_before
from tests.machines import desktop, host, machine, template
from tests.postgres import database, postgres_server
from tests.tiers import (
    pytest_collection_modifyitems,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
    pytest_xdist_make_scheduler,
)

__all__ = [
    "database",
    "desktop",
    "host",
    "log_as_before",
    "machine",
    "postgres_server",
    "pytest_collection_modifyitems",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
    "template",
]

# Nothing is written into the clone, and a slow host is no finding. The examples are the same in
# every run; a failing one is kept as a test of its own.
settings.register_profile("trawl", database=None, deadline=None, derandomize=True)
settings.load_profile("trawl")
