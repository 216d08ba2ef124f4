# What both programs do with their command line.

load helpers

@test "--version names the program and its version" {
    run -0 indexer --version
    [[ $output =~ ^indexer\ [0-9]+\.[0-9]+ ]]
    run -0 query -V
    [[ $output =~ ^query\ [0-9]+\.[0-9]+ ]]
}

@test "--help fits one screen, leads with examples, goes to stdout" {
    for program in indexer query; do
        run -0 --separate-stderr "$program" --help
        [ -z "$stderr" ]
        [ "${#lines[@]}" -le 40 ]
        has "$output" "$program -d"
        run -0 "$program" -h
        run -0 "$program" --help=all
        has "$output" "--db"
    done
}

@test "an unknown option is an error that suggests the nearest one" {
    run -2 --separate-stderr query --limt=3 word
    has "$stderr" "query: "
    has "$stderr" "--limit"
    [ -z "$output" ]
    run -2 --separate-stderr indexer --exlude=x .
    has "$stderr" "indexer: "
}

@test "a dash in a question is explained, not obeyed" {
    run -2 --separate-stderr query connectivity -durian
    has "$stderr" "quote the query"
}

@test "a missing value and a bad number are errors" {
    run -2 --separate-stderr query word -n
    has "$stderr" "query: "
    run -2 --separate-stderr query -n many word
    has "$stderr" "limit"
    run -2 --separate-stderr query --k1=x word
    has "$stderr" "k1"
    run -2 --separate-stderr query --format=pdf word
    has "$stderr" "json"
}

@test "a mode or question is needed" {
    run -2 --separate-stderr query
    has "$stderr" "query: "
}

@test "options may follow operands, -- ends them, the last of a repeated one wins" {
    doc docs/a.txt 'rail rail'
    doc docs/b.txt 'rail'
    index docs
    run -0 query rail -d "$DB" -l
    [ "${#lines[@]}" = 2 ]
    run -0 query -d "$DB" -l -n 2 --limit=1 rail
    [ "${#lines[@]}" = 1 ]
    run -0 query -d "$DB" -l -n1 rail
    [ "${#lines[@]}" = 1 ]
    run -0 query -d "$DB" -l -- rail
    run -0 query -d "$DB" -l -- rail -missing
    [ "${#lines[@]}" = 2 ]
}

@test "-e may begin with a dash, is repeatable, and not with words" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'port'
    doc docs/c.txt 'visa'
    index docs
    run -0 ask -l -e rail -e port
    [ "${#lines[@]}" = 2 ]
    run -0 ask -l -e -rail
    [ "${#lines[@]}" = 2 ]
    run -2 ask -e rail port
}

@test "the index: -d, then INDEX_DB, then the nearest .index above" {
    doc docs/a.txt 'rail'
    index docs
    INDEX_DB=$DB run -0 query -l rail
    [ "$output" = docs/a.txt ]
    mkdir -p site/deep/er
    doc site/page.txt 'harbour'
    cd site
    run -0 indexer .
    [ -d .index ]
    cd deep/er
    run -0 query -l harbour
    run -3 query -d "$BATS_TEST_TMPDIR/nowhere" harbour
}

@test "an .index that was found and belongs to a stranger is refused" {
    [ "$(id -u)" = 0 ] || skip "takes root"
    doc docs/a.txt 'rail'
    indexer docs
    chown -R 12345 .index
    run query rail
    [ "$status" -ge 2 ]
    has "$output" ".index"
    run -0 query -d .index rail
}

@test "an index folder is never walked into" {
    doc docs/a.txt 'rail'
    indexer -d docs/.index docs
    indexer -d docs/other docs
    run -0 indexer -d docs/other docs
    run -0 query -d docs/other -l -n 0 -e rail
    [ "$output" = docs/a.txt ]
}

@test "no such index: exit 3, and a message that names it" {
    run -3 --separate-stderr query -d "$DB" word
    has "$stderr" "$DB"
    [ -z "$output" ]
}

@test "an empty index answers with no hits" {
    mkdir docs
    index docs
    run -1 ask word
}

@test "a full disk is exit 2, never silence" {
    doc docs/a.txt 'rail'
    index docs
    run -2 --separate-stderr bash -c "query -d '$DB' rail >/dev/full"
    has "$stderr" "query: "
    run -2 bash -c "query -d '$DB' --format=json rail >/dev/full"
    run -2 bash -c "indexer -d '$DB' --list >/dev/full"
}

@test "a closed pipe ends the program quietly" {
    mkdir docs
    for i in $(seq 300); do echo "rail number $i" >"docs/$i.txt"; done
    index docs
    run --separate-stderr bash -c \
        "set -o pipefail; query -d '$DB' -n 0 --format=ndjson rail | head -n 1"
    [ -z "$stderr" ]
    [ "${#lines[@]}" = 1 ]
}

@test "no colour, no escape in a pipe" {
    doc docs/a.txt 'rail'
    index docs
    run -0 ask rail
    has_not "$output" $'\e'
    run -0 ask --color=never rail
    has_not "$output" $'\e'
}

@test "control characters of a document do not reach a terminal" {
    script -qec true /dev/null >/dev/null 2>&1 || skip "no script(1) or pty"
    doc docs/a.txt 'rail \033]0;owned\007 \033[31mred \xc2\x9b31m end'
    index docs
    TERM=xterm run -0 script -qec "query -d '$DB' --color=never rail" /dev/null
    has "$output" owned
    has_not "$output" $'\e]'
    has_not "$output" $'\a'
    has_not "$output" $'\xc2\x9b'
}
