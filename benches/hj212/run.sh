#!/usr/bin/env bash
# Frames a second on one core, beside a plain splitter into owned texts in the same run.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo bench -p qingkong-hj212 --bench decode
