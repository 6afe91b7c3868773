"""Work carried to other processes and other hosts; the one place that imports Ray.

`local` and `ray` executors have one shape, so that nothing needs Ray. Ray carries work and keeps
one actor a node beside that node's controller; what is true stands in the database, and a cluster
that dies takes no controller with it. Every session has a token, and there is no dashboard.
"""

from infra.engine.base import Executor
from infra.engine.local import InProcess, LocalExecutor

__all__ = ["Executor", "InProcess", "LocalExecutor", "open_executor"]


def open_executor(head: str, workers: int) -> Executor:
    """The executor of the Ray cluster at `head`; of this host's processes where it is empty."""
    if not head:
        return LocalExecutor(workers)
    from infra.engine.spread import RayExecutor

    return RayExecutor(head)
