# query: "did you mean", where nothing matched.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir docs && cd docs || return 1
    doc a.txt 'Connectivity\n\nThe university of Beijing, Beijing, asks: a debt trap?'
    doc b.txt 'Rails\n\nA railway to Laos; the Universe, in Réunion. People-to-people.'
    doc c.txt 'Rates\n\nTariffs, tariff schedules. NOT a border.'
    doc d.txt 'Words\n\nA 中国 road, road, Road, ROAD. Ports of 1955.'
    cd .. || return 1
    indexer -q -d db docs
}

suggests() { # QUERY SUGGESTION [OPTION...]: in JSON, and on standard error
    local q=$1 want=$2 got
    shift 2
    got=$(ask --json "$@" -e "$q" | jq -r .query.suggestion) || true
    [ "$got" = "$want" ] || complain "'$q' gives '$got', not '$want'"
    run -1 --separate-stderr ask "$@" -e "$q"
    [ -z "$output" ]
    if [ "$want" = null ]; then
        has "$stderr" "no document matches"
        has_not "$stderr" "did you mean"
    else
        has "$stderr" "query: nothing found; did you mean: $want"
    fi
}

@test "suggestion: the nearest word, as it is written" {
    suggests conectivity Connectivity
    suggests univeristy university
    suggests beijng Beijing
    suggests rialway railway
    suggests tarrifs Tariffs
    suggests Reuniom Réunion
    suggests raod road # two letters that changed places
}

@test "suggestion: the rest of the query stays as it is" {
    suggests '+railwya  -port' '+railway  -port'
    suggests '"debt trpa"' '"debt trap"'
    suggests '"dept trpa"~5' '"debt trap"~5'
    suggests 'title:conectivity^2' 'title:Connectivity^2'
    suggests '(railwya OR qqxxyyzz)' '(railway OR qqxxyyzz)'
    suggests '=Beijin' '=Beijing'
    suggests 'railwya NEAR/5 laoss' 'railway NEAR/5 Laos'
    suggests '+peple-to-peeple' '+People-to-People'
    suggests '“railwya”' '“railway”'
    run -1 ask --json -e railwya -e beijng
    [ "$(jq -r .query.suggestion <<<"$output")" = 'railway OR Beijing' ]
}

@test "suggestion: a title's words come from titles" {
    suggests title:railwya null
    suggests title:Rials title:Rails
}

@test "suggestion: none where there is nothing near, or no word is missing" {
    suggests qqxxyyzz null
    suggests rq null
    suggests 1956 null
    suggests '中中' null
    suggests '"beijing railway"' null
    suggests 'railwayx~1 -railway' null
    suggests railway null --since=2100
    suggests 'railway beijing tariffs' null -a
}

@test "suggestion: what would be an operator is not written as one" {
    suggests nott not
    run -0 ask -c 'not'
}

@test "suggestion: only where nothing matched" {
    run -0 --separate-stderr ask 'railwya road'
    has "$stderr" "not in the index: railwya"
    has_not "$stderr" "did you mean"
    run -0 ask --json 'railwya road'
    [ "$(jq .query.suggestion <<<"$output")" = null ]
    run -1 --separate-stderr ask -c railwya
    [ "$output" = 0 ] && [ -z "$stderr" ]
    for f in tsv trec paths; do
        run -1 --separate-stderr ask --format=$f railwya
        [ -z "$output$stderr" ]
    done
    echo railwya >queries
    run -1 --separate-stderr ask -f queries
    has_not "$stderr" "did you mean"
    run -1 ask --json -f queries
    [ "$(jq -r .query.suggestion <<<"$output")" = railway ]
    run -0 ask --batch <queries
    [ "$(jq -r .query.suggestion <<<"$output")" = railway ]
}

@test "suggestion: not a word that only removed documents have" {
    DB=$PWD/db
    mkdir docs
    doc docs/1.txt 'A harbour.'
    doc docs/2.txt 'A port.'
    index docs
    suggests harbuor harbour
    rm docs/1.txt
    index --purge docs
    suggests harbuor null
}

@test "suggestion: eight words are looked at" {
    run -1 ask --json 'railwyaa railwya railwyb railwyc railwyd railwye railwyf railwyg railwyh'
    [ "$(jq -r .query.suggestion <<<"$output" | grep -o 'railway' | wc -l)" = 8 ]
}

@test "suggestion: control characters of a query do not reach the terminal" {
    run -1 --separate-stderr ask $'railwya \e[31m'
    has_not "$stderr" $'\e'
    has "$stderr" "did you mean: railway"
}
