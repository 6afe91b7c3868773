"""What the `explore` bench compares: two public ways to explore, ours, and one neutral judge."""
