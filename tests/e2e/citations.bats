#!/usr/bin/env bats
# Where a match stands: lines around it, links, and files that have changed.

load helpers

# as_grep N QUERY WORD: -C N prints the lines that grep does.
as_grep() {
    ask -C "$1" --snippets=100 --snippet-width=20 --color=never -e "$2" \
        2>/dev/null | sed -n '3,$s/^    //p' >got
    grep -n -w -i -C "$1" -e "$3" a.txt | tr -d '\r' >want
    [ -s want ]
    diff want got || complain "-C $1 $2"
}

@test "-C: the lines that grep prints" {
    awk 'BEGIN {
        srand(3)
        print "Heading\n"
        for (i = 0; i < 300; i++) {
            if (rand() < .1) print "the railway was built in " i
            else if (rand() < .1) print ""
            else if (rand() < .1) print "\tfree", i, "\r\nand trade \xe9\x93\x81"
            else print "nothing that anybody asks for, line", i
        }
    }' >a.txt
    index .
    local n
    for n in 0 1 2 5 1000; do
        as_grep $n '"railway"' railway
    done
    # what shows of white space at the end of a line
    ask -C 0 --snippets=100 --snippet-width=20 '"free"' 2>/dev/null >got
    [ "$(grep -c ':.*free' got)" = "$(grep -c free a.txt)" ]
    has_not "$(cat got)" $'\r'
}

@test "-A and -B" {
    doc a.txt 'Title\n\none\ntwo\nthe port\nfour\nfive'
    index .
    run -0 --separate-stderr ask -A 1 port
    [ "${lines[2]}" = '    5:the port' ]
    [ "${lines[3]}" = '    6-four' ]
    [ "${#lines[@]}" = 4 ]
    run -0 --separate-stderr ask -B 2 -A 9 port
    [ "${lines[2]}" = '    3-one' ]
    [ "${lines[6]}" = '    7-five' ]
    ask -B 1 --json port >answer.json
    [ "$(jq -c '.hits[0].context | map([.line, .byte, .match, .parts])' \
        answer.json)" = \
        '[[4,11,false,[["two",0]]],[5,15,true,[["the ",0],["port",1]]]]' ]
    ask --json port | jq -e '.hits[0].context == null'
    printf '%s\n' '{"q":"port","context":1}' '{"q":"port","after":"x"}' |
        ask --batch >answers
    [ "$(jq -c '[.ok, (.hits[0].context | length), .error.code]' answers |
        tr '\n' ' ')" = '[true,3,null] [false,0,"bad_value"] ' ]
}

@test "a long line is cut, and is harmless on a terminal" {
    {
        printf 'Title\n\n'
        printf 'words in a row %.0s' $(seq 2000)
        printf '\033[31mthe port\xe2\x80\xae '
        printf 'words in a row %.0s' $(seq 2000)
    } >a.txt
    index .
    run -0 --separate-stderr ask -C 1 port
    [ "${#lines[@]}" = 4 ]
    [ ${#lines[3]} -lt 5000 ]
    has "${lines[3]}" '3:… '
    has "${lines[3]}" 'the port'
    has_not "$output" $'\033'
    has_not "$output" $'\xe2\x80\xae'
}

@test "lines of documents without a match, and of none" {
    doc a.txt 'Title\n\nport'
    index .
    run -0 --separate-stderr ask -C 1 path:a.txt
    [ "${lines[2]}" = '    port' ]
    run -2 ask -C 1 --snippets=0 port
    run -2 ask -C 1 -l port
    has "$output" '-C'
    run -2 ask -C 1 --kwic port
    run -2 ask -C x port
}

@test "links" {
    doc 'a b#.txt' 'Title\n\nport'
    index .
    run -0 --separate-stderr ask --hyperlink=always port
    has "${lines[1]}" $'\033]8;;file://'
    has "${lines[1]}" "$(pwd)/a%20b%23.txt#3"$'\033\\a b#.txt:3:1\033]8;;\033\\'
    run -0 --separate-stderr ask --hyperlink=always --kwic port
    has "${lines[0]}" "$(pwd)/a%20b%23.txt#3"$'\033\\a b#.txt:3:1\033]8;;\033\\'
    run -0 ask --hyperlink port
    has_not "$output" $'\033'
    TERM=xterm run -0 script -qec "query -d '$DB' --hyperlink port" /dev/null
    has "$output" $'\033]8;;file://'
    TERM=dumb run -0 script -qec "query -d '$DB' --hyperlink port" /dev/null
    has_not "$output" $'\033'
    run -2 ask --hyperlink=always --json port
    # a record is no file
    printf '{"id":"r1","title":"T","text":"the port"}\n' >r.jsonl
    indexer -q -d db2 --input=jsonl r.jsonl
    run -0 query -d db2 --hyperlink=always port
    has_not "$output" $'\033'
}

# The places of port in a.txt, by each format; empty where withheld.
places() {
    ask --json port | jq -c '[.hits[0] | .stale, .snippets[0].byte,
        .snippets[0].line, (.matches | length)]'
    ask --format=tsv port | cut -f 6,7
    ask --kwic --format=tsv port | cut -f 2-4
    ask --kwic --json port | jq -c '[.lines[0] | .stale, .byte, .len, .line,
        .col, .par, .page]'
}

@test "a file that has changed: places are withheld, and that is said" {
    doc a.txt 'Title\n\none port'
    index .
    places >fresh
    # touched, or another inode: the content decides
    touch -d 2001-01-01 a.txt
    places | diff fresh -
    cp a.txt b && mv b a.txt
    places | diff fresh -
    has "$(head -n 1 fresh)" 'false,7,3,1'
    # other bytes, as many of them
    doc a.txt 'Title\n\ntwo port'
    places >stale
    [ "$(cat stale)" = "$(printf '%s\n' '[true,null,null,0]' $'\t' $'\t\t' \
        '[true,null,null,null,null,null,null]')" ]
    run -0 ask port
    has "$output" 'a.txt   1 match   (changed since it was indexed)'
    run -0 ask -C 1 port
    has "$output" '    one port'
    has_not "$output" '3:'
    run -0 ask --kwic port
    has "$output" 'a.txt (changed)  '
    rm a.txt
    places | diff stale -
    mkfifo a.txt # nobody waits for it
    places | diff stale -
}

@test "--show: by number, path, line and count" {
    doc sub/a.txt 'Title\n\none\ntwo\nthree'
    index .
    [ "$(ask --show sub/a.txt:4)" = $'two\nthree' ]
    [ "$(ask --show sub/a.txt:3:2)" = $'one\ntwo' ]
    [ "$(ask --show 1:3:1)" = one ]
    [ "$(ask --show id:1:5:9)" = three ]
    # what a listing calls a match is where --show begins
    local place
    place=$(ask --color=never two | sed -n '2s/^ *\([^ ]*\).*/\1/p')
    [ "$place" = sub/a.txt:4:1 ]
    [ "$(ask --show "$place")" = two ]
    run -1 ask --show sub/b.txt:1
}
