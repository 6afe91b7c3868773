"""Samples of every category become one mixture on disk. Knows no machine."""
