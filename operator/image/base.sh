#!/usr/bin/env bash
# Builds base-image.tar in this directory, the base of the container image: Debian packages of a Java 25
# runtime, qemu-img, bubblewrap and CA certificates, with their dependencies. Needs no registry and no Docker.
# qemu-img runs in a sandbox: of bubblewrap, or of Landlock, which setpriv (util-linux 2.41) sets where a Pod
# may not make namespaces.
#
# Requires Debian or a derivative with mmdebstrap, and root or unprivileged user namespaces. The build is
# reproducible for the same packages; a later build includes new security updates of Debian.
#
#   operator/image/base.sh [SUITE [MIRROR]]
set -euo pipefail
cd "$(dirname "$0")"

suite=${1:-trixie}
mirror=${2:-} # empty: the default of mmdebstrap, including security updates
packages=openjdk-25-jre-headless,qemu-utils,bubblewrap,ca-certificates
architecture=$(dpkg --print-architecture)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Newer files get this timestamp, so that the build is reproducible.
export SOURCE_DATE_EPOCH=1763769600
# Java's CA keystore contains dates and salts. Rewriting it without them makes it reproducible.
undated='chroot "$1" keytool -importkeystore -noprompt -srcstorepass changeit -deststorepass changeit \
  -srckeystore /etc/ssl/certs/java/cacerts -destkeystore /tmp/cacerts -deststoretype pkcs12 \
  -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE 2>/dev/null &&
  mv "$1/tmp/cacerts" "$1/etc/ssl/certs/java/cacerts" && chmod 644 "$1/etc/ssl/certs/java/cacerts"'
mmdebstrap --quiet --variant=essential --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --customize-hook="$undated" \
  --customize-hook='rm -f "$1"/usr/lib/jvm/*/lib/server/classes_*.jsa' \
  --customize-hook='rm -f "$1"/var/log/*.log "$1"/var/log/apt/* "$1"/var/cache/ldconfig/aux-cache' \
  --customize-hook='rm -f "$1"/etc/hostname "$1"/etc/resolv.conf' \
  "$suite" "$work/layer.tar" ${mirror:+"$mirror"}

digest=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config.json" <<JSON
{
  "architecture": "$architecture",
  "os": "linux",
  "created": "2025-11-22T00:00:00Z",
  "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"]},
  "rootfs": {"type": "layers", "diff_ids": ["sha256:$digest"]},
  "history": [{"created": "2025-11-22T00:00:00Z", "created_by": "Debian $suite: $packages"}]
}
JSON
echo '[{"Config": "config.json", "RepoTags": null, "Layers": ["layer.tar"]}]' >"$work/manifest.json"
tar --create --file="$work/image.tar" --directory="$work" --sort=name --mtime=@0 \
  --owner=0 --group=0 --numeric-owner config.json layer.tar manifest.json
mv "$work/image.tar" base-image.tar
echo "operator/image/base-image.tar: layer sha256:$digest"
