"""Meetings of the network: agenda, invitations, minutes, action items, documents."""
