"""Tags of content care."""
