"""Desktop machines: forks of a warmed Ubuntu or Debian template under QEMU.

`wake` turns a paused fork into a machine that answers; `template` makes what forks start from;
`open_env("ubuntu")` does everything for one machine of its own and takes it all away on closing.
"""

from __future__ import annotations

from envs.ubuntu.alone import ubuntu
from envs.ubuntu.facts import Facts
from envs.ubuntu.machine import UbuntuEnv
from envs.ubuntu.waking import wake

__all__ = ["Facts", "UbuntuEnv", "ubuntu", "wake"]
