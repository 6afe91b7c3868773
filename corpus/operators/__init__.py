"""What categories share: isolated workers, language by line, text sanity."""
