# shellcheck shell=sh
# search.sh - how long queries take, in one process. Sourced by bench.
# shellcheck disable=SC2154  # bench sets them

# A line each: name, file of queries, limit, how, what mean and p99 are aimed
# at, as a part of the reference's (or -).
cases() {
    cat <<END
or,10 words 10 any 0.22 0.22
or,100 words 100 any 0.3 -
or,1000 words 1000 any 0.3 -
and,10 words 10 all 0.17 -
phrase,10 phrases 10 any 0.3 0.3
phrase,found,10 found 10 any 0.3 0.3
count words 10 count 0.5 -
total,100 words 100 total 0.5 -
END
}

# In the order of round N another comes first.
turned() {
    n=$1
    shift
    while [ $((n % $#)) -ne 0 ]; do
        set -- "$@" "$1"
        shift
        n=$((n - 1))
    done
    echo "$@"
}

searching() {
    echo "ours ours+ $peers" | sed 's/lucene/lucene lucene+/'
}

# rounds CASE...: answers of each engine to these cases in
# out/search.CASE.ENGINE. Only what is judged is asked in each round: some of the
# others take minutes.
rounds() {
    wanted=" $* "
    rm -f "$set/out/search."*
    round=0
    engines=$(searching)
    while [ $round -lt "$ROUNDS" ]; do
        cases | while read -r name file limit how _; do
            case $wanted in
            *" $name "*) ;;
            *) continue ;;
            esac
            # shellcheck disable=SC2046,SC2086  # names
            for engine in $(turned $round $engines); do
                ask "$engine" "$set/queries/$file" "$limit" "$how" \
                    >>"$set/out/search.$name.$engine"
            done
        done
        round=$((round + 1))
        engines="ours ours+ $(reference)"
    done
}

# The medians of mean, p50 and CPU time in search.CASE.ENGINE and, between them,
# the smallest p99: where others use the machine, more than one query in a
# hundred waits for a core in most rounds. Then by how much the means of the
# rounds differ: (largest - smallest) / median, in percent.
medians() {
    f=$set/out/search.$1.$2
    {
        median 1 <"$f"
        median 2 <"$f"
        quantile 0 3 <"$f"
        median 4 <"$f"
    } | tr '\n' ' '
    awk -v m="$(median 1 <"$f")" '
        NR == 1 || $1 < low { low = $1 }
        $1 > high { high = $1 }
        END { print (high - low) / m * 100 }' "$f"
}

search_rows() { # CASE AIM-OF-MEAN AIM-OF-P99
    to=$(reference)
    base='0 0 0 0'
    [ -z "$to" ] || base=$(medians "$1" "$to")
    for engine in $(searching); do
        echo "$1 $engine $(medians "$1" "$engine") $base $2 $3"
    done | awk '{
            printf "%s %-16s %-8s %8.1f %8.1f %9.1f %8.1f %5.0f", $2, $1, $2, $3,
                $4, $5, $6, $7
            if ($8 > 0)
                printf " %7.3f %7.3f %7.3f %7.3f", $3 / $8, $4 / $9, $5 / $10,
                    $6 / $11
            print ""
        }' | while read -r engine row; do
        printf '%s' "$row"
        [ "$to" ] && [ "$engine" = ours+ ] && judged "$1" "$2" "$3" "$row"
        echo
    done
}

# judged CASE AIM-OF-MEAN AIM-OF-P99 ROW
judged() {
    mean=$(echo "$4" | awk '{ print $8 }')
    p99=$(echo "$4" | awk '{ print $10 }')
    [ "$2" = - ] || printf '  %s' "$(verdict "$1, mean beside $to" "$mean" "<= $2")"
    [ "$3" = - ] || printf ', p99 %s' \
        "$(verdict "$1, p99 beside $to" "$p99" "<= $3")"
}

part_search() {
    indexed
    # shellcheck disable=SC2046  # names
    rounds $(cases | cut -d' ' -f1)
    printf '\nqueries in one process, microseconds each; %d of words, %d phrases\n' \
        "$(wc -l <"$set/queries/words")" "$(wc -l <"$set/queries/phrases")"
    printf 'medians of %d rounds (p99: the smallest; ' "$ROUNDS"
    printf 'of engines not judged, one round); +-: how far means differ, %%\n'
    printf 'ours+: %d passes in a row, lucene+: after 30; ratios are to %s\n' \
        "$PASSES" "$(reference)"
    printf '%-16s %-8s %8s %8s %9s %8s %5s %7s %7s %7s %7s  %s\n' case engine \
        mean p50 p99 CPU '+-' mean p50 p99 CPU 'aimed at'
    cases | while read -r name _ _ _ mean p99; do
        search_rows "$name" "$mean" "$p99"
    done
}

# --- by kinds ---

# Medians of KIND_REPEAT times in a row: a line a query.
KIND_REPEAT=7

kinds_of() { # ENGINE
    if [ "$1" = ours ]; then
        while read -r text; do
            for _ in 1 2 3 4 5 6 7; do echo "$text"; done >"$set/out/same"
            ask_ours "$set/out/same" 10 any | cut -d' ' -f2
        done
    else
        warm=1
        [ "$1" != lucene ] || warm=30
        peer "$soon" "$1" search "$set/index/$1" 10 any $warm $KIND_REPEAT |
            sed '/^cpu/d; s/	.*//'
    fi
}

part_kinds() {
    indexed
    cut -f 2 "$set/queries/kinds" >"$set/queries/game"
    rm -f "$set/out/kinds."*
    for round in 1 2 3; do
        # shellcheck disable=SC2086  # names
        for engine in $(turned $round ours $peers); do
            kinds_of "$engine" <"$set/queries/game" \
                >"$set/out/kinds.$engine.$round"
        done
    done
    for engine in ours $peers; do
        paste "$set/out/kinds.$engine".[123] | awk '{
            a = $1 < $2 ? $1 : $2
            b = $1 < $2 ? $2 : $1
            print ($3 < a ? a : $3 > b ? b : $3) }' >"$set/out/kinds.$engine"
    done
    # shellcheck disable=SC2046  # names
    (cd "$set/out" && paste ../queries/kinds \
        $(for engine in ours $peers; do echo "kinds.$engine"; done)) \
        >"$set/out/kinds"
    printf '\nkinds of queries, top 10, microseconds: mean of the medians of '
    printf '%d in a row, 3 rounds; Lucene after 30 passes\n' $KIND_REPEAT
    awk -F '\t' -v engines="ours $peers" -v worst="$set/out/worst" \
        -v verdicts="$set/out/verdicts" -f "$here/kinds.awk" "$set/out/kinds"
    [ -z "$peers" ] || worst
}

# The worst 20, also in WORK/worst.md. The reasons are those of WORST.md.
worst() {
    file=$WORK/worst.md
    sort -t '	' -k 1,1nr "$set/out/worst" | head -20 | awk -F '\t' '
        BEGIN { print "| times the fastest | query | kind | ours | fastest | " \
                      "which | why |"
                print "| ---: | --- | --- | ---: | ---: | --- | --- |" }
        FILENAME == ARGV[1] { n = split($0, f, " *[|] *"); why[f[3]] = f[8]
                              next }
        { printf "| %.2f | %s | %s | %.1f | %.1f | %s | %s |\n", $1, $2, $3, $4,
              $5, $6, ($2 in why ? why[$2] : "not looked at yet") }' \
        "$here/WORST.md" - >"$file"
    printf '\nour worst, beside the fastest of the others (%s)\n' "$file"
    cat "$file"
}
