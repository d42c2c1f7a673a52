"""Spreadsheets in: a dry run first, then what it showed."""
