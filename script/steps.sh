# Sourced by the other scripts: where the repository is, steps with their times, errors that say the mend.
# The sourcing script sets `set -euo pipefail` itself.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cores=$(nproc 2>/dev/null || echo 2)

# ccache takes objects that use a precompiled header only when it is told so, and finds those of another checkout only
# when paths are relative to the checkout.
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1

# What a person reads goes to standard output, errors to standard error.
say() { printf '%s\n' "$*"; }
fail() {
  printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# step TITLE COMMAND...: runs the command under a heading and says how long it took. The command's status is the step's.
step() {
  local title=$1 start=$SECONDS status=0
  shift
  printf '\n== %s\n' "$title"
  "$@" || status=$?
  if [ "$status" = 0 ]; then
    printf '== %s: done in %s\n' "$title" "$(elapsed "$start")"
  else
    printf '== %s: FAILED after %s\n' "$title" "$(elapsed "$start")"
  fi
  return "$status"
}

# elapsed START: the time since $SECONDS was START, as "4 s" or "3 min 07 s".
elapsed() {
  local seconds=$((SECONDS - $1))
  if [ "$seconds" -lt 60 ]; then
    printf '%d s' "$seconds"
  else
    printf '%d min %02d s' $((seconds / 60)) $((seconds % 60))
  fi
}
