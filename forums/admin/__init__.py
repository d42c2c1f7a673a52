"""Forums in the back office: the edition on one page, its sessions and speakers on their own."""

from . import doors, editions, papers, registrations, sessions, speakers

__all__ = ["doors", "editions", "papers", "registrations", "sessions", "speakers"]
