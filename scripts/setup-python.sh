#!/bin/sh
# Makes .venv with what the tests need of Python, and does nothing where it is there already.
#
#   scripts/setup-python.sh [REQUIREMENTS...]     default: test/contract/moto/requirements.txt
#
# PYTHON names the interpreter to make it with (3.10 or newer; default python3), VENV another folder than .venv: moto and
# ministack want different versions of the same packages.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- test/contract/moto/requirements.txt
python=${PYTHON:-python3}
venv=${VENV:-.venv}
installed=$venv/installed-requirements.txt

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
  echo "$0: $python is missing or older than Python 3.10; name another one with PYTHON=..." >&2
  exit 1
fi
wanted=$(cat "$@")
if [ -f "$installed" ] && [ "$wanted" = "$(cat "$installed")" ] && "$venv"/bin/python -c ''; then
  exit 0
fi
rm -f "$installed"
# An environment that was moved or copied from elsewhere does not run.
"$venv"/bin/python -c '' 2>/dev/null || "$python" -m venv --clear "$venv"
for file in "$@"; do
  set -- "$@" --requirement "$file"
  shift
done
"$venv"/bin/python -m pip install --quiet --disable-pip-version-check "$@"
printf '%s\n' "$wanted" >"$installed"
