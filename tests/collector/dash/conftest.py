"""The fixtures of the dashboard's tests, which the tests of faults share."""

from tests.collector.dash.fixtures import bare, complaints, desk, driven, page, seeded, served

__all__ = ["bare", "complaints", "desk", "driven", "page", "seeded", "served"]
