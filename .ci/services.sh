# Sourced by ./runtests: PostgreSQL, Redis, Chromium and the Nu HTML checker, given by DATABASE_URL,
# REDIS_URL, CHROMIUM and VNU_JAR or else brought up here, on free ports, with their files under
# $SCRATCH.

POSTGRES_DATA='' REDIS_PID=''

postgres_programs() {
  ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 | grep . ||
    { command -v initdb >/dev/null && dirname "$(command -v initdb)"; }
}

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

# Beside the packages, and named by what it is fetched with: another version is another file.
html_checker() {
  echo "${VNU_JAR:-$PWD/.venv/vnu-$(cksum <.ci/html_checker.py | cut -d ' ' -f 1).jar}"
}

# Debian's names of the packages that this machine lacks.
missing_packages() {
  [ -n "${DATABASE_URL:-}" ] || postgres_programs >/dev/null || echo postgresql
  [ -n "${REDIS_URL:-}" ] || command -v redis-server >/dev/null || echo redis-server
  [ -n "${CHROMIUM:-}" ] || find_chromium >/dev/null || echo chromium
  # Its server lies where only root looks for programs.
  PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v nginx >/dev/null || echo nginx-light
  command -v java >/dev/null || echo default-jre-headless
  [ -s "$(html_checker)" ] || command -v npm >/dev/null || echo npm
  # Without them Chromium draws boxes, and widths are measured wrongly.
  fc-list :lang=ko 2>/dev/null | grep -q . || echo fontconfig fonts-noto-cjk
}

install_missing() {
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "missing: $missing(install them, or set DATABASE_URL, REDIS_URL, CHROMIUM and VNU_JAR)"
  say "installing $missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  (a list of names)
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

install_html_checker() {
  VNU_JAR=$(html_checker)
  export VNU_JAR
  [ ! -s "$VNU_JAR" ] || return 0
  say "fetching the HTML checker"
  "$PYTHON_IN_VENV" .ci/html_checker.py "$VNU_JAR" ||
    fail "the HTML checker cannot be had (VNU_JAR=/path/to/vnu.jar names one)"
}

free_port() {
  "$PYTHON_IN_VENV" -c 'import socket
probe = socket.socket()
probe.bind(("127.0.0.1", 0))
print(probe.getsockname()[1])'
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" != 0 ]; then "$@"
  elif id postgres >/dev/null 2>&1; then runuser -u postgres -- "$@"
  else runuser -u nobody -- "$@"; fi
}

# Durability is switched off: what a crash would lose here is only a test's. A socket in the folder
# needs no free port, and answers twice as fast as one of the network. A statement that finds no end
# fails its own test, and does not keep the rest waiting.
start_postgres() {
  [ -z "${DATABASE_URL:-}" ] || return 0
  programs=$(postgres_programs)
  sockets=$SCRATCH/service
  as_postgres "$programs/initdb" -D "$SCRATCH/service/postgres" -U portal -A trust -E UTF8 \
    --locale=C.UTF-8 --no-sync >"$SCRATCH/initdb.log" 2>&1 || fail "$(cat "$SCRATCH/initdb.log")"
  POSTGRES_DATA=$SCRATCH/service/postgres
  as_postgres "$programs/pg_ctl" -D "$POSTGRES_DATA" -l "$POSTGRES_DATA/log" -w \
    -o "-p 5432 -c listen_addresses='' -c unix_socket_directories='$sockets' \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c jit=off \
        -c statement_timeout=180s" start >/dev/null ||
    fail "PostgreSQL did not start: $(cat "$POSTGRES_DATA/log")"
  as_postgres "$programs/createdb" -h "$sockets" -U portal portal
  DATABASE_URL="postgres://portal@$(printf %s "$sockets" | sed 's,/,%2F,g'):5432/portal"
  export DATABASE_URL
}

start_redis() {
  [ -z "${REDIS_URL:-}" ] || return 0
  port=$(free_port)
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no \
    --dir "$SCRATCH" >"$SCRATCH/redis.log" 2>&1 &
  REDIS_PID=$!
  tries=50
  until redis-cli -p "$port" ping >/dev/null 2>&1; do
    [ $((tries -= 1)) -gt 0 ] || fail "Redis did not start: $(cat "$SCRATCH/redis.log")"
    sleep 0.1
  done
  export REDIS_URL="redis://127.0.0.1:$port/0"
}

start_services() {
  # Only this folder is the other user's; what stands beside it stays ours.
  chmod 755 "$SCRATCH"
  mkdir "$SCRATCH/service"
  [ "$(id -u)" != 0 ] || chmod 777 "$SCRATCH/service"
  start_postgres
  start_redis
  CHROMIUM=${CHROMIUM:-$(find_chromium)}
  export CHROMIUM
}

stop_services() {
  [ -z "$REDIS_PID" ] || kill "$REDIS_PID" 2>/dev/null || true
  [ -z "$POSTGRES_DATA" ] ||
    as_postgres "$(postgres_programs)/pg_ctl" -D "$POSTGRES_DATA" -m immediate -w stop >/dev/null || true
}
