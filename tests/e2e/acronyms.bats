# What documents say short forms stand for: in queries, and listed.

load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    doc a/both.txt 'Trade\n\nThe Regional Comprehensive Economic\nPartnership (RCEP) is a pact.'
    doc a/both2.txt 'Pacts\n\nRCEP (Regional Comprehensive Economic Partnership) grew.'
    doc a/short.txt 'Durian\n\nImports grew under RCEP tariffs.'
    doc a/long.txt 'Rice\n\nRegional Comprehensive Economic Partnerships cut tariffs.'
    doc a/words.txt 'Other\n\nA regional economic partnership, comprehensive or not.'
    doc b/who.txt 'Health\n\nThe World Health Organization (WHO) met.'
    doc b/who2.txt 'Flu\n\nThe World Health Organization (WHO) warned those who met.'
    doc b/whoshort.txt 'Masks\n\nWHO said so.'
    for i in $(seq 30); do
        doc b/$i.txt "People $i\n\nThose who came, who saw and who left number $i."
    done
    doc c/gms1.txt 'M1\n\nThe Greater Mekong Subregion (GMS) met.'
    doc c/gms2.txt 'M2\n\nThe Greater Mekong Subregion (GMS) met again.'
    doc c/gms3.txt 'M3\n\nThe Greater Mekong Subregion (GMS) left.'
    doc c/gms4.txt 'D1\n\nGeneral Medical Services (GMS) for all.'
    doc c/gms5.txt 'D2\n\nGeneral Medical Services (GMS) for some.'
    doc c/gms6.txt 'D3\n\nGlobal Mail Standard (GMS) for none.'
    doc c/mekong.txt 'M4\n\nIn the Greater Mekong Subregion.'
    doc c/medical.txt 'D4\n\nWhat general medical services cost.'
    doc c/mail.txt 'D5\n\nWhat the global mail standard says.'
    indexer -q -d "$BATS_FILE_TMPDIR/db" a b c
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

found() { # QUERY [OPTIONS]: names of the matches, best first
    local q=$1
    shift
    query -d "$DB" -l -n 0 "$@" -e "$q" 2>/dev/null | sed 's/.*\///; s/\.txt//' |
        paste -sd ' '
}
also() { # QUERY [OPTIONS]: what it is widened by
    local q=$1
    shift
    query -d "$DB" --json "$@" -e "$q" |
        jq -r '[.query.expansions[] | "\(.term)=\(.also)/\(.documents)"] | join(" ")'
}

@test "a short form finds its long form, and the long form its short one" {
    [ "$(found RCEP | tr ' ' '\n' | sort | paste -sd ' ')" = "both both2 long short" ]
    [ "$(found rcep | wc -w)" = 4 ]
    [ "$(found "RCEP's" | wc -w)" = 4 ]
    [ "$(found RCEPs | wc -w)" = 4 ]
    # those with the word itself rank as they did
    [ "$(found RCEP -n 3)" = "$(found RCEP --expand=none)" ]
    [[ $(found RCEP) == *" long" ]]
    [ "$(found '+RCEP')" = "$(found RCEP)" ]
    q='Regional Comprehensive Economic Partnership'
    [ "$(found "$q" -a | tr ' ' '\n' | sort | paste -sd ' ')" = "both both2 long short words" ]
    [ "$(found "${q^^}" -a | wc -w)" = 5 ]
    [ "$(found "$q tariffs" -a | tr ' ' '\n' | sort | paste -sd ' ')" = "long short" ]
    [ "$(found "+Regional +Comprehensive +Economic +Partnership" | wc -w)" = 5 ]
    [ "$(found "tariffs OR ($q)" | wc -w)" = 5 ]
    [ "$(query -d "$DB" -c -a $q 2>/dev/null)" = 5 ]
}

@test "only plain words are widened" {
    none() {
        [ "$(also "$@")" = "" ] || complain "$* is widened by: $(also "$@")"
    }
    none '"RCEP"'
    none '=RCEP'
    none 'RCE*'
    none 'RCEP~1'
    none 'title:RCEP'
    none 'RCEP NEAR/5 tariffs'
    none '"Regional Comprehensive Economic Partnership"'
    none 'Regional +Comprehensive Economic Partnership'
    none 'Regional Comprehensive Partnership Economic'
    none 'Comprehensive Economic Partnership'
    none RCEP --expand=none
    none 'tariffs -RCEP'
    [ "$(found 'pact -RCEP')" = "" ]
    [ "$(found 'tariffs -RCEP')" = long ] # the word alone is left out
    [ "$(also RCEP --expand=acronym)" = 'RCEP=Regional Comprehensive Economic Partnership/2' ]
    [ "$(also RCEP --expand=auto)" = "$(also RCEP)" ]
    run -2 --separate-stderr query -d "$DB" --expand=synonym RCEP
    [[ $stderr == *"--expand: 'synonym' is none of"* ]]
    id=$(query -d "$DB" --json RCEP | jq '.hits[0].id')
    [ "$(query -d "$DB" --json --similar "$id" | jq -c .query.expansions)" = '[]' ]
}

@test "an ordinary word is a short form in capitals alone" {
    [ "$(also who)" = "" ]
    [ "$(also Who)" = "" ]
    [ "$(also WHO)" = "WHO=World Health Organization/2" ]
    [ "$(also 'world health organization')" = "world health organization=WHO/2" ]
    # and its long form finds it written so
    [ "$(found 'World Health Organization' -a | tr ' ' '\n' | sort | paste -sd ' ')" = "who who2 whoshort" ]
}

@test "short forms of several senses" {
    [ "$(also GMS)" = "GMS=Greater Mekong Subregion/3 GMS=General Medical Services/2" ]
    for name in mekong medical; do
        [[ " $(found GMS) " == *" $name "* ]]
    done
    [[ " $(found GMS) " != *" mail "* ]]
    [ "$(also 'global mail standard')" = "" ]
    query -d "$DB" --json -n 0 GMS | jq -e '[.hits[] | {(.path | split("/")[-1]): .score}] | add |
        .["mekong.txt"] > .["medical.txt"]' >/dev/null
}

@test "what was added is said, shown and explained" {
    run -0 --separate-stderr query -d "$DB" RCEP
    [[ $stderr == *"query: RCEP also matched “Regional Comprehensive Economic Partnership” (2 documents say so)"* ]]
    run -0 --separate-stderr query -d "$DB" --format=trec RCEP
    [ "$stderr" = "" ]
    query -d "$DB" --json -n 0 RCEP |
        jq -e '.hits[] | select(.path | endswith("long.txt")) |
            .matches == [{"byte":6,"len":44,"line":3,"col":1,"page":1,"paragraph":2,
                "term":"Regional Comprehensive Economic Partnership"}] or
            (.matches | length == 1) and .matches[0].byte == 6 and .matches[0].len == 44' >/dev/null
    # terms add up to the score, and the half of what the word weighs is in it
    for q in RCEP 'Regional Comprehensive Economic Partnership tariffs' GMS; do
        query -d "$DB" --json --explain -n 0 -e "$q" |
            jq -e '[.hits[] | ([.explain.terms[].score] | add) - .score | . * . < 1e-14] | all' >/dev/null ||
            complain "$q"
    done
    query -d "$DB" --json --explain -n 0 RCEP | jq -e '
        [.hits[] | {(.path | split("/")[-1]): .explain}] | add |
        .["long.txt"] as $long | .["short.txt"] as $short |
        ($long.terms | length == 1) and ($short.terms | length == 1) and
        $long.terms[0].idf == $short.terms[0].idf' >/dev/null
    # a request may have the key as well
    printf '%s\n' '{"q":"RCEP","expand":"none"}' '{"q":"RCEP"}' |
        query -d "$DB" --batch | jq -s -e 'map(.total.value) == [3, 4]' >/dev/null
}

@test "--acronyms lists the pairs with their evidence" {
    run -0 --separate-stderr query -d "$DB" --acronyms
    [ "${#lines[@]}" = 5 ]
    [[ ${lines[0]} == "GMS             3  Greater Mekong Subregion  c/gms1.txt:3" ]]
    run -0 query -d "$DB" --acronyms -n 1 --offset 4
    [[ $output == GMS*"Global Mail Standard"* ]]
    run -0 query -d "$DB" --acronyms rcep --format=tsv
    [ "$output" = $'RCEP\tRegional Comprehensive Economic Partnership\t2\ta/both.txt\t4' ]
    run -0 query -d "$DB" --acronyms regional comprehensive economic partnerships --json
    [ "$output" = '[{"acronym":"RCEP","long":"Regional Comprehensive Economic Partnership","documents":2,"path":"a/both.txt","line":4,"index":null}]' ]
    run -1 --separate-stderr query -d "$DB" --acronyms durian
    [ "$output$stderr" = "" ]
    run -0 query -d "$DB" --acronyms GMS --format=ndjson
    [ "$(jq -s -c 'map(.documents)' <<<"$output")" = '[3,2,1]' ]
}

@test "pairs follow the documents: changes, removal, merges, rebuild" {
    cp -r "$BATS_FILE_TMPDIR"/{a,b,c} .
    DB=$PWD/db
    index a b c
    [ "$(also RCEP)" = 'RCEP=Regional Comprehensive Economic Partnership/2' ]
    rm a/both.txt
    index a
    [ "$(also RCEP)" = 'RCEP=Regional Comprehensive Economic Partnership/1' ]
    doc a/both2.txt 'Nothing is said here any more.'
    index a
    [ "$(also RCEP)" = "" ]
    [ "$(found RCEP)" = short ]
    doc a/x.txt 'The Regional Comprehensive Economic Partnership (RCEP).'
    index a
    run -0 indexer -d "$DB" --check=full
    was=$(ask --acronyms -n 0)
    index --compact
    [ "$(ask --acronyms -n 0)" = "$was" ]
    index --rebuild
    [ "$(ask --acronyms -n 0)" = "$was" ]
    run -0 indexer -d "$DB" --check=full
    # no user's field is one of theirs, and they are nobody's fields
    printf '{"id":"u","text":"x","\\u0001a":"ZZ\\tZebra Zone"}\n' >u.jsonl
    index --input=jsonl u.jsonl
    run -1 query -d "$DB" --acronyms ZZ
    run -0 indexer -d "$DB" --check=full
    run -0 query -d "$DB" -c --facet=a --expand=none RCEP
    [[ $output != *RCEP* ]]
}

@test "several indexes state them together" {
    cp -r "$BATS_FILE_TMPDIR"/{a,c} .
    indexer -q -d one a/both.txt a/short.txt c/gms1.txt c/gms4.txt c/gms5.txt
    indexer -q -d two a/both2.txt a/long.txt c/gms2.txt c/gms3.txt c/mekong.txt
    indexer -q -d all a/both.txt a/short.txt c/gms1.txt c/gms4.txt c/gms5.txt
    indexer -q -d all a/both2.txt a/long.txt c/gms2.txt c/gms3.txt c/mekong.txt
    for q in RCEP gms 'Greater Mekong Subregion' 'regional comprehensive economic partnership'; do
        for db in "-d one -d two" "-d two -d one" "-d all"; do
            query $db --json -n 0 -e "$q" |
                jq -c '.query.expansions, ([.hits[] | [.path, .score]] | sort)'
        done >said
        [ "$(sort -u said | wc -l)" = 2 ] || complain "$q: $(cat said)"
    done
    [ "$(query -d one -d two --acronyms RCEP --format=tsv | cut -f 3)" = 2 ]
}
