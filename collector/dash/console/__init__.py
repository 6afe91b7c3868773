"""A machine's screen to look at and, for whoever holds its lease, to work on.

Whether a person may press anything is decided here, message by message, whatever the page sends.
"""
