# --title-weight, against the scores of title: added up.

load helpers

articles() {
    awk 'BEGIN {
        srand(9)
        for (i = 0; i < 400; i++) {
            title = text = ""
            for (n = rand() * 6; n > 0; n--) title = title " w" int(rand() * rand() * 12)
            for (n = rand() * 40; n > 0; n--) text = text " w" int(rand() * rand() * 12)
            printf "{\"id\":\"%d\",\"title\":\"%s\",\"text\":\"%s\"}\n", i, title, text
        }
    }' >r.jsonl
    index --input=jsonl r.jsonl
}

@test "--title-weight adds what the words score in titles, and changes no match" {
    articles
    while IFS='|' read -r q titles; do
        ask --format=trec -n 0 -e "$q" | awk '{ print $3, $5 }' >plain
        IFS=';' read -ra parts <<<"$titles"
        for x in 0.25 3; do
            for t in "${parts[@]}"; do
                ask --format=trec -n 0 -e "$t" | awk -v x=$x '{ print $3, $5 * x }'
            done >added
            awk 'NR == FNR { sum[$1] += $2; next } { print $1, $2 + sum[$1] }' \
                added plain | sort >wanted
            ask --title-weight=$x --format=trec -n 0 -e "$q" | awk '{ print $3, $5 }' | sort >got
            paste wanted got | awk '{ d = $2 - $4 } $1 != $3 || d * d > 1e-9 { bad = 1; print }
                END { exit bad || NR == 0 }' || complain "$q at $x"
        done
    done <<'END'
w3|title:w3
w3 w5|title:w3;title:w5
w3 w3 w5|title:w3;title:w3;title:w5
+w3 w5|title:w3;title:w5
w3 AND w5|title:w3;title:w5
w3 -w5|title:w3
"w1 w2"|title:"w1 w2"
"w1 w2" w4|title:"w1 w2";title:w4
title:w3 w4|title:w4
w1* w4|title:w4
w4^2|title:w4^2
+(w4 w5)|title:w4;title:w5
END
}

@test "--title-weight: explained term by term; totals and minima as without" {
    articles
    ask --json --title-weight=0.5 --explain -n 50 'w3 "w1 w2"' >out
    jq -e '[.hits[] | (.score - ([.explain.terms[].score] | add) | fabs) < 1e-7] | all' out
    jq -e '[.hits[].explain.terms[].term] | contains(["title:w3^0.5"])' out
    jq -e '[.hits[].explain.terms[] | select(.term == "title:w3^0.5") | .boost == 0.5] | all' out
    for q in w3 'w3 w5 w7' '+w3 w5' 'w9 nothing'; do
        for o in '' --min-match=2 --min-match=50% -a; do
            for x in 0 2; do
                ask --json -n 0 $o --title-weight=$x -e "$q" |
                    jq -c '[.total, .query, ([.hits[] | [.id, .match_count]] | sort)]' >got.$x || true
            done
            cmp got.0 got.2 || complain "$q $o"
        done
    done
    run -2 ask --title-weight=-1 w3
    echo '{"q":"w3","title-weight":2,"limit":1}' | ask --batch >out
    [ "$(jq -c '.hits[0] | [.id, .score]' out)" = \
        "$(ask --json -n 1 --title-weight=2 w3 | jq -c '.hits[0] | [.id, .score]')" ]
}
