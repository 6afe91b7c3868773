"""A real PostgreSQL for tests: one server a session, on a unix socket only, a database a test.

It is never skipped: where the server's programs are missing, the test fails and says what to do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import pytest

PLACE: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps each version's programs, which are not on PATH."""
USER: Final = "trawl"
PASSWORD: Final = "s3cret/of@tests"
"""Characters that an address must escape."""
ESCAPED: Final = "s3cret%2Fof%40tests"
UP_S: Final = 60.0
SETTINGS: Final = {"listen_addresses": "", "fsync": "off", "max_connections": "60"}

Database = Callable[[], str]


def programs() -> Path:
    """Where the newest server's programs lie. Their absence is a failure."""
    found = sorted(PLACE.glob("*/bin/initdb"), key=_version)
    if found:
        return found[-1].parent
    spoken = shutil.which("initdb")
    if spoken is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    return Path(spoken).parent


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The directory of a running server's socket; the server ends with this process."""
    with tempfile.TemporaryDirectory(prefix="trawl-pg-") as place, _serving(Path(place)):
        yield Path(place)


@pytest.fixture
def database(postgres_server: Path) -> Database:
    """Makes empty databases: each call gives the address of one."""

    def make() -> str:
        name = f"test_{next(_numbers)}"
        _psql(postgres_server, f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://{USER}:{ESCAPED}@/{name}?host={postgres_server}"

    return make


_numbers = count()


def _init(place: Path) -> None:
    (place / "password").write_text(PASSWORD, encoding="utf-8")
    command = [programs() / "initdb", "--pgdata", place / "data", "--username", USER]
    command += ["--auth", "scram-sha-256", "--pwfile", place / "password"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, timeout=UP_S)


class Server:
    """A server of a test's own: stopped and started again, in another namespace where it is told.

    The kernel ends it where this process is killed.
    """

    def __init__(self, place: Path, inside: Sequence[str] = (), listens: str = "") -> None:
        self.place = place
        self._listens, self._inside = listens, list(inside)
        self._process: subprocess.Popen[bytes] | None = None
        _init(place)
        if listens:
            with (place / "data" / "pg_hba.conf").open("a", encoding="utf-8") as rules:
                rules.write(f"host all all {listens}/24 scram-sha-256\n")

    def address(self, name: str) -> str:
        """A new database's address, over the wire where the server listens on one."""
        _psql(self.place, f"CREATE DATABASE {name}")
        if self._listens:
            return f"postgresql+psycopg://{USER}:{ESCAPED}@{self._listens}/{name}"
        return f"postgresql+psycopg://{USER}:{ESCAPED}@/{name}?host={self.place}"

    def start(self) -> None:
        """Serve, and wait until it answers."""
        settings = {**SETTINGS, "listen_addresses": self._listens}
        command = [*self._inside, "setpriv", "--pdeathsig", "INT", str(programs() / "postgres")]
        command += ["-D", str(self.place / "data"), "-k", str(self.place)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.place / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        _wait(self._process, self.place)

    def stop(self) -> None:
        """End it at once; who is connected is cut off, and what was not committed is undone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(UP_S)


@contextmanager
def _serving(place: Path) -> Iterator[None]:
    server = Server(place)
    server.start()
    try:
        yield
    finally:
        server.stop()


def _wait(server: subprocess.Popen[bytes], place: Path) -> None:
    ready = [str(programs() / "pg_isready"), "--quiet", "--host", str(place), "--timeout", "1"]
    for _ in range(600):
        if subprocess.run(ready, check=False, timeout=UP_S).returncode == 0:
            return
        if server.poll() is not None:
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    pytest.fail(f"PostgreSQL does not start: {(place / 'log').read_text()[-2000:]}")


def _psql(place: Path, statement: str) -> None:
    command = [programs() / "psql", "--host", place, "--username", USER, "postgres"]
    subprocess.run(
        [*command, "--no-psqlrc", "--quiet", "--command", statement],
        check=True,
        capture_output=True,
        timeout=UP_S,
        env={**os.environ, "PGPASSWORD": PASSWORD},
    )
