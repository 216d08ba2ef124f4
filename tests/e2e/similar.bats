# query --similar: documents like one.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

setup_file() {
    load helpers
    cd "$ROOT" && indexer -q -d "$BATS_FILE_TMPDIR/db" corpus
}

HYDRO=corpus/2022/2022-06-27-lao-hydropower-reaches-singapore.md
COPY=corpus/2022/2022-07-01-laos-sells-power-to-singapore.md

like() { # DOCUMENT N PATH: it is among the first N that are like the document
    ask -l -n "$2" --similar "$1" >list
    grep -qxF "$3" list || complain "like $1:" $(cat list)
    ! grep -qxF "$1" list || complain "$1 is like itself"
}

@test "similar: near-copies first, by a margin" {
    like $HYDRO 1 $COPY
    like $COPY 1 $HYDRO
    run -0 ask --json --similar $HYDRO
    jq -e '.hits[0].score > 2 * .hits[1].score' <<<"$output"
}

@test "similar: then articles on the same topic" {
    # pairs that answer one topic of the collection
    awk '$4 > 1 { t[$3] = t[$3] " " $1; doc[$3] }
        END {
            for (a in doc)
                for (b in doc) {
                    n = split(t[a], x, " ")
                    for (i = 1; i <= n && a != b; i++)
                        if (index(t[b] " ", " " x[i] " "))
                            print a "\t" b
                }
        }' "$ROOT/corpus/qrels.txt" | sort -u >pairs
    cut -f1 pairs | sort -u >docs
    jq -cR '{id: ., similar: ., limit: 3}' docs | ask --batch |
        jq -r '.id as $a | .hits[] | "\($a)\t\(.path)"' | sort >hits
    good=$(comm -12 pairs hits | cut -f1 | sort -u | wc -l)
    [ $((100 * good / $(wc -l <docs))) -ge 45 ] ||
        complain "$good of $(wc -l <docs) have one of their topic in the first 3"
}

@test "similar: the number of a document, its path, id: and path:" {
    id=$(ask --json -e "path:$HYDRO" | jq .hits[0].id)
    run -0 ask -l --similar "$id"
    for name in "id:$id" "$HYDRO" "path:$HYDRO"; do
        [ "$(ask -l --similar "$name")" = "$output" ]
    done
    run -1 --separate-stderr ask --similar nowhere.txt
    [ -z "$output" ]
    has "$stderr" "no document 'nowhere.txt' in the index"
    run -1 ask --similar 99999
}

@test "similar: the terms are a query, which gives the same when asked" {
    run -0 ask --json --similar $HYDRO
    jq .hits <<<"$output" >a
    text=$(jq -r .query.text <<<"$output")
    [ "$(wc -w <<<"$text")" = 26 ]
    has "$text" " Mekong "
    has "$(jq -r .query.parsed <<<"$output")" " mekong "
    [ "$(jq -c '.query.unknown + .query.warnings' <<<"$output")" = '[]' ]
    ask --json --strict -e "$text" | jq .hits >b
    diff a b
}

# The terms by their definition, from --analyze and --terms, in one language: each
# word is then one term.
@test "similar: the 25 terms that weigh most" {
    DB=$BATS_TEST_TMPDIR/english
    (cd "$ROOT" && indexer -q -d "$DB" --lang=english corpus)
    doc=corpus/2024/11/2024-11-18-chancay-port-opens.md
    run -0 ask --json --similar $doc
    jq -r .query.parsed <<<"$output" | tr ' ' '\n' | sed '/^-id:/d' |
        sort >got
    [ "$(wc -l <got)" = 25 ]
    ask --terms '' >df
    # what is searched of it: the title and all below the front matter
    ask --show $doc | awk '/^---/ { n++; next } n > 1' >body
    ask --show $doc | sed -n 's/^title: *"*\(.*[^"]\)"*$/\1/p' >title
    ask --analyze "$(cat title body)" |
        awk -F '\t' '$3 == "word" { n = split($6, t, " "); print t[n] }' |
        awk -v docs=72 'NR == FNR { df[$1] = $2; next }
            { tf[$1]++ }
            END {
                for (t in tf) {
                    if (df[t] < 2 || length(t) < 2 || t ~ /^[0-9]/)
                        continue
                    idf = log(1 + (docs - df[t] + 0.5) / (df[t] + 0.5))
                    printf "%.9f %s\n", (1 + log(tf[t])) * idf, t
                }
            }' df - | sort -rn >weights
    # of equal weight at the end any will do
    least=$(sed -n '25s/ .*//p' weights)
    awk -v least="$least" '$1 > least { print $2 }' weights | sort >must
    awk -v least="$least" '$1 >= least { print $2 }' weights | sort >may
    [ -s must ]
    [ -z "$(comm -23 must got)" ] || complain "missing:" $(comm -23 must got)
    [ -z "$(comm -13 may got)" ] || complain "too much:" $(comm -13 may got)
}

@test "similar: filters, limits and every format" {
    run -0 ask -l -n 0 --similar $HYDRO --since 2024
    [ -z "$(grep -v '^corpus/2024/' <<<"$output")" ]
    [ "$(ask -c --similar $HYDRO --path 2022)" -lt "$(ask -c --similar $HYDRO)" ]
    [ "$(ask -l --similar $HYDRO --path 2023 -n 3 | grep -c ^corpus/2023/)" = 3 ]
    [ "$(ask -l -n 0 --similar $HYDRO --min-match=50%)" = $COPY ]
    ask -l --similar $HYDRO -n 1 --offset 1 >second
    [ "$(ask -l --similar $HYDRO -n 2 | tail -n 1)" = "$(cat second)" ]
    run -0 ask -l --similar $HYDRO --sort path -n 0
    [ "$output" = "$(LC_ALL=C sort <<<"$output")" ]
    run -0 ask --format=trec --similar $HYDRO -n 1
    has "$output" "1 Q0 $COPY 1 "
    run -0 ask --format=tsv --similar $HYDRO -n 1
    has "$output" "$COPY"
    run -0 ask --format=ndjson --similar $HYDRO -n 2
    [ "${#lines[@]}" = 3 ]
    run -0 ask --explain --similar $HYDRO -n 1
    has "$output" "  mekong"
    has "$output" "query: read as: "
    run -0 ask -q --similar $HYDRO
    [ -z "$output" ]
    run -0 ask --json --explain --similar $HYDRO
    jq -e '.hits[] | (.explain.terms | map(.score) | add) as $sum |
        (.score - $sum | fabs) < 1e-6' <<<"$output"
}

@test "similar: in --batch" {
    printf '%s\n' "{\"id\":1,\"similar\":\"$HYDRO\",\"limit\":1}" \
        '{"id":2,"similar":"nowhere"}' '{"id":3,"similar":7,"q":"rail"}' \
        '{"id":4,"similar":7,"since":"2024","count":true}' '{"id":5}' |
        ask --batch >out
    [ "$(jq -r 'select(.id == 1) | .hits[0].path' out)" = $COPY ]
    [ "$(jq -c '[.id, .ok, .error.code]' out | tr '\n' ' ')" = \
        '[1,true,null] [2,false,"no_document"] [3,false,"usage"] [4,true,null] [5,false,"usage"] ' ]
    [ "$(jq 'select(.id == 4) | .total.value' out)" = \
        "$(ask -c --similar 7 --since 2024)" ]
}

@test "similar: no stored text, no words, what does not go with it" {
    DB=$PWD/db
    doc docs/1.txt 'AND NOT OR\n\nAND NOT OR NEAR qqxx 1955 x'
    doc docs/2.txt 'NOT\n\nand not or near'
    doc docs/3.txt 'qq\n\nzz yy'
    index docs
    run -0 --separate-stderr ask -l --similar docs/1.txt
    [ "$output" = docs/2.txt ]
    run -0 ask --json --similar docs/1.txt
    [ "$(jq -c .query.warnings <<<"$output")" = '[]' ]
    run -1 --separate-stderr ask --similar docs/3.txt
    [ -z "$output" ]
    has "$stderr" "that document has no word that others have"
    run -1 ask --json --similar docs/3.txt
    run -2 ask --similar docs/1.txt rail
    run -2 ask --similar docs/1.txt -f docs/2.txt
    run -2 ask --similar docs/1.txt --show docs/2.txt
    run -2 ask --similar
    indexer -q -d bare --no-text docs
    run -2 query -d bare --similar docs/1.txt
    has "$output" "the index was made without texts (--no-text)"
    run -0 query -d bare --batch <<<'{"similar":1}'
    [ "$(jq -r .error.code <<<"$output")" = no_document ]
}
