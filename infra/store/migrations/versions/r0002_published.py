"""The shared storages and what is published on them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Make the two tables and their index."""
    op.create_table(
        "storages",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("identity", sa.String, nullable=False),
        sa.Column("marked", sa.Boolean, nullable=False),
    )
    op.create_table(
        "published",
        sa.Column("storage", sa.String, sa.ForeignKey("storages.name"), primary_key=True),
        sa.Column("recording", sa.String, primary_key=True),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("log_sha256", sa.String, nullable=False),
        *(sa.Column(n, sa.BigInteger, nullable=False) for n in ("log_bytes", "blobs", "at_ns")),
    )
    op.create_index("ix_published_host", "published", ["host"])
