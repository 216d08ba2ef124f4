# shellcheck shell=sh
# start.sh - one query in a process of its own, and growth. Sourced by bench.
# shellcheck disable=SC2154,SC2086  # bench sets them; words to be split

# The file that queries read.
data_file() {
    find "$set/index/ours" -name 'index-*.mdb'
}

# start_row NAME RUNS AIM COMMAND...: milliseconds; AIM: a multiple of what an
# empty process takes (x2), or milliseconds above it (+2), or -. Adds name, p50,
# what is above an empty process and pages to out/started.
start_row() {
    name=$1 runs=$2 aim=$3
    shift 3
    $soon "$tools/oneshot" $cold "$runs" "$tools/empty" \
        "$set/queries/${asked:-words}" "$@" | awk '{ print $0, $2 - $1 }' \
        >"$set/out/start"
    for column in 1 2 6 3 4 5; do
        median $column <"$set/out/start"
    done | tr '\n' ' ' >"$set/out/row"
    awk -v name="$name" -v runs="$runs" -v to="$set/out/started" \
        -v p95="$(quantile 0.95 2 <"$set/out/start")" '{
            printf "%-22s %5d %9.2f %9.2f %9.2f %9.2f %7d %6d %7s", name, runs,
                $1 / 1e3, $2 / 1e3, p95 / 1e3, $3 / 1e3, $4, $5, $6 ? $6 : "-"
            print name, $2 / 1e3, $3 / 1e3, $6 >>to }' "$set/out/row"
    what="$name in a process of its own, $documents documents"
    case $aim in
    x*) printf '  p50/empty %s' "$(verdict "$what, x an empty one" \
        "$(awk '{ print $2 / $1 }' "$set/out/row")" "<= ${aim#x}")" ;;
    +*) printf '  above %s' "$(verdict "$what, ms above an empty one" \
        "$(awk '{ print $3 / 1e3 }' "$set/out/row")" "<= ${aim#+}")" ;;
    esac
    echo
}

start_table() { # AIM PEER...
    aimed=$1
    shift
    printf '\none query in a process of its own, ms: empty process, wall, and '
    printf 'medians of the difference; page faults;\n'
    printf 'cold: none of the index in memory before; pages: of it, read\n'
    printf '%-22s %5s %9s %9s %9s %9s %7s %6s %7s  %s\n' query runs empty p50 \
        p95 above minor major pages 'aimed at'
    cold=
    : >"$set/out/started"
    start_row ours "$RUNS" "$aimed" "$query" -d "$set/index/ours"
    start_row ours,trec "$RUNS" "$aimed" "$query" -d "$set/index/ours" \
        --format=trec
    for peer; do
        case $peer in
        lucene) start_row lucene 10 - "$(command -v java)" -XX:+UseSerialGC \
            -cp "$WORK/peers:$jars" Lucene search "$set/index/lucene" 10 any 0 1 ;;
        *) start_row "$peer" $((RUNS / 4)) - "$WORK/peers/$peer" search \
            "$set/index/$peer" 10 any 0 1 ;;
        esac
    done
    cold="-c $(data_file)"
    start_row ours,cold $((RUNS / 4)) - "$query" -d "$set/index/ours"
    start_row ours,trec,cold $((RUNS / 4)) - "$query" -d "$set/index/ours" \
        --format=trec
    asked=found
    start_row ours,phrase,cold $((RUNS / 4)) - "$query" -d "$set/index/ours" \
        --format=trec
    asked=words
}

part_start() {
    indexed
    # shellcheck disable=SC2086  # names
    start_table x2 $peers
}

# --- many in one process, with several workers ---

part_batch() {
    indexed
    for _ in 1 2 3 4; do cat "$set/queries/words"; done >"$set/out/four"
    rm -f "$set/out/batch."*
    round=0
    while [ $round -lt "$ROUNDS" ]; do
        for jobs in 1 2; do
            # shellcheck disable=SC2086  # words
            $soon "$tools/measure" "$set/out/batch.$jobs" "$query" --batch \
                -d "$set/index/ours" -j $jobs <"$set/out/four" >/dev/null
        done
        round=$((round + 1))
    done
    printf '\nquery --batch, %d requests, medians of %d\n' \
        "$(wc -l <"$set/out/four")" "$ROUNDS"
    printf '%-22s %9s %9s %9s  %s\n' processes 'wall s' 'CPU s' speed 'aimed at'
    for jobs in 1 2; do
        echo "$jobs $(median 1 <"$set/out/batch.$jobs")" \
            "$(median 2 <"$set/out/batch.$jobs")"
    done | awk 'NR == 1 { one = $2 }
        { printf "%d %.3f %.3f %.2f\n", $1, $2, $3, one / $2 }' \
        >"$set/out/batch"
    while read -r jobs wall cpu speed; do
        printf '%-22s %9s %9s %9s' "batch,-j$jobs" "$wall" "$cpu" "$speed"
        [ "$jobs" = 1 ] || printf '  %s' \
            "$(verdict '--batch -j 2, speed beside one process' "$speed" '>= 1.8')"
        echo
    done <"$set/out/batch"
}

# --- growth ---

# What is asked: all of it for some of the others would take an hour.
growth_cases='or,10 and,10 phrase,found,10 count'

# Microseconds of a query, mean and p99; "-" where nothing was asked.
growth_queries() { # ENGINE
    for case in $growth_cases; do
        medians "$case" "$1" | awk '{ printf "%s %s ", $1, $3 }'
    done
}

# Wall and CPU milliseconds of a run that adds one article to ours.
growth_added() {
    rm -f "$set/out/new."*
    i=1
    while [ $i -le 10 ]; do
        "$tools/articles" 1 0 $((9000000 + i)) >"$set/out/new.$i"
        i=$((i + 1))
    done
    $soon "$tools/timed" 10 "$indexer" -q -d "$set/index/ours" --input=jsonl \
        "$set/out/new.{}" >"$set/out/added"
    median 1 <"$set/out/added"
    median 2 <"$set/out/added"
}

# growth_row ENGINE: what growth_table reads.
growth_row() {
    name=${1%+}
    added='- -'
    [ "$name" != ours ] || added=$(growth_added | tr '\n' ' ')
    echo "$size $1 $documents $bytes $(built "$name")" \
        "$(megabytes "$set/index/$name") $added $(growth_queries "$1")" \
        "$(awk -v name="$name" '$1 == name { print $2, $3 }' \
            "$set/out/started")"
}

# Each size: building, answers, a process of its own, one more article.
part_growth() {
    all=$WORK/growth
    every=$peers
    : >"$all"
    for size in $SIZES; do
        echo
        # Xapian takes minutes to build what is large
        peers=$every
        [ "$size" -le 300000 ] ||
            peers=$(echo "$every" | sed 's/xapian//; s/  / /g; s/^ //; s/ $//')
        drawn=100
        set_made "$size"
        rm -f "$set/out/build."*
        for engine in ours $peers; do
            build_one "$engine" "$set/out/build.$engine"
        done
        rounds $growth_cases
        part_size
        aimed=x2
        [ "$size" -le 300000 ] || aimed=+2
        start_table "$aimed" $peers
        for engine in $(readme_engines); do
            growth_row "$engine" >>"$all"
        done
    done
    peers=$every
    growth_table "$all"
}

# From a line of growth_row to columns, each with its growth for ten times as
# many documents: of the largest size beside the smallest.
growth_table() {
    printf '\ngrowth, made-up articles; build and add: of one article; x10: '
    printf 'growth for ten times as many articles, on average\n'
    printf '%9s %-8s %9s %8s %8s %7s %17s %17s %17s %17s %8s %8s\n' documents \
        engine 'build us' 'add ms' 'add CPU' '% text' or,10 and,10 \
        phrase,found,10 count 'process' 'above'
    awk '
        function times(from, to, tens) {
            if (from <= 0 || to <= 0)
                return "-"
            return sprintf("x%.2f", exp(log(to / from) / tens))
        }
        function row(x, i) {
            printf " %9s %8s %8s %7s", x[1], x[2], x[3], x[4]
            for (i = 5; i < 13; i += 2)
                printf " %7s / %7s", x[i], x[i + 1]
            printf " %8s %8s\n", x[13], x[14]
        }
        {
            x[1] = sprintf("%.1f", $6 / $3 * 1e6)
            x[2] = $10 == "-" ? "-" : sprintf("%.2f", $10)
            x[3] = $11 == "-" ? "-" : sprintf("%.2f", $11)
            x[4] = sprintf("%.1f", $9 / $4 * 1e8)
            for (i = 5; i < 15; i++)
                x[i] = sprintf(i < 13 ? "%.1f" : "%.2f", $(i + 7))
            printf "%9d %-8s", $1, $2
            row(x)
            for (i = 1; i < 15; i++) {
                if (!(($2, i) in first))
                    first[$2, i] = x[i]
                last[$2, i] = x[i]
            }
            if (!($2 in from)) {
                from[$2] = $1
                order[++n] = $2
            }
            to[$2] = $1
        }
        END {
            for (k = 1; k <= n; k++) {
                e = order[k]
                if (to[e] == from[e])
                    continue
                tens = log(to[e] / from[e]) / log(10)
                for (i = 1; i < 15; i++)
                    x[i] = times(first[e, i], last[e, i], tens)
                printf "%9s %-8s", "x10", e
                row(x)
            }
        }' "$1"
}
