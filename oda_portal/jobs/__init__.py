"""Work on many records in the background, with progress, a report and an end at any time."""
