"""The database: what operators asked for, what was observed, who drives what, what happened.

One SQLite file in WAL mode with durable commits or, for several hosts, PostgreSQL; in both,
writers queue for the one turn instead of failing half-way. Nothing outside this package imports
SQLAlchemy: callers hold a transaction from `Store.write` or `Store.read` and hand it to the
functions of `machines`, `leases`, `runs` and `events`, which answer with frozen rows.
"""

from infra.store.engine import Store, Tx, is_there, open_store, target_of

__all__ = ["Store", "Tx", "is_there", "open_store", "target_of"]
