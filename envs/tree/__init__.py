"""The accessibility tree of a desktop guest, read from the host: a D-Bus client and a mirror.

`Mirror` is what others use. Everything a guest says passes the bounds of `infra.limits` before it
becomes an element.
"""

from envs.tree.mirror import Mirror

__all__ = ["Mirror"]
