#!/bin/sh
# postgres.sh - the relay history's lookups in PostgreSQL, for comparison.
#
#   postgres.sh BENCH_HISTORY [LOOKUPS]
#
# Makes the 4 million intervals of bench_history, asks it for its own time, and
# puts the same rows into a PostgreSQL of its own (a temporary cluster, nothing
# of the system's is touched), twice: into a table with a btree on (ip,
# valid_from), as ExoneraTor has, and into one with a GiST on (address as a
# number, period). Both indexes hold all that is asked for, so that the table
# itself need not be read, and everything stays in memory.
#
# Each is asked the same questions in two ways:
#
# - in one statement for all, a nested loop of index scans inside the server:
#   what the index itself costs, without parsing, planning or a client. Its
#   plan is printed, with the pages it looked at.
# - a prepared statement a lookup over the local socket (pgbench, one
#   connection): what an application would wait for. Beside it a statement
#   that only fetches the question: the floor that any question costs.
#
# The ratios are to bench_history's "who was it" in the same run. An application
# that maps the history calls a function, so the second ratio compares what
# either would wait for, the first one data structure with the other.
#
# The address is a number in the GiST because its own class for inet keeps
# prefixes, which scattered addresses share: with it a lookup read 101 pages
# among half a million rows, and took 3.3 ms among 4 million. Exit status 77
# without PostgreSQL (apt-get install postgresql).
set -eu
bench=$1
lookups=${2:-20000}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ] || ! command -v pgbench >/dev/null; then
    [ -n "$bin" ] && [ -x "$bin/pgbench" ] || {
        echo "PostgreSQL is absent (apt-get install postgresql): skipped"
        exit 77
    }
fi
dir=$(mktemp -d /tmp/history-pg-XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    chown postgres "$dir"
    chmod 755 "$dir"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
trap '$as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1;
      rm -rf "$dir"' EXIT
cd "$dir"

"$bench" rows "$dir/rows" "$dir/questions" | tee "$dir/ours"
ours=$(awk '/who was it/ { print $(NF - 1) }' "$dir/ours")
$as "$bin/initdb" -D "$dir/data" -A trust >/dev/null
$as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -h '' \
    -c shared_buffers=1GB -c fsync=off -c jit=off -c work_mem=64MB \
    -c maintenance_work_mem=1GB -c max_wal_size=4GB \
    -c max_parallel_workers_per_gather=0 -c enable_seqscan=off \
    -c enable_hashjoin=off -c enable_mergejoin=off -c enable_memoize=off" start \
    >/dev/null
sql() {
    $as "$bin/psql" -h "$dir" -d postgres -qAtX -v ON_ERROR_STOP=1 "$@"
}

sql <<SQL
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_prewarm;
CREATE UNLOGGED TABLE b (ip inet, valid_from timestamptz, valid_to timestamptz,
                         relay int);
CREATE UNLOGGED TABLE q (n serial PRIMARY KEY, ip inet, t timestamptz,
    address bigint GENERATED ALWAYS AS (ip - '0.0.0.0'::inet) STORED);
\copy b FROM '$dir/rows'
\copy q(ip, t) FROM '$dir/questions'
CREATE UNLOGGED TABLE g AS SELECT ip - '0.0.0.0'::inet AS address,
    tstzrange(valid_from, valid_to, '[]') AS period, relay FROM b;
CREATE INDEX b_btree ON b (ip, valid_from) INCLUDE (valid_to, relay);
CREATE INDEX g_gist ON g USING gist (address, period) INCLUDE (relay);
VACUUM ANALYZE;
SELECT pg_prewarm('b_btree') + pg_prewarm('g_gist') AS pages \gset
SQL
sql -c "SELECT 'PostgreSQL ' || current_setting('server_version') || ': ' ||
    count(*) || ' rows, btree ' || pg_size_pretty(pg_relation_size('b_btree'))
    || ', GiST ' || pg_size_pretty(pg_relation_size('g_gist')) FROM b"

btree="JOIN b ON b.ip = q.ip AND b.valid_from <= q.t AND b.valid_to >= q.t"
GiST="JOIN g ON g.address = q.address AND g.period @> q.t"

tell() { # what, microseconds
    awk -v what="$1" -v us="$2" -v ours="$ours" 'BEGIN {
        printf "%s: %.1f us, %.0f times ours\n", what, us, us * 1000 / ours }'
}

for kind in btree GiST; do
    eval "join=\$$kind"
    # The second time everything is in memory.
    for run in 1 2; do
        sql -c "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, COSTS OFF)
            SELECT relay FROM (SELECT * FROM q WHERE n <= $lookups) q $join" \
            >"$dir/plan"
    done
    echo "-- $kind"
    cat "$dir/plan"
    tell "$kind, inside the server" "$(awk -v n="$lookups" \
        '/Execution Time/ { print $3 * 1000 / n }' "$dir/plan")"
done

# The same questions over the socket.
over_socket() { # what, statement
    {
        echo "\\set n random(1, $lookups)"
        echo "$2;"
    } >"$dir/ask.sql"
    tell "$1, a prepared statement over the socket" "$("$bin/pgbench" \
        -h "$dir" -U "$($as id -un)" -n -M prepared -f "$dir/ask.sql" -T 5 \
        postgres 2>/dev/null | awk '/latency average/ { print $4 * 1000 }')"
}
over_socket "the question alone" "SELECT ip, t FROM q WHERE n = :n"
over_socket btree "SELECT relay FROM q $btree WHERE n = :n"
over_socket GiST "SELECT relay FROM q $GiST WHERE n = :n"
