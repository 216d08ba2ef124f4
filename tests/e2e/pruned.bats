# Who wants the best few gets them by pruning; the hits must be those of
# evaluating every match, as who wants all gets them, to the last digit.

load helpers

same_hits() { # FILE of queries, one a line, OPTION...
    local k
    local more=("${@:2}")
    ask -n 0 -f "$1" "${more[@]}" --format=trec | awk '$4 <= 100' >full
    for k in 1 3 10 100; do
        ask -n $k -f "$1" "${more[@]}" --format=trec >pruned || true
        awk -v k=$k '$4 <= k' full | cmp - pruned || complain "top $k differs"
    done
    [ -s full ]
}

# Words, all of them required, phrases, and mixtures, from a list of topics.
shapes() {
    cut -f 2 "$1" | tr -d '"()=' | awk '
        { print; print "\"" $1 " " $2 "\"" }
        NF > 1 { print $1 "-" $2 " " $NF; print "+" $1 "-" $2 " +" $NF " the"
                 print "+" $1 " +" $2; print $1 " AND " $NF " " $2
                 print "+" $1 " " $0; print $0 " -" $2
                 print "\"" $1 " " $2 "\" " $NF " the of"; print "the " $0 }'
}

@test "the articles of corpus/ in three segments, some dead" {
    cp -r "$ROOT/corpus" .
    chmod -R u+w corpus
    index corpus/2021 corpus/2022
    index corpus/2023
    echo 'railway railway' >>corpus/2022/2022-01-04-rcep-enters-into-force.md
    index corpus/2022 corpus/2024
    shapes "$ROOT/corpus/topics.tsv" >queries
    same_hits queries
    same_hits queries --title-weight=0.7
}

@test "words whose boost is 0 match, with a score of 0" {
    index "$ROOT/corpus"
    printf '%s\n' 'railway^0' 'railway^0 port' 'railway port^0 the^0' \
        '+railway^0 +port^0' 'railway^0 path:2022' \
        '(((railway^0.00001)^0.00001)^0.00001)^0.00001' >queries
    same_hits queries
    run -0 ask -l -n 0 --total=none 'railway^0'
    [ "${#lines[@]}" = "$(ask -c railway)" ]
}

@test "a judged collection of thousands of abstracts" {
    [ -d "$SHARED/collections/npl" ] || skip "no ../shared"
    index --input=jsonl "$SHARED/collections/npl/docs.jsonl"
    shapes "$SHARED/collections/npl/queries.tsv" >queries
    same_hits queries
}

@test "a compound in parts counts where it is joined as well" {
    cat >docs.jsonl <<'EOF'
{"id": "1", "text": "spider-man spider-man spider-man"}
{"id": "2", "text": "spider-man spider man spider man spider man spider man"}
EOF
    index --input=jsonl docs.jsonl
    echo '"spider-man"' >queries
    same_hits queries
    run -0 ask -n 1 --format=tsv --total=none '"spider-man"'
    [[ $output == *$'\t'2$'\t'* ]]
}

# Documents of few words, some of them joined by hyphens, and phrases of them;
# with a generator of their own, so that every awk makes the same.
random_words() { # DOCUMENTS PHRASES
    awk -v docs="$1" -v phrases="$2" '
        function below(n) { seed = (seed * 16807) % 2147483647; return seed % n }
        function word(  r) {
            r = below(8)
            if (r == 0) return v[below(nv)] "-" v[below(nv)]
            if (r == 1) return v[below(nv)] v[below(nv)]
            return v[below(nv)]
        }
        function words(n,  s) {
            for (s = word(); n > 1; n--) s = s " " word()
            return s
        }
        BEGIN {
            seed = 42
            nv = split("run runs running The the of OF web site state", list)
            for (i = 1; i <= nv; i++) v[i - 1] = list[i]
            for (i = 1; i <= docs; i++)
                printf "{\"id\": \"%d\", \"text\": \"%s\"}\n", i,
                    words(i % 50 ? 2 + below(40) : 400) >"docs.jsonl"
            for (i = 1; i <= phrases; i++)
                print (below(9) ? "" : "=") "\"" words(1 + below(5)) "\"" \
                    (below(4) ? "" : " " word()) >"queries"
        }'
}

@test "phrases of words that repeat, in several forms and joined" {
    random_words 600 200
    index --input=jsonl docs.jsonl
    same_hits queries
}

# Records in which short forms and long ones stand together and alone, one long
# form for two short ones and the other way round; every kind of query of them.
acronyms() { # DOCUMENTS QUERIES
    awk -v docs="$1" -v queries="$2" '
        function below(n) { seed = (seed * 16807) % 2147483647; return seed % n }
        function word() { return below(4) ? rare[below(nr)] : v[below(nv)] }
        function words(n,  s) {
            for (s = word(); n > 1; n--) s = s " " word()
            return s
        }
        BEGIN {
            seed = 7
            nv = split("trade bank rail port the of data tariffs", v_)
            for (i = 1; i <= nv; i++) v[i - 1] = v_[i]
            nr = split("RCEP FTA FTAs GMS ADB fta|free trade area|free trade|" \
                "Greater Mekong Subregion|general medical services|" \
                "Regional Comprehensive Economic Partnership|" \
                "Asian Development Bank|partnership", r_, "|")
            for (i = 2; i <= nr; i++) rare[i - 2] = r_[i]
            nr--
            for (n = split(r_[1], r_, " "); n > 0; n--) rare[nr++] = r_[n]
            np = split("Regional Comprehensive Economic Partnership (RCEP)|" \
                "free trade area (FTA)|free trade agreement (FTA)|" \
                "Greater Mekong Subregion (GMS)|" \
                "general medical services (GMS)|" \
                "Asian Development Bank (ADB)|African Development Bank (ADB)",
                pair, "|")
            for (i = 1; i <= docs; i++)
                printf "{\"id\": \"%d\", \"title\": \"%s\", \"text\": \"%s\"}\n",
                    i, word(), (below(8) ? "" : pair[1 + below(np)] " ") \
                    words(below(50) ? 1 + below(25) : 300) >"docs.jsonl"
            for (i = 1; i <= queries; i++)
                print word() (below(5) ? " " : "^3 ") words(below(4)) \
                    (below(6) ? "" : " OR " word()) \
                    (below(9) ? "" : " (" words(2) ")") >"queries"
        }'
}

@test "acronyms and what they stand for" {
    acronyms 3000 150
    index --input=jsonl docs.jsonl
    head -400 docs.jsonl | sed 's/the //; s/rail/port/' >more.jsonl
    index --input=jsonl more.jsonl
    same_hits queries
    same_hits queries --title-weight=0.7
    same_hits queries --k1=0
    same_hits queries -a
    sed 's/^/+/' queries >required
    same_hits required
    # what was added has made a difference
    ask -n 10 -f queries --expand=none --format=trec --total=none >words || true
    ask -n 10 -f queries --format=trec --total=none >all || true
    run -1 cmp -s words all
    [ "$(grep -c . all)" -ge "$(grep -c . words)" ]
}

@test "a short form stands for required words, some of which are there, too" {
    for i in 1 2 3; do
        echo "{\"id\": \"s$i\", \"text\": \"free trade area (FTA) number $i\"}"
        echo "{\"id\": \"t$i\", \"text\": \"free trade trade trade area $i\"}"
        echo "{\"id\": \"u$i\", \"text\": \"the FTA of trade, trade, trade $i\"}"
        echo "{\"id\": \"v$i\", \"text\": \"trade in an area without it $i\"}"
    done >docs.jsonl
    index --input=jsonl docs.jsonl
    printf '%s\n' '+free +trade +area' '+FTA' '+FTA +trade' >queries
    same_hits queries
    [ "$(ask -n 100 --format=trec --total=none '+free +trade +area' |
        grep -c ' u[123] ')" = 3 ]
}

@test "acronyms, of two indexes" {
    acronyms 600 60
    head -300 docs.jsonl >one.jsonl
    tail -n +301 docs.jsonl >two.jsonl
    indexer -q -d one --input=jsonl one.jsonl
    indexer -q -d two --input=jsonl two.jsonl
    for k in 2 10 100; do
        query -d one -d two -n $k -f queries --format=trec --total=exact >full || true
        query -d one -d two -n $k -f queries --format=trec --total=none >pruned || true
        cmp full pruned
    done
    [ -s full ]
}
