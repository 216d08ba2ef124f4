# query: the language, the listings, the formats.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
    DOCS=$BATS_FILE_TMPDIR
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir docs
    cat >docs/2021-03-04-ports.txt <<'END'
Ports of the Gulf

The port of Sihanoukville grew. A second port opened in 2020,
and the Ports Authority built a railway to it.

Trade rose; the US said so. It told us.
END
    cat >docs/2022-01-04-rcep.md <<'END'
# RCEP enters into force

The Regional Comprehensive Economic Partnership (RCEP) entered into force on
1 January. Trade in goods is freer now. RCEP covers 15 economies.
END
    cat >docs/2023-05-06-rail.txt <<'END'
A railway to Laos

The China-Laos railway opened in 2021. Physical works took five years;
physics was not the problem. Railways, railways, railways.
END
    cat >docs/2024-07-08-durian.txt <<'END'
Durian season

Thai durian travels by railway now. 中老铁路运输榴莲。
END
    indexer -d "$BATS_FILE_TMPDIR/db" docs
}

ports=docs/2021-03-04-ports.txt
rcep=docs/2022-01-04-rcep.md
rail=docs/2023-05-06-rail.txt
durian=docs/2024-07-08-durian.txt

# --- the language ---------------------------------------------------------

@test "words are stemmed and ORed" {
    finds_only port $ports
    finds_only 'ports durians' $ports $durian
    finds_only 'RAILWAYS' $ports $rail $durian
    run -1 ask xyzzy
    finds_only 'xyzzy port' $ports
}

@test "+must and -not" {
    finds_only '+railway port' $ports $rail $durian
    finds_only '+railway +trade' $ports
    finds_only 'railway -port' $rail $durian
    finds_only 'railway -"china laos"' $ports $durian
    finds_only 'railway -(port durian)' $rail
    finds_only '-railway' $rcep
    finds_only 'NOT railway' $rcep
}

@test "a purely negative query lists the others at score 0" {
    run -0 ask --format=trec -n 0 -e '-railway'
    [ "$(awk '{ print $5 }' <<<"$output")" = 0 ]
}

@test "AND OR NOT and groups" {
    finds_only 'railway AND trade' $ports
    finds_only 'railway AND NOT port' $rail $durian
    finds_only 'rcep OR durian' $rcep $durian
    finds_only '(rcep OR port) AND trade' $ports $rcep
    finds_only '(rcep OR port) AND (railway OR durian)' $ports
    finds_only 'rcep OR railway AND laos' $rcep $rail
    finds_only 'railway and trade' $ports $rcep $rail $durian
}

@test "AND makes both its neighbours required, the others stay optional" {
    finds_only 'durian port AND trade' $ports
    finds_only 'xyzzy port AND trade' $ports
    run -1 ask 'port AND xyzzy'
}

@test "exact phrases" {
    finds_only '"entered into force"' $rcep
    finds_only '“entered into force”' $rcep
    run -1 ask -e '"enters into forces"'
    run -1 ask -e '"force into"'
    finds_only '"physics"' $rail
    finds_only physical $rail
    finds_only '"railways"' $rail
    finds_only '"railway"' $ports $rail $durian
    finds_only '"PORTS authority"' $ports
}

@test "a phrase does not reach from the title into the text" {
    run -1 ask -e '"gulf the"'
    run -1 ask -e '"season thai"'
    finds_only '"durian season"' $durian
}

@test "=Exact keeps case" {
    finds_only '=US' $ports
    finds_only '=RCEP' $rcep
    run -1 ask -e '=rcep'
    finds_only '=us' $ports
    finds_only '=Railways' $rail
}

@test "title:" {
    finds_only title:railway $rail
    finds_only title:durian $durian
    run -1 ask title:sihanoukville
    finds_only 'title:"durian season"' $durian
    finds_only 'title:(railway OR durian)' $rail $durian
    finds_only 'railway -title:railway' $ports $durian
}

@test "path: and id:" {
    finds_only 'railway path:2023' $rail
    finds_only 'railway AND path:2023' $rail
    finds_only '+path:docs/2022-01-04-rcep.md' $rcep
    id=$(ask --format=json -e =RCEP | jq .hits[0].id)
    finds_only "+id:$id" $rcep
    run -1 ask -e "+id:999999"
}

@test "-a requires every word" {
    run -0 ask -a -l 'railway trade'
    [ "$output" = $ports ]
    run -1 ask -a 'railway rcep'
    run -0 ask -a -o -c 'railway rcep'
}

@test "scripts without spaces" {
    finds_only 铁路 $durian
    finds_only 中老铁路 $durian
    finds_only '"铁路运输"' $durian
    finds_only 莲 $durian
    run -1 ask 路铁
}

@test "a word given twice weighs twice" {
    one=$(ask --format=trec -e rcep | awk '{ print $5 }')
    two=$(ask --format=trec -e 'rcep rcep' | awk '{ print $5 }')
    awk -v a="$one" -v b="$two" 'BEGIN { exit !(b / a > 1.99999 && b / a < 2.00001) }'
}

@test "ordinary text is never a syntax error" {
    while IFS= read -r q; do
        run ask -e "$q"
        [ "$status" -le 1 ] || complain "exit $status for: $q"
        run ask --format=json -e "$q"
        [ "$status" -le 1 ] || complain "exit $status for: $q"
        jq -e .schema <<<"$output" >/dev/null
    done <<'END'
rail (port
rail) port
"open quote
“open quote
a "b" c"
AND
OR
NOT
AND AND AND
rail AND
OR rail
rail OR
NOT NOT rail
-
+
"
(
)
()
""
+-rail
-+rail
++
--
rail - port
C++
AT&T
50% of 10^6
what? when! where: here; there
foo:bar
http://example.org/a?b=c&d=e#f
title:
title:title:rail
path:
id:x
id:99999999999999999999
=
==
=""
a^b
rail^
*
***
~
"rail"~
rail~
?
\
\"rail\"
'rail'
{rail}
[rail]
rail..port
..
...
1.7
$1.7
3-2
-3
–rail
¿qué?
香
香，港
END
}

@test "a lone sign is no word: exit 1" {
    for q in - + '"' '(' ')' ''; do
        run -1 ask -e "$q"
    done
}

@test "no query crashes: long, deep, binary" {
    long=$(printf 'rail %.0s' $(seq 1000))
    run ask -c -e "$long"
    [ "$status" -le 2 ]
    long=$(printf '(%.0s' $(seq 5000))
    run ask -c -e "$long"
    [ "$status" -le 2 ]
    long=$(printf 'x%.0s' $(seq 100000))
    run ask -c -e "$long"
    [ "$status" -le 2 ]
    run ask -c -e $'rail \xff\xfe\x80 \x01\x02 \xed\xa0\x80'
    [ "$status" -le 2 ]
    run ask -c -e "$(printf -- '-rail %.0s' $(seq 1000))"
    [ "$status" -le 2 ]
    head -c 20000 /dev/urandom | tr '\0' ' ' >noise
    run ask -c -f noise
    [ "$status" -le 2 ]
}

# --- options --------------------------------------------------------------

@test "-c prints the exact number and nothing else" {
    run -0 --separate-stderr ask -c railway
    [ "$output" = 3 ]
    [ -z "$stderr" ]
    run -1 ask -c xyzzy
    [ "$output" = 0 ]
    run -0 ask -c -n 1 railway
    [ "$output" = 3 ]
}

@test "-l prints paths, -0 ends them with NUL, -q prints nothing" {
    run -0 --separate-stderr ask -l port
    [ "$output" = $ports ]
    [ "$(query -d "$DB" -l -0 port | tr '\0' '|')" = "$ports|" ]
    run -0 --separate-stderr ask -q port
    [ -z "$output$stderr" ]
    run -1 --separate-stderr ask -q xyzzy
    [ -z "$output$stderr" ]
}

@test "-n and --offset page through the same list" {
    all=$(ask -l -n 0 'railway trade')
    [ "$(wc -l <<<"$all")" = 4 ]
    pages=$(for o in 0 1 2 3; do ask -l -n 1 --offset "$o" 'railway trade'; done)
    [ "$pages" = "$all" ]
    run ask -l --offset 100 'railway trade'
    [ -z "$output" ]
    ask --format=json --offset=2 -n 1 'railway trade' |
        jq -e '.offset == 2 and .limit == 1 and .hits[0].rank == 3 and (.hits | length) == 1 and .total.value == 4 and .truncated'
}

@test "--k1 and --b change the scores" {
    a=$(ask --format=trec 'railway' | awk '{ print $5; exit }')
    b=$(ask --format=trec --k1=0.5 --b=0.1 'railway' | awk '{ print $5; exit }')
    [ "$a" != "$b" ]
    # with k1 = 0 the score is the idf: ln(1 + (4 - 3 + .5) / (3 + .5))
    run -0 ask --format=trec --k1=0 railway
    awk '{ if ($5 < 0.35667 || $5 > 0.35668) exit 1 }' <<<"$output"
    run -2 ask --k1=-1 railway
    run -2 ask --b=2 railway
}

@test "--total" {
    ask --format=json --total=exact -n 1 railway |
        jq -e '.total.value == 3 and .total.relation == "eq"'
    ask --format=json --total=none -n 1 railway | jq -e '.total != 3'
}

@test "-f answers each line of a file in turn" {
    printf 'durian\nrcep\n' >questions
    run -0 ask -l -f questions
    [ "$output" = "$durian
$rcep" ]
    run -0 bash -c "query -d '$DB' -l -f - <questions"
    [ "$output" = "$durian
$rcep" ]
    run -2 ask -f nowhere
}

@test "--topics: plain words, a run in TREC form" {
    printf 'q1\tdurian -rcep "xyzzy\nq2\tAND port (\n' >topics
    run -0 ask --topics topics --format=trec -n 1000
    [ "$(awk '{ print $1 }' <<<"$output" | uniq | paste -sd ' ')" = "q1 q2" ]
    grep -qE "^q1 Q0 $durian [12] [0-9.]+ [^ ]+$" <<<"$output"
    grep -qE "^q1 Q0 $rcep [12] [0-9.]+ [^ ]+$" <<<"$output"
    grep -q "^q2 Q0 $ports 1 " <<<"$output"
}

@test "--topics: a line without a tab is an error that names the line" {
    printf 'q1\tdurian\nnothing\n' >topics
    run --separate-stderr ask --topics topics --format=trec
    [ "$status" = 2 ]
    has "$stderr" topics
}

@test "--analyze shows how a query is read" {
    run -0 --separate-stderr ask --analyze '+co-operation (rail OR "debt trap")^2'
    [ "$stderr" = 'query: read as: +(co cooper oper) (rail^2 OR "debt trap"^2)' ] ||
        complain "$stderr"
    run -0 --separate-stderr ask --analyze 'rail AND'
    has "$stderr" "AND lacks an operand"
    # what is too much for a query is a text
    run -0 --separate-stderr ask --analyze "$(seq 3000)"
    [ "${#lines[@]}" = 3000 ]
    [ -z "$stderr" ]
    run -0 --separate-stderr ask --json --analyze 'rail port'
    [ -z "$stderr" ]
}

@test "--analyze shows what words become" {
    run -0 ask --analyze 'China’s Railways'
    has "$output" china
    has "$output" railway
}

@test "--stats" {
    run -0 ask --stats
    has "$output" 4
    run -0 indexer -d "$DB" --stats
    has "$output" 4
}

@test "--show prints a document, a line, some lines" {
    [ "$(ask --show $rcep)" = "$(cat "$DOCS/$rcep")" ]
    [ "$(ask --show $rcep:3)" = "$(sed -n 3p "$DOCS/$rcep")" ] ||
        [ "$(ask --show $rcep:3)" = "$(sed -n '3,$p' "$DOCS/$rcep")" ]
    [ "$(ask --show $rcep:3:2)" = "$(sed -n 3,4p "$DOCS/$rcep")" ]
    id=$(ask --format=json -e =RCEP | jq .hits[0].id)
    [ "$(ask --show "$id:1:1")" = "# RCEP enters into force" ]
    run --separate-stderr ask --show nowhere.txt
    [ "$status" != 0 ]
    has "$stderr" nowhere.txt
}

# --- formats --------------------------------------------------------------

@test "text: score, date, title, path:line:col, matches, passage" {
    run -0 --separate-stderr ask 'economic partnership'
    has "$output" "2022-01-04"
    has "$output" "RCEP enters into force"
    [[ $output =~ $rcep:[0-9]+:[0-9]+ ]]
    has "$output" "matches"
    has "$output" "Regional Comprehensive"
    has "$stderr" "document"
}

@test "text: line and column point at the first match" {
    run -0 ask -e '=Authority'
    has "$output" "$ports:4:15"
}

@test "json: the object of the contract" {
    run -0 --separate-stderr ask --format=json 'railway trade'
    [ "$(wc -l <<<"$output")" = 1 ]
    jq -e '
        .schema == 1 and (.tool | startswith("query ")) and
        (.index | .uuid and .generation == 1 and .docs == 4 and
                  (.updated | endswith("Z"))) and
        .query.text == "railway trade" and (.query.parsed | type) == "string" and
        .query.unknown == [] and .query.warnings == [] and
        .total == {"value": 4, "relation": "eq", "all_terms": 1} and
        .offset == 0 and .limit == 10 and .truncated == false and
        (.seconds | type) == "number" and (.hits | length) == 4' <<<"$output"
    jq -e '.hits | to_entries | all(.key + 1 == .value.rank)' <<<"$output"
    jq -e '.hits | all(
        (.score | type) == "number" and (.id | type) == "number" and
        (.path | type) == "string" and (.title | type) == "string" and
        .date_source == "filename" and (.bytes | type) == "number" and
        .stale == false and .offsets == "source" and .explain == null and
        (.matches | length) == .match_count and
        (.snippets | length) >= 1 and
        (.snippets[0] | .byte < .end and .line >= 1 and
            (.parts | all(length == 2)) and (.parts | any(.[1] == 1))))' \
        <<<"$output"
    [ "$(ask --json 'railway trade' | jq -c .hits)" = "$(jq -c .hits <<<"$output")" ]
}

@test "json: no hits is still an answer, and unknown words are named" {
    run -1 ask --format=json 'xyzzy'
    jq -e '.total.value == 0 and .hits == [] and (.query.unknown | length) == 1' <<<"$output"
}

@test "json: every match is where it says" {
    cd "$DOCS"
    for q in railway 'port trade' '"entered into force"' =US 铁路 title:durian \
        'China-Laos' 'rcep OR durian'; do
        run -0 located "$q"
        [ "${#lines[@]}" -gt 0 ]
    done
    [ "$(located =US)" = US ]
    [ "$(located 铁路)" = 铁路 ]
    [ "$(located railway | tr A-Z a-z | sort -u | paste -sd ' ')" = "railway railways" ]
    # a phrase is one match
    [ "$(located '"entered into force"')" = "entered into force" ]
    rm -f answer.json
}

@test "json: a stale file is said to be stale" {
    cp -r "$DOCS/docs" docs
    indexer -d db2 docs
    printf 'now something else, much longer than it was before\n' >$durian
    query -d db2 --format=json durian | jq -e '.hits[0].stale == true'
}

@test "ndjson: one hit a line, then the end" {
    run -0 ask --format=ndjson 'railway trade'
    [ "${#lines[@]}" = 5 ]
    for line in "${lines[@]}"; do jq -e .type <<<"$line" >/dev/null; done
    [ "$(jq -r .type <<<"$output" | paste -sd ' ')" = "hit hit hit hit end" ]
}

@test "tsv: a line a hit, no header" {
    run -0 ask --format=tsv 'railway trade'
    [ "${#lines[@]}" = 4 ]
    [ "$(awk -F'\t' '{ print NF }' <<<"$output" | sort -u | wc -l)" = 1 ]
    has "${lines[0]}" docs/
}

@test "paths: the same as -l" {
    [ "$(ask --format=paths railway)" = "$(ask -l railway)" ]
}

@test "trec: six fields, scores falling" {
    run -0 --separate-stderr ask --format=trec -n 0 'railway trade port'
    awk 'NF != 6 || $2 != "Q0" || $4 != NR || (NR > 1 && $5 > last) { exit 1 }
         { last = $5 }' <<<"$output"
}

@test "trec: blanks in a path are %-encoded" {
    mkdir docs
    echo rail >'docs/a b.txt'
    indexer -d db2 docs
    run -0 query -d db2 --format=trec rail
    has "$output" "docs/a%20b.txt"
}

@test "the score is BM25's" {
    # One document of two holds the word once: idf = ln(1 + 1.5 / 1.5),
    # lengths 2 and 4, average 3.
    mkdir docs
    printf 'rail port' >docs/a.md
    printf 'ship sea sand sun' >docs/b.md
    indexer -d db2 docs
    run -0 query -d db2 --format=trec rail
    awk '{ e = log(2) / (1 + 1.2 * (0.25 + 0.75 * 2 / 3))
           d = $5 / e - 1; exit d * d > 1e-12 }' <<<"$output"
}

@test "--show on a terminal ends its last line" {
    DB=$BATS_TEST_TMPDIR/own
    mkdir docs
    printf 'A railway' >docs/a.txt
    index docs
    [ "$(ask --show docs/a.txt | wc -c)" = 9 ]
    [ "$(script -qec "query -d '$DB' --show docs/a.txt" /dev/null)" = $'A railway\r' ]
    printf '%s' "$(script -qec "query -d '$DB' --show docs/a.txt; echo b" /dev/null)" |
        grep -q '^b'
}
