#!/usr/bin/env bash
# Installs a JVM into the environment, unless there is one on the path that runs Apache Kafka (17 or newer).
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(java -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -n 1 || true)
if [ "${version:-0}" -lt 17 ]; then
    echo "No Java 17 on the path: installing one into .venv"
    "$1/uv" pip install --quiet --python "$1/python" --require-hashes -r requirements/java.lock
fi
