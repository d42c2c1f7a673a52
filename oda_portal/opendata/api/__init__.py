"""The API: every dataset for programs, read only, described by the same columns as the files."""
