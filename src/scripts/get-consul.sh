#!/bin/sh
# get-consul.sh DIR: afterwards DIR/consul is a Consul that runs (Debian bullseye's package, 1.8.7).
#
# The package comes from whatever archives this machine's apt is configured with. Nothing is
# installed, no root is needed, and nothing outside DIR is written. Two runs at once do no harm:
# each works in a directory of its own and moves the finished binary into place.
set -eu

[ $# -eq 1 ] || { echo "usage: sh get-consul.sh DIR" >&2; exit 64; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)

if [ -x "$dir/consul" ] && "$dir/consul" version >/dev/null 2>&1; then
  exit 0
fi
for tool in apt-get dpkg; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "no $tool here: put a consul binary on the PATH, or name it in CONSUL_BIN" >&2
    exit 1
  }
done

work=$(mktemp -d "$dir/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/package"

# apt with its state below $work, and without the hooks that an installation may have added.
cat > "$work/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "$(id -un)";
APT::Update::Error-Mode "any";
Debug::NoLocking "true";
Dir::Cache "$work";
Dir::State::Lists "$work/lists";
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "-";
Dir::Etc::PreferencesParts "-";
CONF

# The archives are asked for this way because it also answers where the package lists are empty.
apt-get update --print-uris 2>>"$work/log" \
  | sed -n "s|^'\(.*\)/dists/.*|\1|p" | sort -u > "$work/archives.txt"

while read -r archive; do
  echo "deb $archive bullseye main" > "$work/sources.list"
  if apt-get -c "$work/apt.conf" -qq update >>"$work/log" 2>&1 </dev/null \
    && (cd "$work/package" \
      && apt-get -c "$work/apt.conf" -qq download consul >>"$work/log" 2>&1 </dev/null); then
    break
  fi
done < "$work/archives.txt"

set -- "$work"/package/consul_*.deb
[ -f "$1" ] || {
  echo "none of apt's archives has bullseye's consul:" >&2
  cat "$work/log" >&2
  exit 1
}
dpkg -x "$1" "$work/unpacked"
chmod 0755 "$work/unpacked/usr/bin/consul"
"$work/unpacked/usr/bin/consul" version >/dev/null
mv -f "$work/unpacked/usr/bin/consul" "$dir/consul"
