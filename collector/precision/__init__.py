"""Kept elements are pressed on forks of real machines, and the programs' own events say what was hit."""
