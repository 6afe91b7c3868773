"""Tasks in the programs of the desktop image, one module a program."""
