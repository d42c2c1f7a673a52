"""On the day and after it: check-in, badges, attendance certificates."""
