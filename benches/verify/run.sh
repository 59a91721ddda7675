#!/usr/bin/env bash
# Verdicts on 200 simulated plants against what the simulator did: confusion matrices and certainty.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo run --release -p qingkong-verify --example fleet -- "$@"
