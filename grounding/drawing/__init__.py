"""Vector drawings to pixels: what is refused, and who draws the rest."""
