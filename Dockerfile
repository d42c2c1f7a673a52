# Two images from one file: `app` runs the web server, the worker or the timer; `proxy` is nginx
# with the static files of the same build, so that both always fit each other.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/opt/venv/bin:$PATH
RUN python -m venv /opt/venv
WORKDIR /srv/portal
# With what files in a bucket need (FILES_URL).
COPY requirements-s3.lock .
RUN pip install --require-hashes -r requirements-s3.lock
COPY . .
ENV VAR_DIR=/srv/var STATIC_FROM_FINDERS=false
# The keys are for these commands alone: without them, the settings would leave real ones here.
RUN export SECRET_KEY=for-the-build-only FIELD_KEYS="$(python -m oda_portal.secrets)" \
 && python -c "from oda_portal.styles import build_stylesheet; build_stylesheet()" \
 && python manage.py catalogues --compile \
 && python manage.py collectstatic --noinput \
 && python -m compileall -q .

FROM nginx:1.28-alpine AS proxy
COPY docker/nginx.conf /etc/nginx/nginx.conf
COPY docker/unavailable.html docker/busy.html docker/too_long.html docker/too_large.html /srv/
COPY --chmod=755 docker/keep_static.sh /docker-entrypoint.d/40-keep-static.sh
COPY --from=build /srv/var/static /srv/build

FROM python:3.12-slim AS app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/srv/var MEDIA_ROOT=/srv/media PRIVATE_ROOT=/srv/private \
    LEDGER_FILE=/srv/ledger/destroyed.jsonl STATIC_FROM_FINDERS=false
# pg_dump and pg_restore of the very version that `db` has: others write and read other words.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install --yes --no-install-recommends postgresql-client-16 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /srv/var portal \
 && install --directory --owner portal --group portal /srv/var \
    /srv/media /srv/private /srv/ledger /srv/backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
COPY --from=build --chown=portal:portal /srv/var/build /srv/var/build
COPY --from=build --chown=portal:portal /srv/var/static /srv/var/static
WORKDIR /srv/portal
USER portal
EXPOSE 8000
# Four threads: with one, two slow uploads would stop everybody. GRANIAN_WORKERS is one a core.
ENV GRANIAN_WORKERS=2
# Of the web server; docker-compose.yml says how a worker and a timer are asked.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "docker/healthcheck.py", "/healthz"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--blocking-threads", "4", "--no-ws", "--log-level", "warning", \
     "oda_portal.wsgi:application"]
