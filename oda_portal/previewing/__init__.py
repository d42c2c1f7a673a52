"""What an unsaved form would look like on the site, and forms that nobody loses."""
