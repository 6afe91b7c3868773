"""Personal data and secrets in text: found by pattern and proof, masked with typed, counted marks."""

from corpus.operators.personal.masks import Finding, Masks, find

__all__ = ["Finding", "Masks", "find"]
