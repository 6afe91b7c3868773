"""Work over hostile inputs, in interpreters of their own that may hang, crash or eat memory."""

from infra.workers.pool import Counts, Outcome, run

__all__ = ["Counts", "Outcome", "run"]
