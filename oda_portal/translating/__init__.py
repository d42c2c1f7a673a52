"""Which texts are in step with the language that they were translated from."""
