#!/usr/bin/env bash
# Installs what the tests need, builds with warnings as errors under ASan and UBSan, and runs every test
# under CTest. Arguments go to ctest: ./tests/run.sh -R promql
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installer/packages.sh

install_missing "to build and test Fleetglass" "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"

mkdir -p build
log=build/dev.log
echo "Building the tests (build/dev) ..."
if ! { cmake --preset dev && cmake --build --preset dev; } >"$log" 2>&1; then
  grep -nE 'error|FAILED' "$log" | head -n 40 >&2
  echo "The build failed; the whole log is in $PWD/$log." >&2
  exit 1
fi
exec ctest --preset dev -j "$(nproc)" --no-tests=error "$@"
