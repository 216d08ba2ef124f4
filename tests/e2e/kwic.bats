#!/usr/bin/env bats
# The concordance. What it should print is found out by regular expressions
# over the raw texts (concordance.pl).

load helpers

# Texts of words of many scripts in any order; the same each time.
texts() {
    local i
    mkdir -p docs
    for i in 1 2 3 4 5; do
        awk -v seed="$i" 'BEGIN {
            n = split("rail port debt trap Debt TRAP the of 铁路 港口 " \
                "ＡＢＣ cafe\xcc\x81 na\xc3\xafve \xf0\x9f\x87\xb1\xf0\x9f\x87\xa6 " \
                "가나 รถไฟ x\xcc\x81\xcc\x82\xcc\x83 1.7 don\x27t", word, " ")
            m = split(" | |, |. |\n|\n\n|  |\t| (|\r\n", gap, "|")
            srand(seed)
            print "title"
            print ""
            for (i = 0; i < 400; i++)
                printf "%s%s", word[int(rand() * n) + 1],
                    gap[int(rand() * m) + 1]
            print "end"
        }' >"docs/$i.txt"
    done
    index docs
}

# agrees WIDTH ORDER QUERY REGEX [FILE...]
agrees() {
    local width=$1 order=$2 query=$3 regex=$4
    shift 4
    [ $# -gt 0 ] || set -- docs/*.txt
    "$BATS_TEST_DIRNAME/concordance.pl" "$width" "$order" "$regex" "$@" >want
    query -d "$DB" --kwic="$width" --kwic-sort="$order" --format=tsv -n 0 \
        -e "$query" | awk -F '\t' '$2 > 1' >got # but for titles
    [ -s want ] || complain "nothing to compare for $query"
    cmp -s want got || complain "$query: $(diff want got | head -n 6)"
}

@test "words and phrases, against regular expressions" {
    texts
    local w
    for w in 1 7 40 300; do
        agrees $w pos '"debt"' '(?<![\p{L}\p{N}])debt(?![\p{L}\p{N}])'
        agrees $w pos '"debt trap"' \
            '(?<![\p{L}\p{N}])debt[^\p{L}\p{N}]+trap(?![\p{L}\p{N}])'
        agrees $w pos '"debt tra*"' \
            '(?<![\p{L}\p{N}])debt[^\p{L}\p{N}]+tra[\p{L}\p{N}]*(?![\p{L}\p{N}])'
        agrees $w pos '"(the OR of) r?il"' \
            '(?<![\p{L}\p{N}])(the|of)[^\p{L}\p{N}]+r[\p{L}\p{N}]il(?![\p{L}\p{N}])'
        agrees $w pos '"铁路"' '铁路'
        agrees $w pos '=TRAP' '(?-i:(?<![\p{L}\p{N}])TRAP(?![\p{L}\p{N}]))'
        agrees $w pos 'rail port' \
            '(?<![\p{L}\p{N}])(rail|port)(?![\p{L}\p{N}])'
    done
}

@test "sorted by the words before and behind" {
    mkdir docs
    local i
    for i in 1 2 3 4 5 6; do
        awk -v seed="$i" 'BEGIN {
            n = split("a A b the The of 铁 路 port rail end z 9 10", word, " ")
            m = split(" | |, |. |\n|\n\n| (", gap, "|")
            srand(seed)
            print "title\n"
            for (i = 0; i < 200; i++)
                printf "%s%s", word[int(rand() * n) + 1],
                    gap[int(rand() * m) + 1]
            print "."
        }' >docs/$i.txt
    done
    index docs
    agrees 20 left '"rail"' '(?<![\p{L}\p{N}])rail(?![\p{L}\p{N}])'
    agrees 20 right '"rail"' '(?<![\p{L}\p{N}])rail(?![\p{L}\p{N}])'
    agrees 5 right '"a the"' \
        '(?<![\p{L}\p{N}])a[^\p{L}\p{N}]+the(?![\p{L}\p{N}])'
}

@test "the corpus, against regular expressions" {
    cp -r "$ROOT/corpus" corpus
    rm -f corpus/*.*
    find corpus -type f ! -name '*.txt' -delete
    find corpus -type f ! -exec iconv -f utf-8 -o /dev/null {} \; -delete \
        2>/dev/null
    index corpus
    local word word_re list
    for word in china railway port trade; do
        mapfile -t list < <(query -d "$DB" --kwic --format=ndjson -n 0 \
            "\"$word\"" | jq -r 'select(.type == "line") | .path' | sort -u)
        [ ${#list[@]} -gt 3 ]
        # a line's end may divide it
        word_re=$(sed 's/\B./(?:-[ \\t]*\\r?\\n[ \\t]*)?&/g' <<<"$word")
        agrees 30 pos "\"$word\"" \
            "(?<![\\p{L}\\p{N}])$word_re(['’]s)?(?![\\p{L}\\p{N}])" "${list[@]}"
    done
}

@test "text is aligned by columns" {
    doc a.txt 'Title\n\nthe debt trap of 铁路港口铁路港口 debt, and cafe\xcc\x81 de\xcc\x81ja\xcc\x80 debt here'
    doc long/name/of/b.txt 'Title\n\ndebt'
    index .
    run -0 --separate-stderr ask --kwic=12 debt
    [ "${lines[0]}" = 'a.txt:3:5                       the [debt] trap of 铁' ]
    [ "${lines[1]}" = $'a.txt:3:43               口铁路港口 [debt], and cafe\xcc\x81 d' ]
    printf '%s\n' "${lines[@]}" >got
    # each line up to the bracket takes as many columns
    run -0 perl -CSD -ne 'my ($left) = /^(.*)\[debt\]/ or die;
        my $n = () = $left =~ /\P{Mn}/g;
        $n += () = $left =~ /\p{EA=W}/g; print "$n\n"' got
    [ "$(sort -u <<<"$output" | wc -l)" = 1 ] || complain "$output"
    has "$stderr" '4 of 4 matches in 2 documents'
}

@test "-n and --offset count lines, -c matches" {
    doc a.txt 'Title\n\none port two port three port'
    doc b.txt 'Title\n\nfour port five port'
    index .
    run -0 --separate-stderr ask --kwic=6 -n 2 --offset=2 port
    [ "${#lines[@]}" = 2 ]
    has "${lines[0]}" 'three [port]'
    has "${lines[1]}" 'four [port]'
    has "$stderr" '2 of 5 matches in 2 documents'
    run -0 --separate-stderr ask --kwic=6 -n 1 --kwic-sort=left port
    has "${lines[0]}" 'five [port]'
    run -0 ask --kwic -c port
    [ "$output" = 5 ]
    run -1 ask --kwic -c nothing
    [ "$output" = 0 ]
    run -1 ask --kwic -q nothing
    run -0 ask --kwic -q port
    [ -z "$output" ]
}

@test "sorted by date and path" {
    doc z/2021-05-01.txt 'Title\n\nport'
    doc a/2023-01-01.txt 'Title\n\nport'
    doc m/2022-01-01.txt 'Title\n\nport'
    index z
    index a m
    run -0 bash -c "query -d '$DB' --kwic --kwic-sort=date --format=tsv port |
        cut -f1 | tr '\n' ' '"
    [ "$output" = 'z/2021-05-01.txt m/2022-01-01.txt a/2023-01-01.txt ' ]
    run -0 bash -c "query -d '$DB' --kwic --kwic-sort=path --format=tsv port |
        cut -f1 | tr '\n' ' '"
    [ "$output" = 'a/2023-01-01.txt m/2022-01-01.txt z/2021-05-01.txt ' ]
}

@test "a sample is the same for the same seed, and part of the whole" {
    texts
    query -d "$DB" --kwic --format=tsv -n 0 debt >all
    query -d "$DB" --kwic --format=tsv --sample=20,7 debt >a
    query -d "$DB" --kwic --format=tsv --sample=20,7 debt >b
    query -d "$DB" --kwic --format=tsv --sample=20,8 debt >c
    query -d "$DB" --kwic --format=tsv --sample=40,7 debt >d
    [ "$(wc -l <a)" = 20 ]
    cmp a b
    ! cmp -s a c
    # in the order of the whole, and a larger one has the smaller one
    diff <(grep -nxFf a all | cut -d: -f2-) a
    [ "$(grep -cxFf d a)" = 20 ]
    query -d "$DB" --kwic --format=tsv --sample=100000 debt | cmp - all
    run -0 --separate-stderr ask --kwic --sample=3 -n 2 --json debt
    [ "$(jq '[(.lines | length), .truncated] | tostring' <<<"$output")" = \
        '"[2,true]"' ]
}

@test "JSON: places, paragraph and page" {
    doc a.txt 'Title\n\nfirst port\nsame\n \t\nsecond\fand port\n\n\n\fthird port'
    index .
    ask --kwic=5 --json port >answer.json
    [ "$(jq -c '[.lines[] | [.line, .col, .byte, .len, .par, .page]]' \
        answer.json)" = \
        '[[3,7,13,4,2,1],[6,12,37,4,3,2],[9,8,51,4,4,3]]' ]
    [ "$(jq -c '.lines[0] | [.path, .left, .match, .right, .stale]' \
        answer.json)" = '["a.txt","irst ","port"," same",false]' ]
    [ "$(jq -c '[.matches.value, .total.value, .truncated]' answer.json)" = \
        '[3,1,false]' ]
    ask --kwic=5 --format=ndjson -n 2 port >answer.ndjson
    [ "$(jq -sc '[.[].type]' answer.ndjson)" = '["line","line","end"]' ]
    [ "$(jq -sc '.[2] | [.matches.value, .truncated]' answer.ndjson)" = \
        '[3,true]' ]
    run -0 --separate-stderr ask --kwic=5 port
    has "${lines[1]}" 'a.txt:6:12 (p. 2) '
}

@test "requests of --batch" {
    doc a.txt 'Title\n\none port two port'
    index a.txt
    printf '%s\n' '{"q":"port","kwic":4,"limit":1}' \
        '{"q":"port","kwic":4,"kwic-sort":"left","sample":"2,9"}' \
        '{"q":"port","kwic":4,"count":true}' \
        '{"q":"port","kwic-sort":"left"}' '{"q":"port","kwic":true}' \
        '{"q":"port","kwic":4,"snippets":2}' 'port' |
        query -d "$DB" --batch >answers
    [ "$(jq -c '[.ok, .matches.value, (.lines // [] | length), .error.code]' \
        answers | tr '\n' ' ')" = "[true,2,1,null] [true,2,2,null] \
[true,2,0,null] [false,null,0,\"bad_value\"] [false,null,0,\"bad_value\"] \
[false,null,0,\"bad_value\"] [true,null,0,null] " ]
}

@test "what came from a document does not steer the terminal" {
    printf 'Title\n\nred \033[31m port \xe2\x80\xae and \x9b port\n' >a.txt
    index a.txt
    run -0 ask --kwic port
    has_not "$output" $'\033'
    has_not "$output" $'\xe2\x80\xae'
    run -0 script -qec "query -d '$DB' --kwic --format=tsv port" /dev/null
    has_not "$output" $'\033'
}

@test "many questions: each with its lines" {
    doc a.txt 'Title\n\none port two rail'
    index a.txt
    printf 'port\nrail\n' >questions
    run -0 --separate-stderr ask --kwic=4 -f questions
    has "${lines[0]}" '[port]'
    has "${lines[1]}" '[rail]'
    # the same from several processes
    yes "$(cat questions)" | head -n 40 >many
    local format
    for format in text tsv json ndjson; do
        ask --kwic=4 --format=$format -f many 2>/dev/null |
            sed 's/"seconds":[0-9.e-]*//' >one
        ask --jobs=3 --kwic=4 --format=$format -f many 2>/dev/null |
            sed 's/"seconds":[0-9.e-]*//' | cmp - one
    done
    [ -s one ]
    ask --jobs=2 --batch <<<'{"q":"port","kwic":4}' |
        jq -e '.lines | length == 1'
}

@test "what makes no sense" {
    run -2 ask --kwic=0 x
    run -2 ask --kwic=wide x
    run -2 ask --kwic --kwic-sort=size x
    run -2 ask --kwic --sample=0 x
    run -2 ask --kwic --sample=3,x x
    run -2 ask --kwic-sort=left x
    has "$output" '--kwic'
    run -2 ask --sample=3 x
    run -2 ask --kwic -l x
    run -2 ask --kwic --explain x
    has "$output" '--explain'
    run -2 ask --kwic --snippets=3 x
    doc a.txt 'Title\n\none port'
    index --no-text a.txt
    run -2 ask --kwic port
    has "$output" 'without texts'
}

@test "limits hold" {
    doc 2021-05-01.txt 'Title\n\none port rail'
    doc 2023-01-01.txt 'Title\n\ntwo port rail'
    index .
    run -0 --separate-stderr ask --kwic=4 --since=2022 port
    [ "${#lines[@]}" = 1 ]
    has "${lines[0]}" 'two [port]'
    [ "$(ask --kwic -c --until=2022 port)" = 1 ]
    [ "$(ask --kwic --sample=9 --format=tsv --since=2022 'port OR rail' |
        wc -l)" = 2 ]
    [ "$(ask --collocates --format=tsv --until=2022 port | cut -f 1 | sort |
        tr '\n' ' ')" = 'one rail ' ]
    [ "$(ask --by-year --format=tsv --until=2022 port | cut -f 1,2 |
        tr '\t\n' '= ')" = '2021=1 2023=0 ' ]
    run -2 ask --kwic --sort=date port
    has "$output" '--sort'
}
