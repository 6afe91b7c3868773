"""Live views: one reader of the event log a process, and one stream a page.

What a page is told is where the log says that something changed, and how it is now. It says how
far it has heard, so that nothing is missed and nothing is lost with a connection.
"""
