"""Watching the portal: figures, signs of life, what is sick and since when."""
