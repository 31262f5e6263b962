#!/usr/bin/env bash
# Installs what is missing, builds Fleetglass (Release) and starts it; arguments go to the program.
#   ./installer/run.sh --demo          the built-in demo fleet
#   ./installer/run.sh prometheus.yml  your own targets
# Without a display it scrapes for 20 s and leaves a PNG, an HTML page and a capsule instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
caller=${OLDPWD:-$PWD}
. installer/packages.sh

install_missing "to build and run Fleetglass" "${build_packages[@]}" "${run_packages[@]}"

echo "Building Fleetglass (build/release) ..."
mkdir -p build
log=build/release.log
if ! { cmake --preset release -DBUILD_TESTING=OFF && cmake --build --preset release --target fleetglass; } >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "The build failed; the whole log is in $PWD/$log." >&2
  exit 1
fi
program=$PWD/build/release/fleetglass
cd "$caller"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$program" "$@"
fi
case "${1:-}" in
  check | scrape | record | query | snapshot | demo-fleet | --help | --version) exec "$program" "$@" ;;
esac
out=$(mktemp -d "${TMPDIR:-/tmp}/fleetglass.XXXXXX")
[ $# -gt 0 ] || set -- --demo
echo "No display: watching for 20 s and writing what the window would show."
exec "$program" snapshot "$@" --for 20s \
  --output "$out/fleetglass.png" --output "$out/fleetglass.html" --output "$out/fleetglass.fgsnap"
