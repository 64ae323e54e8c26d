#!/bin/sh
# `make lab-deps` and `make browser-deps`: installs the Debian packages of the programs that are named as
# program:package, as far as they are missing. Where it cannot, it says what is missing and why, and fails.
set -eu
PATH=$PATH:/usr/sbin:/sbin
packages=
programs=
for pair in "$@"; do
  programs="$programs ${pair%%:*}"
  command -v "${pair%%:*}" >/dev/null || case " $packages " in
    *" ${pair#*:} "*) ;;
    *) packages="$packages ${pair#*:}" ;;
  esac
done
if [ -z "$packages" ]; then
  echo "Nothing to install, all here:$programs."
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Missing here:$packages. There is no apt-get; install them with this system's own package manager." >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "Missing here:$packages. Installing takes root: sudo apt-get install$packages" >&2
  exit 1
fi
# Some packages bring a server that would start, now and at every boot. Only the program is wanted.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
for package in $packages; do
  for file in $(dpkg -L "$package" | grep -E '^(/usr)?/lib/systemd/system/[^/@]*\.service$|^/etc/init\.d/[^/]*$'); do
    service=$(basename "$file" .service)
    # Where systemd does not run there is nothing that would start it.
    if command -v systemctl >/dev/null; then systemctl --quiet disable "$service" 2>/dev/null || true; fi
  done
done
echo "Installed:$packages."
