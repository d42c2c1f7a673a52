"""Pictures and documents that several pages use."""
