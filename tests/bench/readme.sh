# shellcheck shell=sh
# readme.sh - the tables of the README, from what was measured. Sourced by bench.
# shellcheck disable=SC2154  # bench sets them

# Each engine as it is when it has run for a while.
readme_engines() {
    echo "ours+ $peers" | sed 's/lucene/lucene+/'
}

readme_cells() { # FUNCTION ARGUMENT...: a cell an engine
    for engine in $(readme_engines); do
        printf ' %s |' "$("$@" "$engine")"
    done
    echo
}

readme_search() { # CASE ENGINE
    medians "$1" "$2" | awk '{ printf "%.0f / %.0f / %.0f", $1, $3, $4 }'
}

readme_built() { # COLUMN OURS ENGINE
    name=${3%+}
    [ "$name" != ours ] || name=$2
    cut -d' ' -f"$1" "$set/out/readme.$name"
}

readme_texts() { # COLUMN ENGINE
    if [ "$2" = ours+ ]; then cut -d' ' -f"$1" "$set/out/readme.tree"; fi
}

readme_started() { # ENGINE
    awk -v name="${1%+}" '$1 == name { printf "%.1f", $2 }' "$set/out/started"
}

readme_head() {
    printf '| |'
    for engine in $(readme_engines); do
        case $engine in
        ours+) printf ' ours |' ;;
        lucene+) printf ' Lucene |' ;;
        xapian) printf ' Xapian |' ;;
        sqlite) printf ' SQLite FTS5 |' ;;
        esac
    done
    printf '\n| --- |'
    for engine in $(readme_engines); do printf ' ---: |'; done
    echo
}

readme_figures() {
    case $1 in
    *search* | *build* | *start*) readme_head ;;
    esac
    case $1 in
    *search*)
        cases | while read -r name _; do
            printf '| %s |' "$(readme_name "$name")"
            readme_cells readme_search "$name"
        done
        ;;
    esac
    case $1 in
    *build*)
        # ours of files; the others store no texts
        printf '| build, MB a CPU second |'
        readme_cells readme_built 1 tree-text
        printf '| the same with texts stored |'
        readme_cells readme_texts 1
        printf '| index, %% of the text |'
        readme_cells readme_built 2 tree-text
        printf '| the same with texts stored |'
        readme_cells readme_texts 2
        ;;
    esac
    case $1 in
    *start*)
        printf '| one query in a process of its own, ms |'
        readme_cells readme_started
        ;;
    esac
}

readme_name() {
    case $1 in
    or,10) echo 'any of the words, top 10' ;;
    or,100) echo 'top 100' ;;
    or,1000) echo 'top 1,000' ;;
    and,10) echo 'all words, top 10' ;;
    phrase,10) echo 'words as a phrase, top 10' ;;
    phrase,found,10) echo 'phrases from the text, top 10' ;;
    count) echo 'count alone' ;;
    total,100) echo 'top 100 and exact total' ;;
    esac
}

# readme PARTS
readme() {
    {
        printf '%s, %s processors (%s), load %s: ' "$(LC_ALL=C date '+%-d %B %Y')" \
            "$(nproc)" "$model" "$(cut -d' ' -f1 /proc/loadavg)"
        printf '%s articles, %s MB of text; one thread. Microseconds of a query: mean,\n' \
            "$documents" \
            "$((bytes / 1000000))"
        printf '99 %% of them within, CPU time.\n\n'
        readme_figures "$1"
        if [ -s "$set/out/verdicts" ]; then
            printf '\n| aimed at | reached | aim | |\n| --- | ---: | ---: | --- |\n'
            awk -F '|' '{ printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }' \
                "$set/out/verdicts"
        fi
    } >"$WORK/readme.md"
    printf '\nFor the README:\n\n'
    cat "$WORK/readme.md"
}
