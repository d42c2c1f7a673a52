#!/bin/sh
# After certbot got a certificate: copy it to where nginx looks for it, and let nginx read it anew.
# certbot's own folder has links that lead out of it; within a container they lead nowhere.
#
#   certbot certonly … --deploy-hook 'TLS_FOLDER=/srv/tls /srv/portal/docker/certbot.sh'
#
# certbot keeps this in mind and does it again after each renewal. To prove the address it needs
# port 80, and so a moment without nginx (--standalone), or a record of the name (DNS).
set -eu
umask 077
cd "$(dirname "$0")/.."

mkdir -p "$TLS_FOLDER"
cp "$RENEWED_LINEAGE/fullchain.pem" "$TLS_FOLDER/certificate.new"
cp "$RENEWED_LINEAGE/privkey.pem" "$TLS_FOLDER/key.new"
mv "$TLS_FOLDER/certificate.new" "$TLS_FOLDER/certificate.pem"
mv "$TLS_FOLDER/key.new" "$TLS_FOLDER/key.pem"

export TLS_FOLDER COMPOSE_FILE=docker-compose.yml:docker/tls.yml
# On a line of its own: should Docker not answer, certbot is told.
running=$(docker compose ps --quiet nginx)
if [ -n "$running" ]; then
    docker compose exec -T nginx nginx -s reload
fi
