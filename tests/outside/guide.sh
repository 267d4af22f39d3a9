# Runs one page of the documentation as a reader would type it: `cargo xtask test guides`, which makes
# SCRIPT of the page. PAGE is its name, FOLDER an empty folder, BINARIES where the program is.
#   ```sh           must go well, and so must every HTTP call in it
#   ```sh server    typed in the first terminal; goes on until the page ends
#   ```sh fails     a refusal that the page shows: must not go well
#   ```sh by-hand   not run: it wants another machine, or is not for an exercise
#   ```text         what the block above it said, line by line; … stands for anything
PAGE=$1 SCRIPT=$2 FOLDER=$3 BINARIES=$4
shopt -s expand_aliases
set -e -m -o pipefail
cd "$FOLDER"
PATH="$BINARIES:$PATH"
HARNESS="$FOLDER/.harness"
mkdir "$HARNESS"
exec 3>&1

# A refused HTTP call counts as a command that failed, and none may hang.
export CURL_HOME="$HARNESS"
printf 'fail-with-body\nmax-time = 60\n' > "$HARNESS/.curlrc"

block_begins() {
  BLOCK=$1
  : > "$HARNESS/said"
  exec >> "$HARNESS/said" 2>&1
}

block_ends() { exec >&3 2>&1; }

block_failed() {
  block_ends
  if [ "$1" -eq 0 ]; then
    echo "it should not have gone well"
    exit 1
  fi
}

server() {
  BLOCK=$1
  : > "$HARNESS/server"
  bash -c "$(cat)" >> "$HARNESS/server" 2>&1 &
  SERVERS+=("$!")
  disown
  for _ in $(seq 600); do
    if grep -q '^ready ' "$HARNESS/server"; then return; fi
    if ! kill -0 "${SERVERS[-1]}" 2> /dev/null; then break; fi
    sleep 0.1
  done
  cp "$HARNESS/server" "$HARNESS/said"
  echo "the server was not ready"
  exit 1
}

said() {
  BLOCK=$1
  cat > "$HARNESS/wanted"
  python3 - "$HARNESS/wanted" "$HARNESS/said" <<'END'
import re, sys
wanted, said = (open(name, errors="replace").read() for name in sys.argv[1:])
for line in filter(None, map(str.strip, wanted.splitlines())):
    found = re.search(".*?".join(map(re.escape, line.split("…"))), said)
    if not found:
        sys.exit(f"not said, or not in this order: {line}")
    said = said[found.end():]
END
}

at_exit() {
  local status=$?
  set +e
  block_ends
  if [ "$status" -eq 0 ]; then
    echo "1 passed, 0 failed"
  else
    tail -n 40 "$HARNESS/said"
    echo
    echo "FAILED  $PAGE:$BLOCK"
    echo "0 passed, 1 failed"
  fi
  kill $(jobs -p) 2> /dev/null
  for server in "${SERVERS[@]}"; do kill -TERM -- "-$server" 2> /dev/null; done
  exit "$status"
}
trap at_exit EXIT

source "$SCRIPT"
