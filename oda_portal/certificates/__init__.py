"""Certificates that can be checked: issued by a rule, printed on one page, with a public page."""
