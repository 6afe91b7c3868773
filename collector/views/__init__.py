"""What an operator sees, as plain records: one module a noun.

Command line, API and pages show the same records. They are read from the database, the recordings
and the corpora; nothing here changes anything, prints or knows of HTTP.
"""
