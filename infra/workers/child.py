"""The worker's side: `python -m infra.workers.child MODULE:FUNCTION` answers framed inputs.

It bounds its own memory and files before any input arrives, and never prints: standard output is the wire.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import signal
import struct
import sys
from typing import Any, BinaryIO, Final

import msgpack

LENGTH: Final = struct.Struct(">I")
ADDRESS_SPACE_BYTES: Final = 4 * 1024**3
PR_SET_PDEATHSIG: Final = 1
MAX_BYTES: Final = 256 * 1024 * 1024


def main(target: str) -> None:
    """Answer until standard input ends."""
    wire_in = os.fdopen(os.dup(0), "rb")
    wire_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not write into the wire
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no orphan drawing for nobody
    module, _, function = target.partition(":")
    call = getattr(importlib.import_module(module), function)
    _send(wire_out, {"value": "ready"})
    while (head := wire_in.read(LENGTH.size)) and len(head) == LENGTH.size:
        data = wire_in.read(LENGTH.unpack(head)[0])
        value = msgpack.unpackb(data, max_bin_len=MAX_BYTES, max_str_len=MAX_BYTES)
        _send(wire_out, _answer(call, value))


def _answer(call: Any, value: Any) -> dict[str, Any]:
    """The reply for one input; an error of the function is its failure, not ours."""
    try:
        return {"value": call(value)}
    except MemoryError:
        return {"value": None, "failure": "needs too much memory"}
    except Exception as error:  # noqa: BLE001 - hostile input may raise anything
        return {"value": None, "failure": f"cannot be read: {type(error).__name__}"}


def _send(wire: BinaryIO, reply: dict[str, Any]) -> None:
    data = msgpack.packb(reply)
    wire.write(LENGTH.pack(len(data)) + data)
    wire.flush()


if __name__ == "__main__":
    main(sys.argv[1])
