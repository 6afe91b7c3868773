"""What the doctor finds, for somebody who asks from afar.

It starts QEMU, libvirt and Chromium for a moment, so it works in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from infra.errors import DeadlineExceeded, Unavailable

WITHIN_S: Final = 180


def looked(*, security: bool = False) -> dict[str, Any]:
    """The document of `trawl doctor`, or of `trawl doctor --security`.

    Raises DeadlineExceeded, Unavailable where it does not end or says nothing.
    """
    words = ["doctor", "--security"] if security else ["doctor"]
    command = [sys.executable, "-m", "collector", *words, "--json"]
    say_it = " ".join(["trawl", *words])
    try:
        told = subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False)
        document: dict[str, Any] = json.loads(told.stdout)
    except subprocess.TimeoutExpired as error:
        raise DeadlineExceeded(f"the doctor did not end in {WITHIN_S} s", say_it) from error
    except ValueError as error:
        raise Unavailable("the doctor said nothing", say_it) from error
    if "error" in document:
        raise Unavailable(f"the doctor failed: {document['error']['message']}", say_it)
    return document
