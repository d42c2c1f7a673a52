"""What waits for staff, what went on and what is to come: the first page of the back office."""
