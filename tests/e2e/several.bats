# Several indexes searched as one: the answers must be those of one index of
# all documents, scores to the last digit.

load helpers

# The articles of corpus/ in one index, in two, and in three, cut in the order
# of their paths, so that documents are in the same order everywhere.
split() {
    cp -r "$ROOT/corpus" .
    chmod -R u+w corpus
    find corpus -name '*.md' | LC_ALL=C sort >all
    local n
    n=$(wc -l <all)
    [ "$n" -gt 20 ]
    indexer -d one --files-from=all
    head -n $((n / 2)) all | indexer -d a --files-from=-
    tail -n +$((n / 2 + 1)) all | indexer -d b --files-from=-
    head -n 7 all | indexer -d x --files-from=-
    tail -n +8 all | head -n $((n / 2)) | indexer -d y --files-from=-
    tail -n +$((n / 2 + 8)) all | head -n 5 | indexer -d z --files-from=-
    tail -n +$((n / 2 + 13)) all | indexer -d z --files-from=-
}

# A query a line, of all kinds.
queries() {
    cut -f 2 "$ROOT/corpus/topics.tsv" | tr -d '"()=' | awk '
        NR % 4 == 1 { print; print $1 " AND " $NF; print "\"" $1 " " $2 "\"" }
        NR % 4 == 1 && NF > 1 {
                 print "+" $1 " " $0; print $0 " -" $2
                 print $1 "^2.5 " $NF; print "the " $0 " of"
                 print "\"" $2 " " $1 "\"~9"; print $1 " NEAR/7 " $NF
                 print "title:" $1 " " $2; print $1 "-" $2 " " $NF
                 print substr($1, 1, 3) "* " $2; print $1 "~1 OR " $2 "~2"
                 print "(" $1 " OR " $2 ") NEAR/9 (" substr($NF, 1, 4) "* the)"
                 print $1 " path:2022"; print $0 " date:2022..2023-06" }'
    printf '%s\n' 'path:2021' '-railway' 'date:2022' 'lang:en the' \
        'nosuchwordanywhere' '中国' '"ou"' 'r?il*' '=RCEP'
}

same() { # ARGUMENTS...: the same from one, two and three indexes
    query -d one -f list "$@" >one.out 2>one.err || true
    query -d a -d b -f list "$@" >two.out 2>two.err || true
    query -d x -d y -d z -f list "$@" >three.out 2>three.err || true
    cmp one.out two.out || complain "$* differs in two"
    cmp one.out three.out || complain "$* differs in three"
    cmp one.err two.err || complain "$* says something else of two"
    cmp one.err three.err || complain "$* says something else of three"
    [ -s one.out ]
}

# All of a JSON answer but where it comes from and how long it took.
facts() {
    jq -c '[.query, .total, .truncated,
        (.hits[] | del(.id, .index) |
            .duplicates = [(.duplicates // [])[].path])]' "$1"
}

same_facts() { # ARGUMENTS...
    query -d one -f list --json "$@" >one.json || true
    query -d a -d b -f list --json "$@" >two.json || true
    query -d x -d y -d z -f list --json "$@" >three.json || true
    facts one.json >one.out
    facts two.json >two.out
    facts three.json >three.out
    cmp one.out two.out || complain "$* differs in two"
    cmp one.out three.out || complain "$* differs in three"
    [ -s one.out ]
}

@test "scores, order, totals, passages and explanations are those of one index" {
    split
    queries >list
    for k in 1 10 100; do
        same -n $k --format=trec --total=none
        same -n $k --format=trec --total=exact
    done
    same -c
    same -a -n 5 --offset=3 --format=trec
    same_facts -n 20 --explain
    same_facts -n 7 --snippets=3 --min-match=2
}

@test "filters and other orders are those of one index" {
    split
    queries >list
    same -n 10 --format=trec --since=2022 --total=none
    same -n 10 --format=trec --until=2023-04 --total=exact
    same -c --path=2022
    same -n 30 -l --path='*/2022*a*'
    for key in date -date path; do
        same -n 0 -l --sort=$key
        same -n 4 --offset=2 --format=trec --sort=$key
    done
    same -c --field='author=Trade Desk'
}

@test "batch, workers and --jobs" {
    split
    queries | jq -cR '{q: ., limit: 12}' >list
    query -d one --batch <list | facts - >one.out
    query -d a -d b --batch <list | facts - >two.out
    query -d x -d y -d z --batch -j 2 <list | facts - >three.out
    cmp one.out two.out
    cmp one.out three.out
    queries >list
    query -d one -f list --format=trec >one.out
    query -d a -d b -f list -j 2 --format=trec >two.out
    cmp one.out two.out
}

@test "equal scores go by the order of -d, then by number" {
    doc a/1.txt 'same words'
    doc a/2.txt 'same words'
    doc b/1.txt 'same words'
    indexer -d one a
    indexer -d two b
    run -0 query -d one -d two -l words
    [ "$output" = $'a/1.txt\na/2.txt\nb/1.txt' ]
    run -0 query -d two -d one -l words
    [ "$output" = $'b/1.txt\na/1.txt\na/2.txt' ]
}

@test "each hit says which index it is in, and the envelope lists them" {
    doc a/a.txt 'first words'
    doc b/b.txt 'second words'
    indexer -d one a
    indexer -d two b
    query -d one -d two --json words >out
    [ "$(jq -c '[.hits[] | [.index, .id, .path]] | sort' out)" = \
        '[["one",1,"a/a.txt"],["two",1,"b/b.txt"]]' ]
    [ "$(jq -c '[.indexes[] | [.index, .docs]]' out)" = '[["one",1],["two",1]]' ]
    [ "$(jq -r .index.uuid out)" = "$(jq -r '.indexes[0].uuid' out)" ]
    [ "$(jq -r .index.uuid out)" = "$(query -d one --stats --json | jq -r .uuid)" ]
    run -0 query -d one -d two --format=tsv second
    [ "$(cut -f 11 <<<"$output")" = two ]
    run -0 query -d one -d two second
    [[ "$output" == *"b/b.txt:1:1   1 match   in two"* ]]
    # of one index nothing is said
    query -d one --json words >out
    [ "$(jq -c '[.indexes, .hits[0].index]' out)" = '[null,null]' ]
    run -0 query -d one --format=tsv words
    [ "$(awk -F '\t' '{ print NF }' <<<"$output")" = 10 ]
}

@test "an index that is named twice is searched once" {
    doc a.txt 'words'
    doc b.txt 'words'
    indexer -d one a.txt
    indexer -d two b.txt
    ln -s one link
    run -0 query -d one -d ./one -d one/../link -d two -c words
    [ "$output" = 2 ]
    run -0 query -d one -d "$PWD/one" --json words
    [ "$(jq -c '[.indexes, .hits[0].index]' <<<"$output")" = '[null,null]' ]
}

@test "--by-year adds up what each index has" {
    split
    queries >list
    same --by-year
    same --by-year --format=tsv
    same --by-year --format=tsv --since=2022
    for d in '-d one' '-d a -d b' '-d x -d y -d z'; do
        query $d --by-year --json railway | jq -c '[.total, .years]'
    done | uniq | wc -l | grep -qx 1
}

# A concordance as tab-separated values has the index in its last column.
same_lines() { # ARGUMENTS...
    query -d one "$@" >one.out || true
    query -d a -d b "$@" | cut -f -7 >two.out || true
    query -d x -d y -d z "$@" | cut -f -7 >three.out || true
    cmp one.out two.out || complain "$* differs in two"
    cmp one.out three.out || complain "$* differs in three"
    [ -s one.out ]
}

@test "lines of a concordance, in all orders, and samples of them" {
    split
    queries | awk 'NR % 2' >list
    local order
    for order in pos left right date path; do
        same --kwic --kwic-sort=$order -n 40 --offset=3
        same_lines --kwic=25 --kwic-sort=$order --format=tsv -n 0 railway
        same_lines --kwic --kwic-sort=$order --format=tsv --sample=17,3 -e 'the of'
    done
    same --kwic -c
    same --kwic --sample=9 -n 4 --offset=2
    same_lines --kwic --format=tsv --sample=100000 trade
    same_lines --kwic --format=tsv -n 5 --offset=30 --total=none the
    local d
    for d in '-d one' '-d a -d b' '-d x -d y -d z'; do
        query $d --kwic --json --sample=30,5 --since=2022 -n 12 trade |
            jq -c '[.total, .matches, .truncated,
                (.lines[] | del(.id, .index))]'
    done | uniq | wc -l | grep -qx 1
}

@test "a line of a concordance says which index it is in" {
    doc a/a.txt 'first words'
    doc b/b.txt 'second words'
    indexer -d one a
    indexer -d two b
    [ "$(query -d two -d one --kwic --json words |
        jq -c '[.lines[] | [.index, .id, .path]]')" = \
        '[["two",1,"b/b.txt"],["one",1,"a/a.txt"]]' ]
    [ "$(query -d one --kwic --json words | jq -c '.lines[0].index')" = null ]
    [ "$(query -d one -d two --kwic --format=tsv words | cut -f 8)" = \
        $'one\ntwo' ]
    [ "$(query -d one --kwic --format=tsv words |
        awk -F '\t' '{ print NF }')" = 7 ]
    run -1 query -d one -d two --kwic nothing
    printf '%s\n' '{"q":"words","kwic":4,"sample":"1,2"}' |
        query -d one -d two --batch >out
    [ "$(jq -c '[.matches.value, (.lines | length)]' out)" = '[2,1]' ]
}

@test "collocates by joint counts" {
    split
    queries | awk 'NR % 3 == 1' >list
    same --collocates -n 30
    same --collocates=2 -n 5 --offset=3 --format=tsv
    local d
    for d in '-d one' '-d a -d b' '-d x -d y -d z'; do
        query $d --collocates --json railway |
            jq -c '[.total, .matches, .in_windows, .words, .collocates]'
    done | uniq | wc -l | grep -qx 1
}

@test "what one index cannot do is said" {
    doc a.txt 'words'
    doc b.txt 'mots'
    indexer -d one a.txt
    indexer -d two b.txt
    indexer -d french --lang=french b.txt
    for mode in --stats --show=1 --terms=w --changes-since=0; do
        run -2 query -d one -d two $mode
        [[ "$output" == *"is about one index"* ]]
    done
    run -3 query -d one -d french words
    [[ "$output" == *"one has --lang=auto and french has --lang=french"* ]]
    run -3 query -d one -d nowhere words
    [[ "$output" == *nowhere* ]]
    run -0 query -d one -d one --stats
    run -2 query $(seq -f '-d n%g' 65) words
    [[ "$output" == *"more than 64"* ]]
}

@test "each request sees the newest commit of each index" {
    doc a.txt 'words'
    doc b.txt 'words'
    indexer -d one a.txt
    indexer -d two b.txt
    coproc query -d one -d two --batch
    echo words >&"${COPROC[1]}"
    read -r first <&"${COPROC[0]}"
    doc c.txt 'words'
    indexer -d two c.txt
    indexer -d one --rebuild
    echo words >&"${COPROC[1]}"
    read -r second <&"${COPROC[0]}"
    [ "$(jq .total.value <<<"$first")" = 2 ]
    [ "$(jq .total.value <<<"$second")" = 3 ]
}

@test "an index without documents changes nothing" {
    doc a/a.txt 'houses'
    indexer -d one a
    mkdir none
    indexer -d empty none
    run -0 query -d empty -d one -l house
    [ "$output" = a/a.txt ]
    [ "$(query -d empty -d one --json house | jq '.hits[0].score')" = \
        "$(query -d one --json house | jq '.hits[0].score')" ]
}

@test "facets, title weights and suggestions are those of one index" {
    split
    for options in '--facet=year,lang,source,author the' \
        '--title-weight=0.5 rail trade' 'railwai tarifff' '-c --facet=year rail'; do
        # shellcheck disable=SC2086  # words
        query -d one --json $options | jq -c '[.query, .facets, .total,
            (.hits[] | del(.id, .index) |
            .duplicates = [(.duplicates // [])[].path])]' >one.facts || true
        # shellcheck disable=SC2086
        query -d x -d y -d z --json $options | jq -c '[.query, .facets, .total,
            (.hits[] | del(.id, .index) |
            .duplicates = [(.duplicates // [])[].path])]' >three.facts || true
        [ -s one.facts ]
        cmp one.facts three.facts || complain "$options differs"
    done
    grep -q '"suggestion":"' <(query -d x -d y -d z --json railwai tarifff)
    run -2 query -d a -d b --similar 1
    run -0 query -d a -d b --batch <<<'{"similar":1}'
    has "$output" "about one index"
}
