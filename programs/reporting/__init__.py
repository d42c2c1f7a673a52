"""Which programmes are reported to IATI, what each still needs for it, and the reporting itself."""
