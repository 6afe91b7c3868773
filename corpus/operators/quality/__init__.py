"""Whether a web page reads like prose: the rules of Gopher and of C4, for English."""

from corpus.operators.quality import c4, gopher, repetition

__all__ = ["c4", "gopher", "repetition"]
