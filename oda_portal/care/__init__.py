"""What the content lacks, found by the worker each night and told on the record and as a report."""
