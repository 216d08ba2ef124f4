# query for programs: --batch, --explain, --time, --run-tag, --changes-since.

load helpers

docs() {
    doc docs/1.txt 'Ports\n\nthe rail port and a rail'
    doc docs/2.txt 'Trade\n\nrail trade with soft connectivity, US'
    doc docs/3.txt 'Sea\n\nthe port by the sea'
    index docs
}

# batch LINE...: the answers, one a line.
batch() {
    printf '%s\n' "$@" | ask --batch
}

code() { # LINE CODE: the line is answered by that error
    local out
    out=$(printf '%b\n' "$1" | ask --batch)
    [ "$(jq -r .error.code <<<"$out")" = "$2" ] || complain "'$1' gives: $out"
    [ "$(jq -r .ok <<<"$out")" = false ]
    [ "$(jq -r '.error.message | length > 0' <<<"$out")" = true ]
}

@test "batch: a line in, a line out, in order" {
    docs
    run -0 batch rail '{"id":7,"q":"port","limit":1}' '{"id":"x y","q":"sea"}' \
        '{"id":null,"q":"nowhere"}' '"soft connectivity"'
    [ "${#lines[@]}" = 5 ]
    [ "$(jq -c '[.id, .ok, .total.value]' <<<"$output" | tr '\n' ' ')" = \
        '[null,true,2] [7,true,2] ["x y",true,1] [null,true,0] [null,true,1] ' ]
    [ "$(jq -c '.hits | length' <<<"${lines[1]}")" = 1 ]
    # but for id, ok and the time it is the answer of --json
    jq -S 'del(.id, .ok, .seconds)' <<<"${lines[0]}" >a
    ask --json rail | jq -S 'del(.seconds)' >b
    diff a b
}

@test "batch: each line is answered before the next is read" {
    docs
    local pid
    coproc Q { ask --batch; }
    pid=$Q_PID
    for i in 1 2 3; do
        echo '{"id":'$i',"q":"rail"}' >&"${Q[1]}"
        read -r -t 10 line <&"${Q[0]}"
        [ "$(jq .id <<<"$line")" = $i ]
    done
    exec {Q[1]}>&-
    wait "$pid"
}

@test "batch: errors have a code, and the stream goes on" {
    docs
    code '' blank
    code '  \t' blank
    code '{"q":""}' blank
    code '{"q":"rail"' not_json
    code '{"q":"rail"}{"q":"rail"}' not_json
    code '{"q":"a","limit":99999999999999999999}' not_json
    code '{"id":1}' usage
    code '{"q":"rail","limits":5}' unknown_key
    code '{"q":"rail","db":"elsewhere"}' unknown_key
    code '{"q":["rail"]}' bad_value
    code '{"q":"rail","limit":"5"}' bad_value
    code '{"q":"rail","limit":-1}' bad_value
    code '{"q":"rail","all":"yes"}' bad_value
    code '{"q":"rail","total":"some"}' bad_value
    code '{"q":"rail","b":2}' bad_value
    code '{"q":"rail","id":{}}' bad_value
    code "{\"q\":\"$(printf '(%.0s' {1..99}) a\"}" syntax
    code "$(seq -s ' ' 3000)" syntax
    run -0 batch '' rail '{' rail
    [ "$(jq -c .ok <<<"$output" | tr '\n' ' ')" = 'false true false true ' ]
    [ "$(batch '{"nokey":1,"id":"me","q":"a"}' | jq -r .id)" = me ]
}

@test "batch: options of the command line hold, those of a request do not stay" {
    docs
    run -0 ask --batch -a -n 1 --k1 0.5 <<'END'
rail port
{"q":"rail port","all":false,"limit":0,"k1":1.2,"explain":true}
rail port
END
    [ "$(jq -c '[.total.value, .limit, (.hits | length)]' <<<"$output" |
        tr '\n' ' ')" = '[1,1,1] [3,0,3] [1,1,1] ' ]
    [ "$(jq -c '.hits[0].explain.k1' <<<"$output" | tr '\n' ' ')" = \
        'null 1.2 null ' ]
}

@test "batch: count is a number without hits" {
    docs
    run -0 batch '{"q":"rail port","count":true,"total":"none"}' \
        '{"q":"rail port","total":"none"}' '{"q":"f(x","count":true}'
    [ "$(jq -c '[.total.value, .total.relation, (.hits | length)]' \
        <<<"${lines[0]}")" = '[3,"eq",0]' ]
    [ "$(jq -c '.total.relation, (.hits | length)' <<<"${lines[1]}" |
        tr '\n' ' ')" = '"ge" 3 ' ]
    [ "${#lines[@]}" = 3 ] # remarks stay in the answer
}

@test "batch: a line of more than a MiB is passed over" {
    docs
    {
        echo rail
        head -c 1048577 /dev/zero | tr '\0' a
        echo
        printf '{"id":5,"q":"rail","x":"%s"}\n' "$(head -c 3000000 /dev/zero |
            tr '\0' '{')"
        echo port
        head -c 5000000 /dev/zero
    } >in
    run -0 ask --batch <in
    [ "$(jq -r '.error.code // .total.value' <<<"$output" | tr '\n' ' ')" = \
        '2 too_long too_long 2 too_long ' ]
}

@test "batch: NUL bytes, CR LF, a byte order mark, no last line end" {
    docs
    run -0 ask --batch < <(printf '\xef\xbb\xbfrail\r\n\0\nra\0il\n{"q":"r\0"}\n{"q":"rail\\u0000port"}\nsea')
    [ "$(jq -r '.error.code // .total.value' <<<"$output" | tr '\n' ' ')" = \
        '2 0 0 not_json 3 1 ' ]
}

@test "batch: random bytes give an answer each" {
    docs
    head -c 300000 /dev/urandom >in
    for piece in '{"q":"' '{"id":' '"limit":' '}' '[[[[' '"\ud800' 1e999; do
        for _ in 1 2 3; do
            head -c 40 /dev/urandom | tr -d '\n'
            printf '%s' "$piece"
            head -c 20 /dev/urandom | tr -d '\n'
            echo
        done
    done >>in
    run -0 ask --batch <in
    [ "${#lines[@]}" = "$(wc -l <in)" ]
    jq -e '.ok == true or (.error.code | length > 0)' <<<"$output" >/dev/null
}

@test "batch: an index that comes, goes and comes back" {
    docs
    mkfifo in
    query -d later --batch <in >out &
    exec 7>in
    answers() { # N: until so many lines are there; prints the last
        for _ in {1..100}; do
            [ "$(wc -l <out)" -ge "$1" ] && break
            sleep 0.05
        done
        sed -n "$1p" out
    }
    echo rail >&7
    [ "$(answers 1 | jq -r .error.code)" = no_index ]
    indexer -d later docs/1.txt
    echo rail >&7
    [ "$(answers 2 | jq .total.value)" = 1 ]
    indexer -d later docs/2.txt
    echo rail >&7
    [ "$(answers 3 | jq .total.value)" = 2 ] # the newest commit
    rm -rf later
    indexer -d later docs/2.txt docs/3.txt # made anew without a request between
    echo 'rail port' >&7
    [ "$(answers 4 | jq -c '[.total.value, .index.docs]')" = '[2,2]' ]
    rm -rf later
    echo rail >&7
    [ "$(answers 5 | jq -r .error.code)" = no_index ]
    indexer -d later docs
    echo rail >&7
    [ "$(answers 6 | jq .total.value)" = 2 ]
    exec 7>&-
    wait $!
}

@test "batch: 10,000 requests while the index changes" {
    local n=${BATCH_REQUESTS:-10000} # fewer where each takes long
    docs
    for i in $(seq "$n"); do echo '{"id":'"$i"',"q":"rail port","limit":3}'; done >in
    ask --batch <in >out &
    local pid=$!
    for i in $(seq 4 15); do
        doc docs/$i.txt "Number $i\n\nrail"
        index docs
        kill -0 $pid 2>/dev/null || break
    done
    wait $pid
    [ "$(wc -l <out)" = "$n" ]
    jq -e '.ok and .total.value == .index.docs and
           (.hits | length) == 3' <out | sort -u >seen
    [ "$(cat seen)" = true ]
    [ "$(jq .id <out | sort -nc && echo sorted)" = sorted ]
    # generations only rise
    jq .index.generation <out | sort -nc
}

@test "batch: a closed pipe ends it quietly" {
    docs
    yes rail | head -100000 >in
    run bash -c "query -d '$DB' --batch <in 2>err | head -1 | jq .ok"
    [ "$output" = true ]
    [ ! -s err ]
}

@test "batch: a full disk is no success" {
    [ -w /dev/full ] || skip "no /dev/full"
    docs
    run -2 bash -c "echo rail | query -d '$DB' --batch >/dev/full"
    has "$output" "cannot write"
}

@test "batch: what does not go with it" {
    docs
    run -2 ask --batch rail
    run -2 ask --batch -f docs/1.txt
    run -2 ask --batch -l
    run -2 ask --batch -q
    run -2 ask --batch --format=text
    run -2 ask --batch --stats
    run -0 ask --batch --json </dev/null
    [ -z "$output" ]
    run -0 ask --help=all
    for c in blank too_long not_json usage unknown_key bad_value syntax \
        no_document no_index version damaged io lost memory; do
        has "$output" "  $c "
    done
}

@test "explain: what each word added, in the order of the query" {
    docs
    run -0 ask --json --explain 'rail rail +port "the rail" -sea'
    [ "$(jq -c '.hits[0].explain | [.k1, .b, .dl, .proximity],
        (.terms[] | [.term, .df, .tf, .times])' <<<"$output" | tr '\n' ' ')" = \
        '[1.2,0.75,7,null] ["rail",2,2,2] ["port",2,2,1] ["\"the rail\"",null,1,1] ' ] ||
        complain "$(jq -c '.hits[0].explain' <<<"$output")"
    jq -e '.hits[] | (.explain.terms | map(.score) | add) as $sum |
           (.score - $sum | fabs) < 1e-7 and
           (.explain as $e | .explain.terms | all(
             (.idf * .times * .tf / (.tf + $e.k1 * (1 - $e.b + $e.b * $e.dl /
              $e.avgdl)) - .score | fabs) < 1e-7))' <<<"$output" >/dev/null
    [ "$(ask --json rail | jq '.hits[0].explain')" = null ]
    run -0 ask --explain 'rail "the port"'
    has "$output" "length 7 of"
    has "$output" '"the port"'
    run -0 ask --format=ndjson --explain rail
    [ "$(jq -s '.[0].explain.terms[0].tf' <<<"$output")" = 2 ]
    run -2 ask --format=trec --explain rail
}

@test "time: one line of JSON on standard error" {
    docs
    printf 'rail\n\nport\nnowhere\n' >q
    printf '1\trail\n2\tport\n' >t
    check() { # N ARGUMENTS...
        local n=$1
        shift
        run -0 --separate-stderr ask --time "$@"
        [ "$(tail -1 <<<"$stderr" | jq -c '[.queries, (.wall > 0),
            (.mean > 0 and .p50 > 0 and .p95 >= .p50 and .p99 >= .p95)]')" = "[$n,true,true]" ]
    }
    check 1 rail
    check 3 -l -f q
    check 2 --topics t
    check 3 --batch <q # the blank line is no query
}

@test "run-tag: the last column" {
    docs
    [ "$(ask --format=trec -n 1 rail | cut -d' ' -f6)" = query ]
    [ "$(ask --format=trec -n 1 --run-tag 'bm 25' rail | cut -d' ' -f6)" = \
        bm%2025 ]
    run -2 ask --format=trec --run-tag= rail
}

changes() {
    ask --changes-since "$@" | awk '{ print $1, $3 }' | tr '\n' ' '
}

@test "changes-since: each document once, as it is now" {
    docs
    [ "$(changes 0)" = \
        "added docs/1.txt added docs/2.txt added docs/3.txt " ]
    run -1 ask --changes-since 1
    [ -z "$output" ]
    doc docs/1.txt 'changed'
    doc docs/4.txt 'added'
    doc docs/5.txt 'added, to be removed'
    rm docs/2.txt docs/3.txt
    index --max-purge=100% docs
    [ "$(changes 1)" = "changed docs/1.txt added docs/4.txt added docs/5.txt removed docs/2.txt removed docs/3.txt " ]
    doc docs/1.txt 'changed again'
    doc docs/3.txt 'came back'
    rm docs/5.txt
    index --max-purge=100% docs
    [ "$(changes 1)" = "added docs/4.txt changed docs/1.txt changed docs/3.txt removed docs/2.txt " ] ||
        complain "$(changes 1)"
    [ "$(changes 2)" = \
        "changed docs/1.txt added docs/3.txt removed docs/5.txt " ]
    [ "$(changes 0)" = "added docs/4.txt added docs/1.txt added docs/3.txt " ]
    run -0 ask --changes-since 1 --json
    [ "$(jq -c '[.since, .generation, .count]' <<<"$output")" = '[1,3,4]' ]
    [ "$(jq -c '.changes[] | select(.path == "docs/1.txt") | [.op, .old]' \
        <<<"$output")" = '["changed",1]' ]
    run -0 ask --changes-since 1 --format=ndjson
    [ "$(jq -r .type <<<"$output" | tr '\n' ' ')" = \
        "change change change change end " ]
    run -1 ask --changes-since 3 --json
    [ "$(jq -c .changes <<<"$output")" = '[]' ]
}

@test "changes-since: generations that cannot be told" {
    docs
    run -2 ask --changes-since 9
    has "$output" "generation 1"
    run -2 ask --changes-since yesterday
    run -2 ask --changes-since 99999999999999999999
    run -2 ask --changes-since 1 rail
}

@test "what is said of a query: terms of a pattern, unknown words, the line" {
    doc a.txt 'tariff tariffs university ports'
    doc b.txt 'tariq universities rail'
    index .
    run -0 ask --json --explain -n 1 'tarif~1 port "a rail"'
    [ "$(jq -c '.hits[0].explain.terms | map(.expansion)' <<<"$output")" = \
        '[{"found":2,"terms":[{"term":"tariff","df":1,"distance":1},{"term":"tariq","df":1,"distance":1}]},null]' ] ||
        complain "$(jq -c '.hits[0].explain.terms' <<<"$output")"
    run -0 ask --explain 'univ*'
    grep -qE '^ +2 +univers$' <<<"$output" || complain "$output"
    for i in {10..40}; do echo -n "zeta${i}x "; done >c.txt
    index c.txt
    run -0 ask --explain 'zeta*'
    has "$output" 'and 11 more'
    [ "$(ask --json --explain 'zeta*' | jq '.hits[0].explain.terms[0].expansion |
        [.found, (.terms | length)] | tostring' -r)" = '[31,20]' ]
    [ "$(ask --json '(qqa OR rail) NEAR/5 "qqb qqc" port' | jq -c .query.unknown)" = \
        '["qqa","qqb qqc"]' ]
    [ "$(ask --json '"port qqb"~3 port' | jq -c .query.unknown)" = '["qqb"]' ]
    printf 'port\n\nport AND\nport qqb\n' >asked
    for jobs in 1 2; do
        run -0 --separate-stderr ask --jobs=$jobs --format=text -f asked
        has "$stderr" 'query: asked: line 3: AND lacks'
        has "$stderr" 'query: asked: line 4: not in the index: qqb'
    done
    run -0 --separate-stderr ask port AND
    has "$stderr" 'query: AND lacks'
}
