# The Debian 12 packages Fleetglass needs, and a function that installs what is missing.
# Sourced by installer/run.sh and tests/run.sh.

build_packages=(
  g++ cmake ninja-build pkg-config ccache mold      # to build
  qt6-base-dev qt6-svg-dev libqcustomplot-dev    # window and charts
  libgl-dev libvulkan-dev                           # what Qt's package files ask for
  qtkeychain-qt6-dev                                # secrets in the keyring
  libcurl4-openssl-dev libssl-dev                   # scraping over HTTP and TLS
  libc-ares-dev                                     # targets named by DNS records
  libyaml-cpp-dev nlohmann-json3-dev                # configuration and JSON
  libre2-dev libexpected-dev libsqlite3-dev         # patterns, errors as values, snapshots
  libcpp-httplib-dev                                # the demo fleet's server
  libzstd-dev                                       # the store on disk
)
run_packages=(
  qt6-qpa-plugins libqt6svg6                        # platform plugins, icons
  fonts-noto-core fonts-jetbrains-mono              # readable text where the system has no fonts
  libsecret-1-0                                     # how the keyring is reached
)
test_packages=(
  xvfb xauth                                        # real windows without a display
  prometheus prometheus-node-exporter prometheus-pushgateway nginx-light   # the real parts tests talk to
  dbus-daemon dbus-bin gnome-keyring                # a secret service of the tests' own
  openssl procps
)

# install_missing WHY package...: says what is missing and why, and installs it without asking.
install_missing() {
  local why=$1 missing=() package sudo=()
  shift
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing ${#missing[@]} Debian packages ($why): ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "Not root and no sudo: install them yourself with: apt-get install ${missing[*]}" >&2
      return 1
    }
    sudo=(sudo)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
    echo "Package lists could not be refreshed; trying with the ones at hand." >&2
  without_service_starts "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null || {
    echo "apt-get could not install: ${missing[*]}" >&2
    return 1
  }
}

# Debian starts a service when its package is installed; nobody asked for a Prometheus on port 9090.
without_service_starts() {
  local policy=/usr/sbin/policy-rc.d sudo=()
  [ "$(id -u)" -ne 0 ] && sudo=(sudo)
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
  local status=0
  "$@" || status=$?
  "${sudo[@]}" rm -f "$policy"
  return $status
}
