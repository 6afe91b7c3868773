"""Expressions and gates written out plainly, one element against all others: what the quick way must equal."""
