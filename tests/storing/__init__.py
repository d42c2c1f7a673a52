# Addresses of the S3 server of the tests: an object is made older; no more is taken, or again.
OLDER, FULL = "/-/older", "/-/full"
