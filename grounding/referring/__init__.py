"""Words that pick out exactly one element of a screen, in English and Chinese."""
