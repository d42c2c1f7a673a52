"""News by email without an account: asking, confirming, changing, ending, and the mails."""
