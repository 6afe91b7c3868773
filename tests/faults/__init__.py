"""What can go wrong, made to go wrong: one module for each fault of the table in `README.md`."""
