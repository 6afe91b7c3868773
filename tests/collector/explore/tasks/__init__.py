"""Tasks of the explorer `tasks`, played on real machines."""
