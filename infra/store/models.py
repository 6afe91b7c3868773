"""The tables. Times are UTC nanoseconds of the host's clock; JSON columns hold plain values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Words(TypeDecorator[str]):
    """Text that may hold any character: PostgreSQL has no NUL, which becomes U+FFFD there."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored, and what is looked for."""
        if value is None or dialect.name != "postgresql":
            return value
        return value.replace("\0", "\ufffd")


class Base(DeclarativeBase):
    """Root of the tables."""

    metadata = MetaData()
    type_annotation_map = {int: BigInteger, str: Words, dict[str, Any]: JSON}  # noqa: RUF012


class PoolTable(Base):
    """What operators want: so many machines of one kind."""

    __tablename__ = "pools"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    image: Mapped[str]
    count: Mapped[int]
    settings: Mapped[dict[str, Any]]
    recycle: Mapped[dict[str, Any]]
    failures: Mapped[int]
    not_before_ns: Mapped[int]


class MachineTable(Base):
    """One machine: `desired` is written by commands, `observed` by the reconciler alone."""

    __tablename__ = "machines"
    uuid: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    pool: Mapped[str]
    kind: Mapped[str]
    image: Mapped[str]
    host: Mapped[str] = mapped_column(index=True)
    desired: Mapped[str]
    observed: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str]
    reason: Mapped[str]
    since_ns: Mapped[int]
    deadline_ns: Mapped[int | None]
    seen_ns: Mapped[int]
    generation: Mapped[int]
    fence: Mapped[int]
    episodes: Mapped[int]
    born_ns: Mapped[int]
    private_bytes: Mapped[int]
    latency_ms: Mapped[int]


class LeaseTable(Base):
    """Who drives a machine, until when, with which fence."""

    __tablename__ = "leases"
    id: Mapped[str] = mapped_column(primary_key=True)
    machine: Mapped[str] = mapped_column(ForeignKey("machines.uuid"))
    holder: Mapped[str]
    fence: Mapped[int]
    acquired_ns: Mapped[int]
    until_ns: Mapped[int]
    released_ns: Mapped[int | None]


Index("one_live_lease", LeaseTable.machine, unique=True,
      sqlite_where=LeaseTable.released_ns.is_(None),
      postgresql_where=LeaseTable.released_ns.is_(None))  # fmt: skip


class RunTable(Base):
    """A collection run: pool, explorer, episodes, steps, seed."""

    __tablename__ = "runs"
    id: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[str]
    explorer: Mapped[str]
    episodes: Mapped[int]
    steps: Mapped[int]
    seed: Mapped[int]
    status: Mapped[str]
    created_ns: Mapped[int]
    ended_ns: Mapped[int | None]


class EpisodeTable(Base):
    """One planned or recorded episode of a run; each attempt is a recording of its own."""

    __tablename__ = "episodes"
    run: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    attempts: Mapped[int]
    recording: Mapped[str]
    machine: Mapped[str]
    steps: Mapped[int]
    reason: Mapped[str]
    started_ns: Mapped[int | None]
    ended_ns: Mapped[int | None]


Index("ix_episodes_status", EpisodeTable.status, EpisodeTable.run, EpisodeTable.number)
Index("ix_episodes_machine", EpisodeTable.machine, EpisodeTable.started_ns)


class HostTable(Base):
    """A host that runs machines, as it last said itself."""

    __tablename__ = "hosts"
    name: Mapped[str] = mapped_column(primary_key=True)
    seen_ns: Mapped[int]
    cordoned: Mapped[bool]
    running: Mapped[int]
    memory_bytes: Mapped[int]
    disk_bytes: Mapped[int]


class LeaderTable(Base):
    """Who holds an office that only one may hold, until when, with which fence."""

    __tablename__ = "leaders"
    office: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int]
    until_ns: Mapped[int]


class StorageTable(Base):
    """A shared storage that episodes are published to, by its address without credentials."""

    __tablename__ = "storages"
    name: Mapped[str] = mapped_column(primary_key=True)
    identity: Mapped[str]
    marked: Mapped[bool]


class PublishedTable(Base):
    """A recording that lies whole on a shared storage."""

    __tablename__ = "published"
    storage: Mapped[str] = mapped_column(ForeignKey("storages.name"), primary_key=True)
    recording: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(index=True)
    log_sha256: Mapped[str]
    log_bytes: Mapped[int]
    blobs: Mapped[int]
    at_ns: Mapped[int]


class VerdictTable(Base):
    """What one person answered about one subject of a queue; a new answer replaces the old one."""

    __tablename__ = "verdicts"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    note: Mapped[str]
    at_ns: Mapped[int]
    took_ms: Mapped[int]


Index("ix_verdicts_who", VerdictTable.kind, VerdictTable.who, VerdictTable.at_ns)


class EventTable(Base):
    """What happened, in order: the source of every live view."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )  # SQLite numbers rows by itself only where the column says Integer
    at_ns: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    payload: Mapped[dict[str, Any]]


Index("ix_events_kind", EventTable.kind, EventTable.id)
