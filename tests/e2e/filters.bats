# filters: --since, --until, --path, --lang, --field and their like in queries;
# --sort. Brute force over random documents is the oracle.

load helpers

# 400 records, in two commits, the second with changes of the first: a table of
# id, date, language, source, words is left in `table`.
random_records() {
    awk 'BEGIN {
        srand(7)
        for (i = 0; i < 400; i++) {
            date = rand() < 0.2 ? "" : sprintf("20%02d-%02d-%02d", rand() * 5 + 18,
                                               rand() * 12 + 1, rand() * 28 + 1)
            lang = substr("enthfrde", 1 + 2 * int(rand() * 4), 2)
            source = rand() < 0.3 ? "World Bank" : "s" int(rand() * 5)
            words = "w0"
            for (k = 1; k < 9; k++)
                for (n = int(rand() * 3 * (rand() < 1 / k)); n > 0; n--)
                    words = words " w" k
            printf "%s\t%s\t%s\t%s\t%s\n", "d/" i % 7 "/" i, date, lang, source, words
        }
    }' >table
    awk -F '\t' '{
        printf "{\"id\":\"%s\",\"text\":\"%s\",\"lang\":\"%s\",\"source\":\"%s\"%s}\n",
            $1, $5, $3, $4, $2 == "" ? "" : ",\"date\":\"" $2 "\""
    }' table >r.jsonl
    head -n 250 r.jsonl | sed 's/w1/w2/; s/"en"/"fr"/; s/2019/2020/' >first.jsonl
    index --input=jsonl first.jsonl
    index --input=jsonl r.jsonl
}

@test "random limits give what a scan of all documents gives" {
    random_records
    awk 'BEGIN {
        srand(11)
        for (i = 0; i < 150; i++) {
            since = until = lang = source = path = ""
            if (rand() < 0.5)
                since = sprintf("20%02d-%02d-%02d", rand() * 6 + 17, rand() * 12 + 1, rand() * 28 + 1)
            if (rand() < 0.5)
                until = sprintf("20%02d-%02d-%02d", rand() * 6 + 18, rand() * 12 + 1, rand() * 28 + 1)
            if (rand() < 0.3) lang = substr("enthfrdezh", 1 + 2 * int(rand() * 5), 2)
            if (rand() < 0.3) source = rand() < 0.5 ? "WORLD BANK" : "s" int(rand() * 6)
            if (rand() < 0.2) path = "d/" int(rand() * 8) "/*"
            printf "%s\t%s\t%s\t%s\t%s\tw%d\n", since, until, lang, source, path, rand() * 9
        }
    }' >asked
    awk -F '\t' '{
        printf "{\"q\":\"%s\",\"limit\":0", $6
        if ($1 != "") printf ",\"since\":\"%s\"", $1
        if ($2 != "") printf ",\"until\":\"%s\"", $2
        if ($3 != "") printf ",\"lang\":\"%s\"", $3
        if ($4 != "") printf ",\"field\":\"source=%s\"", $4
        if ($5 != "") printf ",\"path\":\"%s\"", $5
        print "}"
    }' asked >requests
    awk -F '\t' 'NR == FNR { n++; for (k = 1; k <= 5; k++) t[n, k] = $k; next }
    {
        out = ""
        undated = 0
        for (i = 1; i <= n; i++) {
            if (!index(" " t[i, 5] " ", " " $6 " ")) continue
            if ($3 != "" && t[i, 3] != $3) continue
            if ($4 != "" && tolower(t[i, 4]) != tolower($4)) continue
            if ($5 != "" && index(t[i, 1], substr($5, 1, 4)) != 1) continue
            if (($1 != "" || $2 != "") && t[i, 2] == "") undated++
            if (($1 != "" && t[i, 2] < $1) ||
                ($2 != "" && (t[i, 2] == "" || t[i, 2] >= $2))) continue
            out = out " " t[i, 1]
        }
        print undated out
    }' table asked >wanted
    ask --batch <requests >answers
    jq -r '[(.query.warnings | map(select(test("left out")) | split(" ")[0]) + ["0"])[0]] +
        [.hits[].path] | join(" ")' answers >unsorted
    sort_each() { awk '{ first = $1; n = split($0, a); $0 = ""
        for (i = 2; i <= n; i++) print NR, 1, a[i]; print NR, 0, first }' | sort; }
    sort_each <wanted >a
    sort_each <unsorted >b
    [ "$(grep -c ' 1 ' a)" -gt 2000 ]
    diff a b
    jq -e '.total.value == (.hits | length)' answers >/dev/null
    indexer -d "$DB" --check=full
}

@test "a filter changes no score and no order, in any way of evaluation" {
    random_records
    awk -F '\t' '$2 >= "2020" && $2 < "2021-07" { print $1 }' table >in
    for q in w1 'w3 w4' 'w5 w7 w8' '+w3 w4' 'w3 AND w4' '"w4 w5"' 'w2 -w3'; do
        for n in 3 0; do
            ask --format=trec -n 0 -e "$q" | awk -v n=$n 'NR == FNR { in_[$1]; next }
                $3 in in_ && (!n || i < n) { print $3, ++i, $5 }' in - >a
            for d in '--since=2020 --until=2021-07' "date:2020..2021-06" \
                "date:2020..2021-06 lang" group; do
                case $d in
                --*) ask $d --format=trec -n $n -e "$q" ;;
                *lang) ask --format=trec -n $n -e "date:2020 date:2021-01..2021-06 $q" ;;
                group) ask --format=trec -n $n -e "zzz OR ($q date:2020..2021-06)" ;;
                *) ask --format=trec -n $n -e "$d $q" ;;
                esac | awk '{ print $3, $4, $5 }' >b
                diff a b || complain "$q, $n, $d"
            done
            ask --since=2020 --until=2021-07 --json -n $n -e "$q" |
                jq -r '.hits[] | "\(.path) \(.rank) \(.score)"' | cut -d' ' -f1,2 >b
            cut -d' ' -f1,2 a | diff - b
        done
    done
    [ "$(ask -c -e 'w3 w4' --since=2020)" = "$(ask --since=2020 -n 0 -l 'w3 w4' | wc -l)" ]
}

@test "--sort: dates either way, paths; pages follow each other; undated last" {
    random_records
    for key in date -date path; do
        ask --sort=$key --format=tsv -n 0 w3 | cut -f2,3,4,5 >all
        case $key in
        date) awk -F '\t' '{ print ($3 == "" ? "9" : $3) "\t" $0 }' all |
            sort -s -t "$(printf '\t')" -k1,1 -k2,2gr -k3,3n | cut -f2- >a ;;
        -date) awk -F '\t' '{ print ($3 == "" ? "0" : $3) "\t" $0 }' all |
            sort -s -t "$(printf '\t')" -k1,1r -k2,2gr -k3,3n | cut -f2- >a ;;
        path) LC_ALL=C sort -t "$(printf '\t')" -k4,4 all >a ;;
        esac
        diff a all
        [ "$(wc -l <all)" -gt 30 ]
        for offset in 0 7 14 21; do
            ask --sort=$key --format=tsv -n 7 --offset=$offset w3 | cut -f2,3,4,5
        done >pages
        head -n 28 all | diff - pages
    done
    ask --format=tsv -n 0 w3 | cut -f3 | sort >a
    ask --sort=path --format=tsv -n 0 w3 | cut -f3 | sort | diff a -
    run -2 ask --sort=size w3
}

@test "a date is a year, a month, a day, or so long ago" {
    cat >r.jsonl <<'END'
{"id":"a","text":"rail","date":"2021-12-31"}
{"id":"b","text":"rail","date":"2022-01-01"}
{"id":"c","text":"rail","date":"2022-02-28"}
{"id":"d","text":"rail","date":"2022-03-01"}
{"id":"e","text":"rail"}
END
    index --input=jsonl r.jsonl
    is() { # PATHS ARGS...
        local want=$1
        shift
        [ "$(ask -l --sort=path "$@" 2>/dev/null | tr -d '\n')" = "$want" ] ||
            complain "$*: $(ask -l --sort=path "$@" 2>/dev/null)"
    }
    export SOURCE_DATE_EPOCH=1646138096 # 2022-03-01
    is bcd --since=2022 rail
    is a --until=2022 rail
    is bc --since=2022-01 --until=2022-03 rail
    is c --since=2022-01-02 --until=2022-03-01 rail
    is d --since=0d rail
    is cd --since=1d rail
    is bcd --since=2m rail
    is abcd --since=1y rail
    is ab --until=1w rail
    is bcd rail date:2022
    is ab rail date:2021..2022-01
    is abc rail date:..2022-02
    is cd rail date:1d..
    is ae -e 'rail -date:2022'
    is ad -e 'rail AND (date:2021 OR date:2022-03)'
    is ad rail date:2021 date:2022-03
    is '' --since=2023 rail
    [ "$(ask -c --since=2022 rail 2>err)" = 3 ]
    grep -q '^query: 1 document without a date of its own was left out by --since$' err
    printf 'rail\nrail\n' | ask --since=2022 -l -f - 2>err
    [ "$(grep -c 'documents without a date' err)" = 1 ]
    ask --since=2022 -l rail 2>err
    grep -q 'documents without a date' err
    ask --since=2022 --json rail 2>err | jq -e '.query.warnings | length == 1' >/dev/null
    [ ! -s err ]
    ask rail date:2022 2>&1 >/dev/null | grep -q 'left out by date:'
    ask rail 2>&1 >/dev/null | grep -c 'left out' | grep -qx 0
    run -2 ask --since=2022-02-30 rail
    [[ $output == *"'2022-02-30' is no date"* ]]
    run -2 ask --lang=english rail
    run -2 ask --field=source rail
    run -2 ask --path= rail
    run -1 ask --field=nothing=here rail
    echo '{"q":"rail","since":5}
{"q":"rail","until":"soon"}
{"q":"rail","lang":""}
{"q":"rail","field":"=x"}
{"q":"rail","sort":"up"}' | ask --batch >out
    [ "$(jq -r .error.code out | sort -u)" = bad_value ]
}

@test "files dated by their time alone: filtered by it, and counted where left out" {
    doc docs/a.txt 'rail\nPublished: May 5, 2019'
    doc docs/b.txt rail
    doc docs/c.txt rail
    touch -d '2021-02-03 12:00Z' docs/b.txt
    touch -d '2022-02-03 12:00Z' docs/c.txt
    index docs
    [ "$(ask -l --since=2022 rail 2>/dev/null)" = docs/c.txt ]
    [ "$(ask --json --since=2022 rail | jq -r '.query.warnings[]')" = \
        "1 document without a date of its own was left out by --since" ]
    [ "$(ask --json --until=2022 rail | jq -r '.hits[] | .path + " " + .date_source' | sort)" = \
        "docs/a.txt text
docs/b.txt mtime" ]
}

@test "fields: whole values and items of lists, in any case; they follow changes" {
    doc docs/a.md '---\ntitle: A\ntags: [Rail, Port]\nsource: World Bank\n---\nx'
    doc docs/b.md '---\ntags:\n  - rail\n  - "Sea"\nauthor: Roe, Jane\n---\nx'
    doc docs/c.md '---\nTags: Straße\nlang: de\n---\nx'
    index docs
    with() { ask -l --sort=path "${@/#/--field=}" x | tr '\n' ' '; }
    [ "$(with tags=rail)" = "docs/a.md docs/b.md " ]
    [ "$(with TAGS=sea)" = "docs/b.md " ]
    [ "$(with tags=STRASSE)" = "docs/c.md " ]
    [ "$(with 'source=world bank')" = "docs/a.md " ]
    [ "$(with author=roe)" = "docs/b.md " ]
    [ "$(with 'author=Roe, Jane')" = "docs/b.md " ]
    [ "$(with tags=rail tags=port)" = "docs/a.md " ]
    [ "$(ask -l --lang=de-AT x)" = docs/c.md ]
    [ "$(ask -l x lang:de)" = docs/c.md ]
    sed -i 's/Rail, Port/Port/' docs/a.md
    mv docs/b.md docs/d.md
    rm docs/c.md
    index --max-purge=100% docs
    [ "$(with tags=rail)" = "docs/d.md " ]
    [ "$(with tags=port)" = "docs/a.md " ]
    run -1 ask --field tags=strasse x
    indexer -d "$DB" --check
    indexer -d "$DB" --compact
    indexer -d "$DB" --check
    indexer -d "$DB" --backup copy
    indexer -d copy --check
    [ "$(with tags=rail)" = "docs/d.md " ]
    indexer -d "$DB" --rebuild
    indexer -d "$DB" --check=full
    [ "$(with tags=rail)" = "docs/d.md " ]
}
