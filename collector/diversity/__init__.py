"""Planned diversity: which machine looks how, by a covering design and not by chance.

`covering` makes and measures designs of any factors; `desktops` and `browsers` say what varies.
"""
