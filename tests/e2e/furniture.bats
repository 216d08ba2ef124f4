# Running heads, page numbers, and what stands around the articles of a site:
# no titles and no passages of it, but found.

load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    local i topic
    topic=(zero durian rubber pepper coffee cocoa copra tea jute sisal hemp kapok)
    for i in $(seq 11); do
        doc site/$i.txt "The Plantation Post
Home News Markets

Prices of ${topic[i]} rise

This year the price of ${topic[i]} rose because the monsoon came late.

It fell again when the rains came to the $i provinces.

Related stories

How ${topic[(i + 3) % 11 + 1]} is grown
The ${topic[(i + 5) % 11 + 1]} market of $i cities
Subscribe to our newsletter
All rights reserved by the Plantation Post."
    done
    mkdir pdf
    cp "$ROOT"/tests/formats/paged/journal.pdf pdf/
    doc alone.txt 'Skip to main content\n12\nA proper title\n\nWith a text.'
    indexer -q -d "$BATS_FILE_TMPDIR/db" site pdf alone.txt
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

# Of each hit the title, or all there is of its passages.
titles() {
    ask --json -n 20 "$@" | jq -r '.hits[].title'
}
passages() {
    ask --json -n 20 "$@" | jq -r '.hits[].snippets[] | [.parts[][0]] | join("")'
}

@test "a running head is no title and in no passage, a page number neither" {
    [ "$(titles lorries)" = 'The Orchard Road' ]
    run -0 passages orchard traders harvest railway --snippets=4
    has_not "$output" 'Journal of'
    has_not "$output" '- 2 -'
    has "$output" 'two prices'
    run -0 passages journal market # rather of the text than of a head
    has "$output" 'the market is described'
    has_not "$output" 'Journal of'
}

@test "a running head is found, and shown where nothing else matches" {
    [ "$(matching '"journal of durian studies"')" = pdf/journal.pdf ]
    run -0 passages '"durian studies"'
    has "$output" 'Durian Studies'
    [ "$(ask --json journal | jq '.hits[0].matches | length')" = 4 ]
}

@test "the site's name is no title where other files begin with it" {
    [ "$(titles monsoon | sort | head -1)" = 'Prices of cocoa rise' ]
    run -0 titles plantation
    has_not "$output" 'Plantation Post'
    [ "$(titles proper)" = 'A proper title' ]
    [ "$(titles title:proper)" = 'A proper title' ]
}

@test "what all files of a site end with is in no passage" {
    run -0 passages provinces
    has "$output" 'It fell again'
    has_not "$output" 'Related'
    has_not "$output" 'newsletter'
    run -0 passages monsoon
    has_not "$output" 'Home News'
}

@test "a passage is of the article, not of its related stories" {
    run -0 passages 'rubber' -n 20
    [ "$(grep -c 'price of rubber' <<<"$output")" = 1 ]
    run -0 passages 'price market'
    has_not "$output" 'market of'
}

@test "what stands around articles is found, and shown where it alone matches" {
    [ "$(matching newsletter | wc -l)" = 11 ]
    run -0 passages newsletter
    [ "$(grep -c 'Subscribe to our newsletter' <<<"$output")" = 11 ]
    index --check=full
}

@test "the first and the last file of an index have neighbours on one side" {
    [ "$(titles '"11 provinces" OR "9 provinces" OR "1 provinces"' |
        grep -c '^Prices of')" = 3 ]
    indexer -q -d alone.db site
    [ "$(query -d alone.db --json -n 20 provinces |
        jq -r '.hits[].title' | grep -c '^Prices of')" = 11 ]
}
