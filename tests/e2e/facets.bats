# --facet, against counts of all hits.

load helpers

# 500 records in two commits, the second with changes of the first; a table of
# id, date, language, source, tags, words is left in `table`.
random_records() {
    awk 'BEGIN {
        srand(5)
        for (i = 0; i < 500; i++) {
            date = rand() < 0.2 ? "" : sprintf("20%02d-%02d-%02d", rand() * 5 + 18,
                                               rand() * 12 + 1, rand() * 28 + 1)
            lang = substr("enthfrde  ", 1 + 2 * int(rand() * 5), 2)
            source = rand() < 0.3 ? "" : rand() < 0.3 ? "Bank, World" : "s" int(rand() * 5)
            tags = ""
            for (k = 0; k < 4; k++)
                if (rand() < 0.4) tags = tags (tags == "" ? "" : ",") "T" k
            words = "w0"
            for (k = 1; k < 6; k++)
                if (rand() < 1 / k) words = words " w" k
            printf "%s\t%s\t%s\t%s\t%s\t%s\n", "d" i % 7 "/" i, date, lang, source, tags, words
        }
    }' >table
    awk -F '\t' '{
        printf "{\"id\":\"%s\",\"text\":\"%s\"", $1, $6
        if ($2 != "") printf ",\"date\":\"%s\"", $2
        if ($3 != "  ") printf ",\"lang\":\"%s\"", $3
        if ($4 != "") printf ",\"source\":\"%s\"", $4
        if ($5 != "") printf ",\"tags\":\"%s\"", $5
        print "}"
    }' table >r.jsonl
    head -n 300 r.jsonl | sed 's/w1/w2/; s/"en"/"fr"/; s/2019/2020/; s/T1/T9/' >first.jsonl
    index --lang=english --input=jsonl first.jsonl
    index --input=jsonl r.jsonl
}

@test "facets are what counting all hits gives, under any filter" {
    random_records
    local n=0
    for q in w0 w1 'w2 w3' '+w1 w4' '"w1 w2"' 'w3 -w2' 'w5 path:d3' w9; do
        for more in '' ',"since":"2020"' ',"lang":"en"' ',"field":"source=s1"' \
            ',"all":true' ',"total":"none"' ',"count":true' ',"sort":"date"'; do
            printf '{"id":%d,"q":"%s","facet":"year,lang,source,tags"%s}\n' $((++n)) "${q//\"/\\\"}" "$more"
        done
    done >requests
    jq -c '.limit = 0 | .count = false' requests | ask --batch |
        jq -r '.id as $n | .hits[] | [$n, .path] | @tsv' >all
    awk -F '\t' 'NR == FNR { t[$1] = $0; next }
        function count(facet, value) { print $1, facet, value == "" ? "none" : tolower(value) }
        {
            split(t[$2], f, "\t")
            count("year", substr(f[2], 1, 4))
            count("lang", f[3] == "  " ? "" : f[3])
            count("source", f[4] == "" ? substr(f[1], 1, 2) : f[4])
            n = split(f[5], tag, ",")
            for (i = 1; i <= n; i++) count("tags", tag[i])
            if (!n) count("tags", "")
        }' table all | sort | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, ""); print $0, n }' |
        sort >wanted
    ask --batch <requests | jq -r '.id as $n | .facets | to_entries[] |
        .key as $f | .value | to_entries[] | "\($n) \($f) \(.key) \(.value)"' | sort >counted
    [ "$(wc -l <wanted)" -gt 500 ]
    diff wanted counted
}

@test "a source is a field, or else a folder or the host of an id" {
    doc docs/a.txt 'rail'
    doc docs/one/b.txt 'rail'
    doc docs/one/deep/c.txt 'rail'
    doc docs/two/d.md '---\nsource: World Bank\npublisher: X\n---\nrail'
    doc docs/two/e.md '---\npublisher: none\nauthor: "Roe, Jane"\n---\nrail'
    doc docs/two/f.md '---\nauthor:\n  - Doe\n  - "Roe"\n---\nrail'
    doc docs/two/g.md '---\nauthor: 张三，李四\n---\nrail'
    doc other/h.txt 'rail'
    doc lone/i.txt 'rail'
    index docs other
    index lone/i.txt
    cat >r.jsonl <<'END'
{"id":"https://www.aiib.org/x/y","text":"rail"}
{"id":"https://adb.org","text":"rail"}
{"id":"x/1","text":"rail"}
{"id":"1","text":"rail"}
END
    index --input=jsonl r.jsonl
    [ "$(ask -c --json --facet=source rail | jq -cS .facets)" = \
        '{"source":{"adb.org":1,"docs":1,"lone":1,"none":2,"one":2,"other":1,"two":2,"world bank":1,"www.aiib.org":1,"x":1}}' ]
    [ "$(ask -c --json --facet=AUTHOR rail | jq -cS .facets)" = \
        '{"AUTHOR":{"doe":1,"jane":1,"none":10,"roe":2,"张三,李四":1}}' ]
    rm docs/two/d.md docs/two/f.md
    index --max-purge=100% docs
    [ "$(ask -c --json --facet=source rail | jq -c '.facets.source | [.two, ."world bank"]')" = '[1,null]' ]
    [ "$(ask -c --json --facet=author rail | jq -cS .facets.author)" = \
        '{"jane":1,"none":9,"roe":1,"张三,李四":1}' ]
}

@test "facets in text, in JSON, in batches; what they do not go with" {
    cat >r.jsonl <<'END'
{"id":"a","text":"rail","date":"2022-12-31","lang":"en"}
{"id":"b","text":"rail","date":"2021-01-01","lang":"en"}
{"id":"c","text":"rail","lang":"th"}
END
    index --input=jsonl r.jsonl
    [ "$(ask -c --facet year,lang rail)" = "3

year
       1  2021
       1  2022
       1  none

lang
       2  en
       1  th" ]
    ask -n 1 --facet year --facet lang rail 2>err >out
    [ "$(head -n 1 out | cut -c 1-3)" = ' 1 ' ]
    ask -c --facet year,lang rail | tail -n +2 | diff - <(tail -n 9 out)
    [ "$(cat err)" = '1 of 3 documents' ]
    [ "$(ask --json rail | jq .facets)" = null ]
    ask --format=ndjson -n 0 --facet=lang rail | tail -n 1 >end
    [ "$(jq -c '[.type, .facets]' end)" = '["end",{"lang":{"en":2,"th":1}}]' ]
    run -1 ask -c --json --facet=year,year nothing
    [ "$(jq -c .facets <<<"$output")" = '{"year":{}}' ]
    run -0 ask -q --facet=year rail
    [ -z "$output" ]
    run -2 ask --facet= rail
    run -2 ask --facet=year,,lang rail
    run -2 ask -l --facet=year rail
    [[ $output == *"--facet goes with"* ]]
    run -2 ask --kwic --facet=year rail
    [[ $output == *"--facet does not go with --kwic"* ]]
    printf '%s\n' '{"q":"rail","facet":"lang","count":true}' '{"q":"rail"}' \
        '{"q":"rail","facet":7}' '{"q":"rail","facet":"a,"}' | ask --batch --facet=year >out
    [ "$(jq -c '.facets // .error.code' out | tr '\n' ' ')" = \
        '{"lang":{"en":2,"th":1}} {"year":{"2021":1,"2022":1,"none":1}} "bad_value" "bad_value" ' ]
    awk 'BEGIN { for (i = 0; i < 1500; i++)
        printf "{\"id\":\"%d\",\"text\":\"port\",\"n\":\"v%d\"}\n", i, i % 1100 }' >n.jsonl
    index --input=jsonl n.jsonl
    ask -c --facet=n port | tail -n 2 >out
    [ "$(cat out)" = "       2  v115
          and 1080 others" ]
    [ "$(ask -c --json --facet=n port | jq '.facets.n | length')" = 1000 ]
}
