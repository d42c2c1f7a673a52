"""Figures: what the records of the lists add up to, each number with the list that makes it up."""
