"""Sites of our own: realistic, deterministic, in two languages and two themes, from no network."""
