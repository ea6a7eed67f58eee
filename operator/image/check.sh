#!/usr/bin/env bash
# Checks the container image after base.sh: two builds have the same digest, and the program runs as an
# unprivileged user, on a read-only file system and without capabilities.
#
# Requires Maven. The checks in a container require podman and root, and are skipped without podman.
set -euo pipefail
cd "$(dirname "$0")/../.."

build() {
  mvn --batch-mode --no-transfer-progress --quiet -Pimage -pl operator -am -DskipTests clean package >&2
  cat operator/target/darkroom-image.digest
}

first=$(build)
second=$(build)
if [ "$first" != "$second" ]; then
  echo "FAILED: two builds have different digests: $first, $second"
  exit 1
fi
echo "ok: two builds have the same digest: $first"

if ! command -v podman >/dev/null; then
  echo "skipped: podman is not installed"
  exit 0
fi
runtime=${RUNTIME:-runc}
image=$(podman load --quiet --input operator/target/darkroom-image.tar | sed 's/^Loaded image: //')
trap 'podman rmi --force "$image" >/dev/null' EXIT

# As in the chart: only /tmp is writable.
inside() {
  podman --runtime "$runtime" run --rm --network none --read-only --read-only-tmpfs=false \
    --tmpfs /tmp:rw,exec,size=64m --cap-drop all --security-opt no-new-privileges \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@"
}
expect() { # what, pattern, command...
  local what=$1 pattern=$2 output
  shift 2
  output=$(inside "$@" 2>&1) || true
  if ! grep -qE "$pattern" <<<"$output"; then
    echo "FAILED: $what: $output"
    exit 1
  fi
  echo "ok: $what: $(grep -E -m1 "$pattern" <<<"$output")"
}

expect "the program" '^darkroom [0-9].*, Java 25' "$image" --version
expect "an unprivileged user" '^uid=65532[^ ]* gid=65532' --entrypoint id "$image"
expect "no capabilities" '^CapEff:[[:space:]]0+$' --entrypoint grep "$image" CapEff /proc/self/status
expect "a read-only file system" 'Read-only file system' --entrypoint touch "$image" /etc/darkroom
expect "qemu-img" '^qemu-img version' --entrypoint qemu-img "$image" --version
expect "CA certificates" '^-----BEGIN' --entrypoint head "$image" -1 /etc/ssl/certs/ca-certificates.crt
expect "the SBOM" '"bomFormat"' --entrypoint cat "$image" /usr/share/darkroom/darkroom-sbom.json
expect "an error message without a cluster" '^darkroom: No answer from the API server' \
  --env KUBERNETES_SERVICE_HOST=127.0.0.1 --env KUBERNETES_SERVICE_PORT=1 "$image"
