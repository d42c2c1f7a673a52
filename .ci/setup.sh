# Sourced by ./run and ./runtests in the top folder: makes .venv from a hash-locked list.

PYTHON_IN_VENV=.venv/bin/python
# Where Python may not keep what it compiled, every start takes twice as long.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "${0##*/}: $*" >&2; }
fail() { say "$*"; exit 1; }

# Set BASE_PYTHON to a Python that is new enough; PYTHON names one's own choice.
find_python() {
  for BASE_PYTHON in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    "$BASE_PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
  done
  fail "Python 3.11 or newer is needed (PYTHON=/path/to/python names one)"
}

# Which Python .venv runs on, and where it stands. After an update of Python, or after a move to
# another folder, .venv mixes two places and breaks in odd ways: then it is built anew.
venv_identity() {
  "$PYTHON_IN_VENV" -c 'import sqlite3, ssl, sys
print(sys.version.split()[0], sys.base_prefix, sys.prefix)' 2>/dev/null
}

venv_is_sound() {
  [ -s .venv/.identity ] && [ "$(venv_identity)" = "$(cat .venv/.identity)" ]
}

# Without pip of its own where the base Python has one: quicker, and Debian splits ensurepip off.
make_venv() {
  find_python
  rm -rf .venv
  if "$BASE_PYTHON" -m pip --version >/dev/null 2>&1; then
    "$BASE_PYTHON" -m venv --without-pip .venv
  else
    "$BASE_PYTHON" -m venv .venv ||
      fail "neither pip nor venv is there (Debian: apt-get install python3-pip python3-venv)"
  fi
  venv_identity >.venv/.identity || fail "the new .venv does not work: $BASE_PYTHON lacks ssl or sqlite3"
}

pip_install() {
  set -- install --quiet --disable-pip-version-check --require-hashes -r "$1"
  if "$PYTHON_IN_VENV" -c 'import pip' 2>/dev/null; then
    "$PYTHON_IN_VENV" -m pip "$@"
  else
    find_python
    "$BASE_PYTHON" -m pip --python "$PYTHON_IN_VENV" "$@"
  fi
}

# Bring .venv to what the lock file $1 says. The file's checksum is stamped, so that a second
# start installs nothing.
install_locked() {
  venv_is_sound || make_venv
  stamp=.venv/.$1.sum
  sum=$(cksum <"$1")
  [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
  say "installing what $1 lists"
  # uv takes seconds where pip takes half a minute; either will do.
  [ -x .venv/bin/uv ] || pip_install .ci/installer.lock 2>/dev/null || true
  VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install --quiet --require-hashes -r "$1" 2>/dev/null ||
    pip_install "$1"
  printf '%s\n' "$sum" >"$stamp"
}
