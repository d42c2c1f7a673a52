"""The map of the programmes: where the city works together with others."""
