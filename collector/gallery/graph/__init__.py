"""A run's state graph as a page: one HTML file with its pictures in it, opened from disk."""
