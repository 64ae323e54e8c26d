#!/bin/sh
# `make lab-deps`: installs the programs that the lab and the tests with real routers run. Where it cannot, it says
# what is missing and why, and fails.
set -eu
PATH=$PATH:/usr/sbin:/sbin
packages=
for pair in ip:iproute2 nft:nftables ping:iputils-ping unshare:util-linux setpriv:util-linux; do
  command -v "${pair%%:*}" >/dev/null || case " $packages " in
    *" ${pair#*:} "*) ;;
    *) packages="$packages ${pair#*:}" ;;
  esac
done
if [ -z "$packages" ]; then
  echo 'Nothing to install: ip, nft, ping, unshare and setpriv are here.'
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Missing here:$packages. There is no apt-get; install them with this system's own package manager." >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "Missing here:$packages. Installing takes root: sudo make lab-deps" >&2
  exit 1
fi
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages
echo "Installed:$packages."
