"""Tests mirror the five floors; `tests/SPECIFICATION.md` says what is promised and what holds it."""
