"""Every table of the first schema."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None

NUMBER: Final = sa.BigInteger
ROW_ID: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables and their indexes."""
    _pools()
    _machines()
    _leases()
    _runs()
    _episodes()
    _hosts()
    _leaders()
    _events()


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=False)


def _number(name: str, *, may_miss: bool = False) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, nullable=may_miss)


def _value(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON, nullable=False)


def _pools() -> None:
    op.create_table(
        "pools",
        sa.Column("name", sa.String, primary_key=True),
        _text("kind"),
        _text("image"),
        _number("count"),
        _value("settings"),
        _value("recycle"),
        _number("failures"),
        _number("not_before_ns"),
    )


def _machines() -> None:
    op.create_table(
        "machines",
        sa.Column("uuid", sa.String, primary_key=True),
        *map(_text, ("name", "pool", "kind", "image", "host", "desired", "observed")),
        *map(_text, ("stage", "reason")),
        _number("since_ns"),
        _number("deadline_ns", may_miss=True),
        *map(_number, ("seen_ns", "generation", "fence", "episodes", "born_ns")),
        *map(_number, ("private_bytes", "latency_ms")),
    )
    op.create_index("ix_machines_host", "machines", ["host"])
    op.create_index("ix_machines_observed", "machines", ["observed"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("machine", sa.String, sa.ForeignKey("machines.uuid"), nullable=False),
        _text("holder"),
        _number("fence"),
        _number("acquired_ns"),
        _number("until_ns"),
        _number("released_ns", may_miss=True),
    )
    live = sa.text("released_ns IS NULL")
    op.create_index("one_live_lease", "leases", ["machine"], unique=True,
                    sqlite_where=live, postgresql_where=live)  # fmt: skip


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String, primary_key=True),
        _text("pool"),
        _text("explorer"),
        _number("episodes"),
        _number("steps"),
        _number("seed"),
        _text("status"),
        _number("created_ns"),
        _number("ended_ns", may_miss=True),
    )


def _episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("run", sa.String, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        _text("status"),
        _number("attempts"),
        _text("recording"),
        _text("machine"),
        _number("steps"),
        _text("reason"),
        _number("started_ns", may_miss=True),
        _number("ended_ns", may_miss=True),
    )


def _hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("name", sa.String, primary_key=True),
        _number("seen_ns"),
        sa.Column("cordoned", sa.Boolean, nullable=False),
        _number("running"),
        _number("memory_bytes"),
        _number("disk_bytes"),
    )


def _leaders() -> None:
    op.create_table(
        "leaders",
        sa.Column("office", sa.String, primary_key=True),
        _text("holder"),
        _number("fence"),
        _number("until_ns"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        _number("at_ns"),
        _text("kind"),
        _text("subject"),
        _text("reason"),
        _value("payload"),
    )
    op.create_index("ix_events_subject", "events", ["subject"])
