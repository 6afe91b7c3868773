"""A page to look at what was made: one HTML file and its assets, opened from disk."""
