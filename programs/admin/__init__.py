"""Programmes in the back office: one admin for all kinds, and those of their parts that are long."""

from . import codes, follow_up, program

__all__ = ["codes", "follow_up", "program"]
