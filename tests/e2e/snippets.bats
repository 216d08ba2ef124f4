#!/usr/bin/env bats
# Passages: how many, how wide, what they cover, and that they are what stands
# in the source at the place they name.

load helpers

# Twenty paragraphs, one with each of some words, far apart.
long_article() {
    local i
    {
        printf 'A long article\n\n'
        for i in $(seq 1 20); do
            printf 'Paragraph %s begins here.\n' "$i"
            printf 'filler text that nobody asks for %.0s' $(seq 1 20)
            case $i in
            3) printf 'the railway reached the port' ;;
            9) printf 'a railway and another railway' ;;
            15) printf 'an old lighthouse' ;;
            esac
            printf '\nso it ended\n\n'
        done
    } >long.txt
    index long.txt
}

# agree FOLDER: the passages of answer.json are the bytes that they name of the
# sources below FOLDER, but for white space.
agree() {
    local n=0 path byte end line text source
    while IFS=$'\t' read -r path byte end line; do
        read -r text
        [[ $path == /* ]] || path=$1/$path
        source=$(tail -c +$((byte + 1)) "$path" | head -c $((end - byte)) |
            tr -s ' \t\r\n\f\v' ' ')
        [ "$text" = "$source" ] ||
            complain "$path: bytes $byte to $end are '$source', not '$text'"
        [ "$(head -c "$byte" "$path" | tr -cd '\n' | wc -c)" = \
            $((line - 1)) ] || complain "$path: $byte is not in line $line"
        n=$((n + 1))
    done < <(jq -r '.hits[] | .path as $p | .snippets[] |
        ([$p, .byte, .end, .line] | @tsv),
        ([.parts[][0]] | join("") | sub("^… "; "") | sub(" …$"; ""))' \
        answer.json)
    [ "$n" -gt 0 ] || complain "no passages"
}

@test "one passage, where most of the query is" {
    long_article
    ask --json 'railway port' >answer.json
    [ "$(jq '.hits[0].snippets | length' answer.json)" = 1 ]
    has "$(jq -c '.hits[0].snippets[0].parts' answer.json)" '["port",1]'
    agree .
}

@test "several cover the words, in the order of the document" {
    long_article
    ask --json --snippets=2 'railway port lighthouse' >answer.json
    run jq -r '[.hits[0].snippets[].parts[] | select(.[1] == 1) | .[0]] |
        join(" ")' answer.json
    [ "$output" = 'railway port lighthouse' ]
    ask --json --snippets=9 'railway port lighthouse' >answer.json
    [ "$(jq '.hits[0].snippets | length' answer.json)" = 3 ]
    [ "$(jq -c '[.hits[0].snippets[].byte] | . == sort' answer.json)" = true ]
    agree .
}

@test "none" {
    long_article
    run -0 ask --snippets=0 'railway port'
    has "$output" 'long.txt:'
    has_not "$output" 'reached'
    run -0 ask --json --snippets=0 'railway port'
    has "$output" '"snippets":[]'
    has "$output" '"term":"railway"'
    run -0 ask --format=tsv --snippets=0 railway
    [[ $output == *$'\t' ]]
}

@test "text: a line a passage; tsv: one field" {
    long_article
    run -0 ask --snippets=3 --color=never 'railway port lighthouse'
    [ "$(grep -c '^    … ' <<<"$output")" = 3 ]
    run -0 ask --snippets=3 --format=tsv 'railway port lighthouse'
    [ "${#lines[@]}" = 1 ]
    [ "$(tr -cd '\t' <<<"$output" | wc -c)" = 9 ]
    has "$output" ' … '
}

@test "the place is that of the best passage" {
    long_article
    run -0 ask 'railway port'
    local one=${lines[1]}
    run -0 ask --snippets=5 'railway port'
    [ "${lines[1]}" = "$one" ]
    run -0 ask --snippets=0 'railway port'
    [ "${lines[1]}" = "$one" ]
}

@test "width" {
    long_article
    ask --json --snippet-width=40 port >answer.json
    [ "$(jq '.hits[0].snippets[0] | .end - .byte <= 40' answer.json)" = true ]
    agree .
    ask --json --snippet-width=1000 port >answer.json
    [ "$(jq '.hits[0].snippets[0] | .end - .byte > 300' answer.json)" = true ]
    agree .
}

@test "width is in columns: wide characters count two" {
    local i text=
    for i in $(seq 1 200); do text+=港口铁路; done
    doc wide.txt "题目\n\n$text贸易$text"
    index wide.txt
    ask --json --snippet-width=60 贸易 >answer.json
    [ "$(jq '.hits[0].snippets[0] | .end - .byte' answer.json)" = 90 ]
    agree .
}

@test "values that make no sense" {
    run -2 ask --snippets=many x
    run -2 ask --snippets=101 x
    run -2 ask --snippet-width=19 x
    has "$output" 'snippet-width'
    run -2 ask --snippet-width=10001 x
}

@test "a phrase is one match, and its words are none" {
    doc a.txt 'Title\n\nThe debt trap, said debt and trap.'
    index a.txt
    ask --json '"debt trap" debt' >answer.json
    [ "$(jq -c '[.hits[0].snippets[0].parts[] | select(.[1] == 1) | .[0]]' \
        answer.json)" = '["debt trap","debt"]' ]
}

@test "passages agree with the sources: corpus and seeds" {
    local q dir
    for dir in "$ROOT/corpus" "$SHARED/seeds"; do
        [ -d "$dir" ] || skip "no $dir"
        rm -rf "$DB" files
        mkdir files
        # plain UTF-8 text: elsewhere places count in the extracted text
        find "$dir" -type f -name '*.txt' -exec cp {} files \;
        cd files || return 1
        index . 2>/dev/null || true
        cd ..
        for q in 'trade agreement' 'the of' '"free trade"' '贸易 协定' \
            'économie' 'rail port'; do
            query -d "$DB" --json -n 5 --snippets=3 --snippet-width=120 \
                -e "$q" >answer.json || continue
            jq '.hits |= map(select(.offsets == "source" and
                (.stale | not)))' answer.json >plain.json
            mv plain.json answer.json
            [ "$(jq '.hits | length' answer.json)" = 0 ] || agree files
        done
    done
}

@test "matches agree with the sources: corpus and seeds" {
    local dir
    for dir in "$ROOT/corpus" "$SHARED/seeds"; do
        [ -d "$dir" ] || skip "no $dir"
        rm -rf "$DB"
        (cd "$dir" && index . 2>/dev/null) || true
        located 'connectivity' "$dir" >found || true
        if [ -s found ]; then
            run ! grep -vi '^connect' <(sed 's/\xc2\xad//g; s/- //' found)
            echo "$output"
        fi
    done
}

@test "paragraph and page of a match" {
    doc a.txt 'Title\n\nfirst port\nsame port\n \t\nsecond\fand port\n\n\n\fthird port'
    doc b.txt 'Title\n\nrail'
    index .
    ask --json port >answer.json
    [ "$(jq -c '[.hits[0].matches[] | [.par, .page]]' answer.json)" = \
        '[[2,1],[2,1],[3,2],[4,3]]' ]
    # counted by what stands before each match
    jq -r '.hits[0].matches[] | [.byte, .par, .page] | @tsv' answer.json |
        while read -r byte par page; do
            [ "$(head -c "$byte" a.txt | tr -cd '\f' | wc -c)" = \
                $((page - 1)) ]
            [ "$(head -c $((byte + 1)) a.txt | sed 's/^[[:space:]]*$//' |
                awk -v RS= 'END { print NR }')" = "$par" ]
        done
    run -0 ask port
    has "$output" 'a.txt:3:7 (p. 1)   4 matches'
    run -0 ask rail
    has "$output" 'b.txt:3:1   1 match'
}
