"""Pages of the volunteers: calls for everybody, applying, and one's own applications."""
