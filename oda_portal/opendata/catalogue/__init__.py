"""What data there is: pages for people, and DCAT for other catalogues."""
