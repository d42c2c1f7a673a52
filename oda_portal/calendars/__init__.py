"""What has a day, from every app, as one calendar that people subscribe to."""
