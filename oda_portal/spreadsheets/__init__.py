"""Lists of the back office as XLSX and CSV, out and in."""
