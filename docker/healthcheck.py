"""Ask this container's web server for a path; exit 0 if it answers 200.

The slim image has no curl, and the request must look like one that nginx passes on: the site's
own name, over TLS where the site has it.
"""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

site = urlsplit(os.environ["SITE_URL"])
connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
connection.request("GET", sys.argv[1], headers=headers)
sys.exit(connection.getresponse().status != 200)
