"""Forums in the back office: the edition on one page, its sessions and speakers on their own."""

from . import desk, doors, editions, papers, registrations, sessions, speakers

__all__ = ["desk", "doors", "editions", "papers", "registrations", "sessions", "speakers"]
