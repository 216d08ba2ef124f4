# shellcheck shell=sh
# build.sh - what building an index costs, and what is in it. Sourced by bench.
# shellcheck disable=SC2154,SC2086  # bench sets them; words to be split

# build_one HOW FILE: appends wall and CPU seconds and megabytes of memory to
# FILE. The index replaces the one that is there; ours are made of lines of
# JSON, or (tree) of files, with or without the text (-text).
build_one() {
    new=$set/index/new
    rm -rf "$new"
    mkdir -p "$new"
    case $1 in
    ours) set -- "$1" "$2" --input=jsonl "$set/docs.jsonl" ;;
    ours-text) set -- "$1" "$2" --no-text --input=jsonl "$set/docs.jsonl" ;;
    tree) set -- "$1" "$2" "$set/tree" ;;
    tree-text) set -- "$1" "$2" --no-text "$set/tree" ;;
    esac
    how=$1 file=$2
    shift 2
    if [ $# -gt 0 ]; then
        "$tools/measure" "$file" "$indexer" -q -d "$new" "$@"
    else
        peer "$tools/measure $file" "$how" index "$new" <"$set/docs.raw" \
            >"$set/out/said"
    fi
    rm -rf "${set:?}/index/$how"
    mv "$new" "$set/index/$how"
}

# Megabytes of a folder.
megabytes() {
    du -s --block-size=1 "$1" | awk '{ printf "%.1f", $1 / 1e6 }'
}

# built HOW: medians of wall, CPU, resident and anonymous memory.
built() {
    for column in 1 2 3 4; do
        median $column <"$set/out/build.$1"
    done | tr '\n' ' '
}

build_row() { # HOW WHAT SQLITE'S-MB-PER-CPU-SECOND
    echo "$2 $bytes $(built "$1") $(megabytes "$set/index/$1") $3" |
        awk '{
            mb = $2 / 1e6
            printf "%-22s %7.1f %7.1f %7.1f %9.1f %7.0f %7.0f %8.1f %6.1f", $1,
                $3, $4, mb / $3, mb / $4, $5, $6, $7, $7 / mb * 100
            if ($8)
                printf " %6.2f", mb / $4 / $8
            print "" }' >"$set/out/row"
    awk '{ printf "%.0f %.0f\n", $5, $9 }' "$set/out/row" >"$set/out/readme.$1"
    tr -d '\n' <"$set/out/row"
    # shellcheck disable=SC2034  # read by name
    read -r _ _ _ mb_wall mb_cpu _ _ _ _ ratio <"$set/out/row"
    case $2 in
    ours,files)
        printf '  MB/CPU s %s' \
            "$(verdict "$2, MB a CPU second" "$mb_cpu" '>= 55')"
        printf '  MB/s %s' "$(verdict "$2, MB a second" "$mb_wall" '>= 100')"
        ;;
    ours,files,no-text)
        printf '  MB/CPU s %s' \
            "$(verdict "$2, MB a CPU second" "$mb_cpu" '>= 80')"
        ;;
    esac
    case $2 in
    ours*) [ -z "$ratio" ] || printf '  ratio %s' \
        "$(verdict "$2, rate beside sqlite" "$ratio" '>= 6')" ;;
    esac
    echo
}

# Chinese text has no peer here: others do not cut it, or need a library for it.
chinese_row() { # WHAT OPTION
    rm -f "$set/out/build.chinese"
    round=1
    while [ $round -le "$BUILDS" ]; do
        rm -rf "$set/index/chinese"
        mkdir -p "$set/index/chinese"
        "$tools/measure" "$set/out/build.chinese" "$indexer" -q $2 \
            -d "$set/index/chinese" "$set/chinese"
        round=$((round + 1))
    done
    echo "$1 $(cat "$set/chinese.bytes") $(built chinese) \
        $(megabytes "$set/index/chinese")" | awk '{
            mb = $2 / 1e6
            printf "%-22s %7.1f %7.1f %7.1f %9.1f %7.0f %7.0f %8.1f %6.1f\n", $1,
                $3, $4, mb / $3, mb / $4, $5, $6, $7, $7 / mb * 100 }' \
        >"$set/out/row"
    tr -d '\n' <"$set/out/row"
    # shellcheck disable=SC2034  # read by name
    read -r _ _ _ _ mb_cpu _ <"$set/out/row"
    printf '         MB/CPU s %s\n' \
        "$(verdict "$1, MB a CPU second" "$mb_cpu" '>= 30')"
    rm -rf "$set/index/chinese"
}

part_build() {
    set_tree
    set_chinese
    rm -f "$set/out/build."*
    round=1
    while [ $round -le "$BUILDS" ]; do
        for how in ours ours-text tree tree-text; do
            build_one $how "$set/out/build.$how"
        done
        if [ $round = 1 ]; then
            for how in $peers; do
                build_one "$how" "$set/out/build.$how"
            done
        fi
        round=$((round + 1))
    done
    printf '\nbuilding; ours %d times (medians), the others once; ' "$BUILDS"
    printf 'ratio: rate by CPU time beside SQLite\n'
    printf '%-22s %7s %7s %7s %9s %7s %7s %8s %6s %6s\n' index 'wall s' \
        'CPU s' 'MB/s' 'MB/CPU s' RSS anon MB '% text' ratio
    base=0
    case " $peers " in
    *' sqlite '*) base=$(built sqlite | awk -v b="$bytes" '{ print b / 1e6 / $2 }') ;;
    esac
    build_row tree ours,files "$base"
    build_row tree-text ours,files,no-text "$base"
    build_row ours ours,lines "$base"
    build_row ours-text ours,lines,no-text "$base"
    chinese_row chinese,files ''
    chinese_row chinese,files,no-text --no-text
    for how in $peers; do
        build_row "$how" "$how" "$base"
    done
    rm -rf "$set/index/tree" "$set/index/tree-text" "$set/index/ours-text"
}

part_size() {
    indexed
    "$indexer" -d "$set/index/ours" --stats -v |
        awk -v text="$bytes" '$1 == "part" {
            sub(/:/, "", $2)
            print $2, $3, $3 / text * 100 }' >"$set/out/parts"
    printf '\nwhat the index (of lines, with text) is made of\n'
    printf '%-22s %10s %8s\n' part bytes '% text'
    awk '{ printf "%-22s %10d %8.2f\n", $1, $2, $3 }' "$set/out/parts"
    printf '%-22s %10s %8.2f  %s\n' terms+postings+positions '' \
        "$(percent terms postings positions)" "$(verdict \
            'terms, postings and positions, % of the text' \
            "$(percent terms postings positions)" '<= 33')"
    printf '%-22s %10s %8.2f  %s\n' forms '' "$(percent forms)" \
        "$(verdict 'forms, % of the text' "$(percent forms)" '<= 4')"
    printf '%-22s %10s %8.2f  %s\n' documents '' "$(percent documents)" \
        "$(verdict 'stored text, % of the text' "$(percent documents)" '<= 40')"
}

# percent PART...: of the text.
percent() {
    awk -v wanted=" $* " 'index(wanted, " " $1 " ") { sum += $3 }
        END { printf "%.2f", sum }' "$set/out/parts"
}
