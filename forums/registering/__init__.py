"""Registering for an edition: by mailed link or with an account, places, waiting list, mails."""
