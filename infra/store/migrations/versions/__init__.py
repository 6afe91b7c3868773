"""The revisions, one module each, named by number and what they do."""
