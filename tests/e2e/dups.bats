# Near-duplicates in listings: the best one stays, the others are below it.

load helpers

# article NAME SEED WORDS [HEADLINE [BYLINE [PERCENT [FOOT]]]]: an article of made
# words; one of the same SEED says the same, as far as PERCENT goes.
article() {
    mkdir -p "$(dirname "$1")"
    awk -v seed="$2" -v n="$3" -v head="${4:-A headline}" \
        -v by="${5:-By a writer}" -v percent="${6:-100}" -v foot="${7:-}" '
        BEGIN {
            srand(seed)
            print head "\n\n" by "\n"
            for (i = 0; i < n; i++) {
                word = "w" int(rand() * 4000)
                if (i * 100 < n * percent)
                    printf "%s%s", i % 9 ? word : "railway", i % 12 == 11 ? "\n" : " "
            }
            print "\n\n" foot
        }' >"$1"
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir news
    cd news || return 1
    article a/1.txt 1 300 'Railway opens' 'By Ann Author of the Herald'
    article a/2.txt 1 300 'Line to the border opens at last' \
        'Staff reporters, Vientiane, with agencies' 85 'Copyright by the Post, all rights are reserved'
    article b/3.txt 1 300 'Trains run' 'A. Author' 90 'Subscribe to our letter for more of this'
    for i in $(seq 2 20); do
        article "c/$i.txt" "$i" $((150 + i)) "Number $i"
    done
    article d/7.txt 7 157 'Number 7' 'By somebody else'
    article d/brief.txt 30 30 'Brief' 'x'
    article d/brief2.txt 30 30 'Brief' 'x'
    article d/brief3.txt 30 30 'Brief' 'y'
    cd .. || return 1
    indexer -q -d "$BATS_FILE_TMPDIR/db" news
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

# Hits of a query: path and, behind it, what is below.
groups() {
    ask --json -n 0 "$@" railway | jq -r '.hits[] |
        ([.path] + ((.duplicates // []) | map(.path)) | sort |
            map(sub(".*news/"; "")) | join(" "))' | sort
}

@test "copies with other bylines, headlines, ends and feet are one hit" {
    [ "$(groups | wc -l)" = 22 ]
    [ "$(groups | grep ' ')" = 'a/1.txt a/2.txt b/3.txt
c/7.txt d/7.txt
d/brief.txt d/brief2.txt' ]
    run -0 ask -n 0 railway
    has "$output" '+2 near-duplicates: '
    has "$output" '+1 near-duplicate: '
    has "$output" '22 of 26 documents'
    [ "$(ask --json --dups=show railway | jq -c '[.hits[].duplicates] | unique')" = '[null]' ]
    [ "$(groups --dups=show | wc -l)" = 26 ]
    [[ $(ask -n 0 --dups=show railway 2>&1) != *near-dup* ]]
}

@test "totals, counts, lists, runs and concordances have them all" {
    [ "$(ask -c railway)" = 26 ]
    [ "$(ask --json railway | jq .total.value)" = 26 ]
    [ "$(ask --json -n 0 railway | jq -c '[.truncated, .total.relation]')" = '[false,"eq"]' ]
    [ "$(ask --json -n 21 railway | jq .truncated)" = true ]
    [ "$(ask --json -n 0 --total=none railway | jq .total.value)" = 26 ]
    [ "$(ask -l -n 0 railway | wc -l)" = 26 ]
    [ "$(ask --format=trec -n 0 railway | wc -l)" = 26 ]
    [ "$(ask --format=tsv -n 0 railway | grep -c news/)" = 26 ]
    [ "$(ask --format=ndjson -n 0 railway | jq -c 'select(.type == "hit")' | wc -l)" = 22 ]
    [ "$(ask --kwic -n 0 railway | cut -d: -f1 | sort -u | wc -l)" = 26 ]
    [ "$(ask --facet=lang -c railway | awk 'NR == 1')" = 26 ]
}

@test "pages follow each other, whatever their size and order" {
    local n page sort
    for sort in score date path; do
        ask --json -n 0 --sort=$sort railway | jq -r '.hits[].path' >all
        for n in 1 2 5 21; do
            for ((page = 0; page < 23; page += n)); do
                ask --json -n $n --offset $page --sort=$sort railway |
                    jq -r '.hits[].path'
            done >paged
            diff all paged
        done
        [ "$(ask --json -n 10 --sort=$sort railway | jq '.hits | length')" = 10 ]
        # those that stay are the first of theirs
        ask --json -n 0 --dups=show --sort=$sort railway | jq -r '.hits[].path' |
            grep -m 1 -e a/1 -e a/2 -e b/3 >first
        grep -qxFf first all
    done
    [ "$(ask --json -n 3 --offset 3 railway | jq -c '[.hits[].rank]')" = '[4,5,6]' ]
}

@test "requests, and what makes no sense" {
    [ "$(printf '%s\n' '{"q":"railway","limit":0}' \
        '{"q":"railway","limit":0,"dups":"show"}' '{"q":"railway","dups":1}' |
        ask --batch | jq -c '[(.hits | length), .error.code]' | paste -sd ' ')" = \
        '[22,null] [26,null] [0,"bad_value"]' ]
    run -2 ask --dups=all railway
    run -2 ask --dups=collapse -l railway
    has "$output" '--dups=collapse goes with text, json and ndjson'
    run -2 ask --dups=show --kwic railway
    has "$output" '--dups does not go with --kwic'
    [ "$(ask --dups=show -l -n 0 railway | wc -l)" = 26 ]
}

@test "several indexes: copies across them" {
    indexer -q -d one "$BATS_FILE_TMPDIR/news/a" 2>/dev/null
    indexer -q -d two "$BATS_FILE_TMPDIR/news/b" "$BATS_FILE_TMPDIR/news/c" 2>/dev/null
    run -0 query -d one -d two --json -n 0 railway
    [ "$(jq '.hits | length' <<<"$output")" = 20 ]
    [ "$(jq -c '[.hits[] | select(.duplicates != []) | .index, .duplicates[].index] |
        sort' <<<"$output")" = '["one","one","two"]' ]
    has "$(query -d one -d two -n 0 railway)" ' in '
}

@test "updates, renames, merges, --compact, --rebuild, --no-text and --check" {
    cp -r "$BATS_FILE_TMPDIR/news" news
    DB=db
    for f in news/*/*.txt; do index -q "$f"; done
    groups >want
    index -q --check=full
    article news/b/3.txt 99 300 'Trains run'
    index -q news
    [ "$(groups | grep a/1)" = 'a/1.txt a/2.txt' ]
    article news/b/3.txt 1 300 'Trains run again' 'C. Author' 92
    mv news/a/2.txt news/a/9.txt
    index -q news
    [ "$(groups | grep a/1)" = 'a/1.txt a/9.txt b/3.txt' ]
    mv news/a/9.txt news/a/2.txt
    index -q news
    index -q --check=full
    index -q --compact
    diff want <(groups)
    index -q --check=full
    index -q --rebuild
    diff want <(groups)
    index -q --check=full
    rm -r db
    index -q --no-text news
    diff want <(groups)
    index -q --check=full
}
