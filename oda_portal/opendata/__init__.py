"""What the portal knows, for machines: datasets, the catalogue, the API, and IATI."""
