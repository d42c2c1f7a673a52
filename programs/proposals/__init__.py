"""Proposals of the network’s members, from the idea to the programme that came of it."""
