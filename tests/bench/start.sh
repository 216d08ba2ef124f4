# shellcheck shell=sh
# start.sh - one query in a process of its own, and growth. Sourced by bench.
# shellcheck disable=SC2154,SC2086  # bench sets them; words to be split

# The file that queries read.
data_file() {
    find "$set/index/ours" -name 'index-*.mdb'
}

# start_row NAME RUNS AIM COMMAND...: milliseconds; AIM is for what is above an
# empty process.
start_row() {
    name=$1 runs=$2 aim=$3
    shift 3
    $soon "$tools/oneshot" $cold "$runs" "$tools/empty" \
        "$set/queries/words" "$@" | awk '{ print $0, $2 - $1 }' \
        >"$set/out/start"
    for column in 1 2 6 3 4 5; do
        median $column <"$set/out/start"
    done | tr '\n' ' ' | awk -v name="$name" -v runs="$runs" -v aim="$aim" \
        -v p95="$(quantile 0.95 2 <"$set/out/start")" '{
            printf "%-22s %5d %9.2f %9.2f %9.2f %9.2f %7d %6d", name, runs,
                $1 / 1e3, $2 / 1e3, p95 / 1e3, $3 / 1e3, $4, $5
            printf " %7s", $6 ? $6 : "-"
            if (aim != "-")
                printf "  <= %s %s", aim, ($3 / 1e3 <= aim ? "PASS" : "miss")
            print "" }'
}

start_table() { # AIM, milliseconds
    printf '\none query in a process of its own, ms: empty process, wall, and '
    printf 'medians of the difference; page faults; pages in the cache\n'
    printf '%-22s %5s %9s %9s %9s %9s %7s %6s %7s  %s\n' query runs empty p50 \
        p95 above minor major pages 'aimed at'
    cold=
    start_row ours "$RUNS" "$1" "$query" -d "$set/index/ours"
    start_row ours,trec "$RUNS" "$1" "$query" -d "$set/index/ours" \
        --format=trec
    for name in $peers; do
        case $name in
        lucene) start_row lucene 10 - "$(command -v java)" -XX:+UseSerialGC \
            -cp "$WORK/peers:$jars" Lucene search "$set/index/lucene" 10 any 0 1 ;;
        *) start_row "$name" $((RUNS / 4)) - "$WORK/peers/$name" search \
            "$set/index/$name" 10 any 0 1 ;;
        esac
    done
    cold="-c $(data_file)"
    start_row ours,cold $((RUNS / 4)) - "$query" -d "$set/index/ours"
    start_row ours,trec,cold $((RUNS / 4)) - "$query" -d "$set/index/ours" \
        --format=trec
}

part_start() {
    indexed
    start_table 0.7
}

# --- growth ---

growth_row() { # ENGINE
    for case in or,10 and,10 phrase,found,10 count; do
        medians "$case" "$1" | awk '{ printf "%s %s ", $1, $3 }'
    done
}

# Each size: building, answers of all engines, one-shot of ours.
part_growth() {
    all=$WORK/growth
    : >"$all"
    for size in $SIZES; do
        echo
        set_made "$size"
        rm -f "$set/out/build."*
        for engine in ours $peers; do
            build_one "$engine" "$set/out/build.$engine"
        done
        rounds
        for engine in $(searching); do
            echo "$size $engine $bytes $(built "${engine%+}")" \
                "$(megabytes "$set/index/${engine%+}") $(growth_row "$engine")" \
                >>"$all"
        done
        part_size
        start_table "$(awk -v n="$size" 'BEGIN {
            print n <= 300000 ? 0.7 : 2 }')"
    done
    growth_table "$all"
}

growth_table() {
    printf '\ngrowth, made-up articles; microseconds, mean / p99\n'
    printf '%9s %-8s %8s %6s %17s %17s %17s %17s\n' documents engine \
        'MB/CPU s' '% text' or,10 and,10 phrase,found,10 count
    awk '{
        printf "%9d %-8s %8.1f %6.1f", $1, $2, $3 / 1e6 / $5, $8 / $3 * 1e8
        for (i = 9; i < 17; i += 2)
            printf " %7.1f / %7.1f", $i, $(i + 1)
        print "" }' "$1"
}
