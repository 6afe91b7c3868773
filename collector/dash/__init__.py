"""The dashboard: pages, API and live views over the database and the event log.

It holds no state of its own: whatever a page shows can be read again by another process. Pages
are whole without JavaScript, which only keeps them fresh. Only this room imports FastAPI.
"""
