# Sourced by a benchmark: starts a PostgreSQL of its own that really writes to disk, as $PG, and stops it at the end.
# Uses QINGKONG_BENCH_PG instead when that names a server.
if [ -n "${QINGKONG_BENCH_PG:-}" ]; then
  PG=$QINGKONG_BENCH_PG
else
  programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  cluster=$(mktemp -d /tmp/qingkong-bench-pg-XXXXXX)
  port=${BENCH_PG_PORT:-55990}
  as=()
  # PostgreSQL refuses to run as root.
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$cluster"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  in_cluster() { (cd "$cluster" && "${as[@]}" "$programs/$@") >"$cluster.log" 2>&1; }
  trap 'in_cluster pg_ctl -D "$cluster/data" stop -m fast || true; rm -rf "$cluster" "$cluster.log"' EXIT
  in_cluster initdb -D "$cluster/data" -U postgres -A trust -E UTF8 --locale=C
  in_cluster pg_ctl -D "$cluster/data" start -w -o "-p $port -k $cluster -c listen_addresses=127.0.0.1 -c shared_buffers=512MB"
  PG=postgres://postgres@127.0.0.1:$port/postgres
fi
