"""Feeds of news for readers' own programs, and the page that lists all feeds."""
