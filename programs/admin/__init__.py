"""Programmes in the back office: one admin for all kinds, and parts with pages of their own."""

from . import codes, follow_up, program, proposals, reporting, reporting_publications

__all__ = ["codes", "follow_up", "program", "proposals", "reporting", "reporting_publications"]
