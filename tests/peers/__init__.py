"""Other people's systems, asked in a process and a virtual environment of their own.

`infra/test.sh` and `infra/bench.sh` make that environment from `requirements.txt` and name its
Python in TRAWL_PEERS. A script in this directory reads its arguments as JSON from standard input
and answers with one line of JSON, the last that it prints.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def ask(script: str, timeout_s: float = 280, **arguments: Any) -> Any:
    """What `tests/peers/SCRIPT.py` answers to these arguments."""
    done = subprocess.run(
        [python(), str(HERE / f"{script}.py")],
        input=json.dumps(arguments), capture_output=True, text=True, timeout=timeout_s, check=False,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def python() -> str:
    """The peers' own interpreter."""
    path = os.environ.get("TRAWL_PEERS", "")
    assert Path(path).is_file(), (
        "no peers: run `bash infra/test.sh unit` once, which makes them and sets TRAWL_PEERS"
    )
    return path
