#!/bin/sh
# Before nginx starts: put the static files of this image beside those of the images before it. A
# page that a reader has open, or that is still kept, names files of its own version.
set -eu
mkdir -p /srv/static
cp -a /srv/build/. /srv/static/
