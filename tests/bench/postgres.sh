#!/bin/sh
# postgres.sh - the relay history's lookups in PostgreSQL, for comparison.
#
#   postgres.sh BENCH_HISTORY [LOOKUPS]
#
# Makes the 4 million intervals of bench_history, asks it for its own time, and
# puts the same rows into a PostgreSQL of its own (a temporary cluster, nothing
# of the system's is touched): a btree on (ip, valid_from), as ExoneraTor has,
# and a GiST on (ip, period). Each is asked the same questions in two ways: as
# an application would, a prepared statement a lookup over the local socket
# (pgbench, one connection), and without any of that, in a loop inside the
# server. Exit status 77 without PostgreSQL.
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

"$bench" rows "$dir/rows" "$dir/questions"
$as "$bin/initdb" -D "$dir/data" -A trust >/dev/null
$as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -h '' \
    -c shared_buffers=1GB -c fsync=off -c jit=off -c work_mem=64MB \
    -c maintenance_work_mem=1GB -c max_wal_size=4GB" start >/dev/null
sql() {
    $as "$bin/psql" -h "$dir" -d postgres -qAtX -v ON_ERROR_STOP=1 "$@"
}

sql <<SQL
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE UNLOGGED TABLE i (ip inet, valid_from timestamptz, valid_to timestamptz,
                         relay int, period tstzrange GENERATED ALWAYS AS
                         (tstzrange(valid_from, valid_to, '[]')) STORED);
CREATE UNLOGGED TABLE q (n serial PRIMARY KEY, ip inet, t timestamptz);
\copy i(ip, valid_from, valid_to, relay) FROM '$dir/rows'
\copy q(ip, t) FROM '$dir/questions'
CREATE INDEX i_btree ON i (ip, valid_from);
CREATE INDEX i_gist ON i USING gist (ip inet_ops, period);
VACUUM ANALYZE;
SQL
sql -c "SELECT 'PostgreSQL ' || current_setting('server_version') || ': ' ||
    count(*) || ' rows, btree ' || pg_size_pretty(pg_relation_size('i_btree'))
    || ', GiST ' || pg_size_pretty(pg_relation_size('i_gist')) FROM i"

btree="i.ip = a AND i.valid_from <= b AND i.valid_to >= b"
gist="i.ip && a AND i.period @> b"
ask() { # name, condition, index to do without
    sql <<SQL
SELECT pg_prewarm('i'), pg_prewarm('$4') \gset
SQL
    printf "SELECT ip AS a, t AS b FROM q WHERE n = :n \\\\gset\n" >/dev/null
    sql <<SQL
BEGIN;
DROP INDEX $3;
DO \$\$
DECLARE started timestamptz; found bigint := 0; hits bigint; a inet;
        b timestamptz; spent interval := '0'; ips inet[]; ts timestamptz[];
BEGIN
    SELECT array_agg(ip ORDER BY n), array_agg(t ORDER BY n) INTO ips, ts
        FROM q WHERE n <= $lookups;
    FOR k IN 1 .. 2 LOOP
        found := 0;
        started := clock_timestamp();
        FOR n IN 1 .. $lookups LOOP
            a := ips[n]; b := ts[n];
            SELECT count(relay) INTO hits FROM i WHERE $2;
            found := found + hits;
        END LOOP;
        spent := clock_timestamp() - started;
    END LOOP;
    RAISE NOTICE '$1, in a loop inside the server: % us (% rows)',
        round(extract(epoch FROM spent) * 1e6 / $lookups, 2), found;
END \$\$;
ROLLBACK;
SQL
}
sql -c "CREATE EXTENSION IF NOT EXISTS pg_prewarm"
ask "btree" "$btree" i_gist i_btree
ask "GiST" "$gist" i_btree i_gist

# The client reads nothing but its own arguments: random questions of the table
# would cost a second query, so the addresses are made up as bench_history
# makes half of its own.
for kind in btree gist; do
    eval "condition=\$$kind"
    condition=$(echo "$condition" |
        sed "s/ a AND/ ('0.0.0.0'::inet + :r) AND/
             s/ b AND/ to_timestamp(:t) AND/; s/ b\$/ to_timestamp(:t)/")
    {
        echo '\set r random(0, 4294967295)'
        echo '\set t random(1193443200, 1769443200)'
        echo "SELECT relay FROM i WHERE $condition;"
    } >"$dir/$kind.sql"
    other=i_gist
    [ $kind = gist ] && other=i_btree
    sql -c "UPDATE pg_index SET indisvalid = (indexrelid <> '$other'::regclass)
        WHERE indexrelid IN ('i_gist'::regclass, 'i_btree'::regclass)"
    "$bin/pgbench" -h "$dir" -U "$($as id -un)" -n -M prepared -f \
        "$dir/$kind.sql" -T 5 postgres 2>/dev/null |
        awk -v kind="$kind" '/latency average/ {
            printf "%s, a prepared statement over the socket: %.1f us\n",
                kind, $4 * 1000 }'
done
