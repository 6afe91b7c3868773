"""A machine's one way out: an HTTP proxy that lets it reach named public hosts and nothing else.

Whoever stands behind it is taken to be hostile. It names a host; the proxy compares the name with
the pool's list, resolves it, refuses it where any of its addresses is not public, and connects to
an address that it has looked at, so that no later answer of a name server can turn it elsewhere.
"""

from __future__ import annotations

from infra.egress.limits import Limits
from infra.egress.policy import Policy
from infra.egress.proxy import Proxy

__all__ = ["Limits", "Policy", "Proxy"]
