"""What people judged, and the ways into a long event log: by kind and by time."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the table and the three indexes."""
    op.create_table(
        "verdicts",
        *(sa.Column(n, sa.String, primary_key=True) for n in ("kind", "subject", "who")),
        *(sa.Column(n, sa.String, nullable=False) for n in ("answer", "note")),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("at_ns", "took_ms")),
    )
    op.create_index("ix_verdicts_who", "verdicts", ["kind", "who", "at_ns"])
    op.create_index("ix_events_kind", "events", ["kind", "id"])
    op.create_index("ix_events_at_ns", "events", ["at_ns"])
