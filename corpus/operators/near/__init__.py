"""Near duplicates of texts, in one pass over a stream, with the index on disk."""

from corpus.operators.near.sift import Match, NearDuplicates, Text

__all__ = ["Match", "NearDuplicates", "Text"]
