"""What categories share: language by line, text sanity."""
