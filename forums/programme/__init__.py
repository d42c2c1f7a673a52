"""An edition’s programme: its page, the pages of its sessions, and their calendar files."""
