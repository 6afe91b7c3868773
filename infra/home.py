"""The data directory is closed to every other user: recordings hold whatever a screen showed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from infra.errors import Unavailable


def take(home: Path) -> Path:
    """Make `home` where it is missing, and close it to others where it was open.

    Raises Unavailable where it is somebody else's or cannot be made.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = home.stat()
        if found.st_uid != os.geteuid():
            raise Unavailable(
                f"{home} belongs to uid {found.st_uid}", "set TRAWL_HOME, or chown it", str(home)
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            home.chmod(0o700)
    except OSError as error:
        raise Unavailable(f"{home} cannot be ours: {error}", "set TRAWL_HOME", str(home)) from error
    return home
