"""IATI files of partners: read, compared with what is there, and taken over by staff."""
