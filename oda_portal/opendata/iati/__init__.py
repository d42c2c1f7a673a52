"""IATI 2.03: the standard itself, reading, checking and writing of its files."""
