#!/usr/bin/env bats
# --by-year, against a recount of the dates and of what matches.

load helpers

# A line for each document that matches: a dash, and its own date.
own_years() {
    ask --json -n 0 --snippets=0 --dups=show -e "$1" | jq -r '.hits[] |
        "-" + (if .date_source == "mtime" then "" else .date // "" end)'
}

# recount QUERY: year, matching, of: from the listing of all documents.
recount() {
    own_years '-nosuchwordanywhere' >everything
    own_years "$1" >some || true
    awk 'FNR == NR { all[substr($0, 2, 4)]++; next }
        { n[substr($0, 2, 4)]++ }
        END { for (y in all) print y "\t" n[y] + 0 "\t" all[y] }' \
        everything some | sort -t "$(printf '\t')" -k 1,1 |
        awk 'substr($0, 1, 1) == "\t" { undated = $0; next } { print }
             END { if (undated) print undated }'
}

@test "as many as a recount finds: corpus" {
    cp -r "$ROOT/corpus" corpus
    doc corpus/undated.md 'A railway\n\nwithout any date'
    index corpus 2>/dev/null
    local q
    for q in railway '"the"' rcep 'port -railway' path:2022; do
        recount "$q" >want
        ask --by-year --format=tsv -e "$q" | cut -f 1-3 >got
        [ "$(wc -l <want)" -ge 4 ]
        diff want got || complain "$q"
    done
    ask --by-year --format=tsv railway | awk -F '\t' '
        { s = $2 / $3; d = s - $4; if (d > 1e-6 || d < -1e-6) exit 1 }'
}

@test "text, with bars; JSON" {
    doc 2021-01-01.txt 'Title\n\nport'
    doc 2021-01-02.txt 'Title\n\nrail'
    doc 2023-01-01.txt 'Title\n\nport'
    doc 2023-02-01.txt 'Title\n\nport'
    doc 2024-02-01.txt 'Title\n\nrail'
    index .
    run -0 ask --by-year port
    local bar
    bar=$(printf '█%.0s' $(seq 20))
    [ "${lines[1]}" = "   2021          1          2  50.00 %  $bar" ]
    [ "${lines[2]}" = "   2023          2          2 100.00 %  $bar$bar" ]
    [ "${lines[3]}" = '   2024          0          1   0.00 %' ]
    [ "${#lines[@]}" = 4 ]
    ask --by-year --json port >answer.json
    [ "$(jq -c '[.total.value, .years[1]]' answer.json)" = \
        '[3,{"year":2023,"count":2,"docs":2,"share":1}]' ]
    ask --by-year --format=ndjson port >answer.ndjson
    [ "$(jq -r '.type' answer.ndjson | tr '\n' ' ')" = 'year year year end ' ]
    printf '%s\n' '{"q":"port","by-year":true}' '{"q":"port","by-year":false}' \
        '{"q":"port","by-year":true,"limit":3}' | ask --batch >answers
    [ "$(jq -c '[.ok, (.years // [] | length), (.hits // [] | length),
        .error.code]' answers | tr '\n' ' ')" = \
        '[true,3,0,null] [true,0,3,null] [false,0,0,"bad_value"] ' ]
    run -1 ask --by-year nothing
    run -0 ask --by-year -q port
    [ -z "$output" ]
}

@test "what makes no sense" {
    run -2 ask --by-year -n 3 x
    has "$output" '--limit'
    run -2 ask --by-year --kwic x
    run -2 ask --by-year -l x
    run -2 ask --by-year -c x
}
