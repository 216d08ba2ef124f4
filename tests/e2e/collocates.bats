#!/usr/bin/env bats
# --collocates, against a recount over the raw text (collocates.pl).

load helpers

texts() {
    local i
    mkdir -p docs
    for i in $(seq 1 "${1-12}"); do
        awk -v seed="$i" 'BEGIN {
            n = split("debt trap the of and rail port Rail bank loan a in " \
                "to china lao road belt note two seven", word, " ")
            srand(seed)
            print "About the " word[int(rand() * n) + 1] " and debt\n"
            for (i = 0; i < 500; i++) {
                w = int(rand() * rand() * n) + 1
                printf "%s%s", word[w], i % 9 ? " " : ".\n"
                if (word[w] == "debt" && rand() < .5) printf "trap "
                if (rand() < .05) printf "w%d ", rand() * 60
            }
            print ""
        }' >"docs/$i.txt"
    done
}

# agrees WINDOW WORDS
agrees() {
    "$BATS_TEST_DIRNAME/collocates.pl" "$1" "$2" docs/*.txt | sort >want
    [ "$(wc -l <want)" -gt 5 ]
    ask --collocates="$1" --format=tsv -n 0 -e "\"$2\"" >rows
    awk -F '\t' '{ printf "%s\t%d\t%.4f\t%d\t%.4f\n", $1, $2, $3, $4, $5 }' \
        rows | sort >got
    diff want got || complain "--collocates=$1 $2"
    # the best come first
    cut -f 5 rows | sort -c -g -r
}

@test "words and phrases, against a recount" {
    texts
    index docs
    agrees 5 debt
    agrees 1 debt
    agrees 40 bank
    agrees 5 'debt trap'
    agrees 2 'of the'
    agrees 5 'w7'
}

@test "after changes: several segments, dead documents" {
    texts 6
    index docs
    texts 12
    index docs
    rm docs/3.txt docs/9.txt
    index docs 2>/dev/null
    agrees 5 debt
    agrees 3 'debt trap'
}

@test "the best are those of the whole list" {
    texts
    index docs
    ask --collocates --format=tsv -n 0 debt >all
    local n
    for n in 1 2 3 5 10 20; do
        ask --collocates --format=tsv -n $n debt | diff <(head -n $n all) -
    done
    ask --collocates --format=tsv -n 4 --offset=3 debt |
        diff <(sed -n 4,7p all) -
}

@test "text, JSON, requests" {
    doc a.txt 'Title\n\nthe debt trap, the debt burden, and so on and so on'
    index .
    run -0 --separate-stderr ask --collocates=1 debt
    has "${lines[1]}" '  the'
    has "$stderr" '4 words near 2 matches in 1 document'
    ask --collocates=1 --json debt >answer.json
    [ "$(jq -c '[.total.value, .matches, .in_windows, .words, .window]' \
        answer.json)" = '[1,2,4,13,1]' ]
    [ "$(jq -c '.collocates | map([.word, .count, .total]) | sort' \
        answer.json)" = '[["burden",1,1],["the",2,2],["trap",1,1]]' ]
    ask --collocates=1 --format=ndjson debt >answer.ndjson
    [ "$(jq -r .type answer.ndjson | tr '\n' ' ')" = 'word word word end ' ]
    printf '%s\n' '{"q":"debt","collocates":1,"limit":1}' \
        '{"q":"debt","collocates":1,"kwic":9}' | ask --batch >answers
    [ "$(jq -c '[.ok, (.collocates // [] | length), .error.code]' answers |
        tr '\n' ' ')" = '[true,1,null] [false,0,"bad_value"] ' ]
    run -1 ask --collocates nothing
    run -2 ask --collocates=0 debt
    run -2 ask --collocates -c debt
    run -2 ask --collocates --by-year debt
    has "$output" 'by-year'
    run -2 ask --collocates --format=trec debt
}

@test "scripts without spaces: pairs" {
    doc a.txt '题目\n\n中国铁路公司 中国铁路公司 中国港口公司 公司'
    index .
    ask --collocates=2 --format=tsv 铁路 | cut -f 1,2 >got
    grep -qx "$(printf '公司\t2')" got
}
