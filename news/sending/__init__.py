"""Send by email: a reader sends an article to somebody, and nothing of it is kept."""
