"""The ways into many episodes: by status, for who looks for work; by machine, for its last one."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Make the two indexes."""
    op.create_index("ix_episodes_status", "episodes", ["status", "run", "number"])
    op.create_index("ix_episodes_machine", "episodes", ["machine", "started_ns"])
