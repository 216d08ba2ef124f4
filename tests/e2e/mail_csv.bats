# Tables and mail: --input=csv, --input=mbox, .eml and .mbox files.

load helpers

table() {
    printf '\xef\xbb\xbfID;Title;Text;Date;Lang;Author\r\n'
    printf 'a;Ports and rail;"Ships call; ""often""\r\nFrom the sea.";2022-01-04;en;Me\r\n'
    printf 'b;;railway;;;\r\n;;;;;\r\n'
    printf '"c/3";Gare;le chemin de fer;;fr;\r\n'
}

@test "csv: columns, quotes, line ends in cells, fields" {
    table >docs.csv
    run -0 --separate-stderr index --input=csv docs.csv
    [ -z "$stderr" ]
    finds_only often a
    finds_only title:ports a
    finds_only railway b
    finds_only lang:fr c/3
    misses author a
    ask --format=json -e often | jq -e '.hits[0] | .path == "a" and
        .title == "Ports and rail" and .date == "2022-01-04"'
    [ "$(ask -l --field Author=Me ships)" = a ]
    has "$(ask --show a)" 'Ships call; "often"'
    run -0 --separate-stderr index -v --input=csv docs.csv
    has "$stderr" "3 found: 0 added, 0 updated, 0 removed, 3 unchanged"
    # the same rows below other names of columns mean something else
    run -0 --separate-stderr bash -c \
        "sed '1s/Author/Writer/' docs.csv | indexer -v -d '$DB' --input=csv -"
    has "$stderr" "3 found: 0 added, 3 updated"
    run -0 index --check
}

@test "csv: a bad row is named by its line and fails alone" {
    {
        printf 'id,text\nx\n1,rail\n2,"open\n3,rail\n4,a,b\n'
        printf '5,"rail\nover two lines"\n,rail\n6,rail \xff\n'
    } >docs.csv
    run -1 --separate-stderr index --input=csv docs.csv
    has "$stderr" "failed docs.csv:2: fewer cells"
    has "$stderr" "failed docs.csv:4: something follows the quote"
    has "$stderr" "failed docs.csv:6: more cells"
    has "$stderr" 'failed docs.csv:9: no "id"'
    has "$stderr" "6: 1 invalid UTF-8 sequence"
    finds_only rail 1 3 5 6
}

@test "csv: no header, another delimiter than the name says" {
    echo 'name,text' >docs.csv
    run -1 --separate-stderr index --input=csv docs.csv
    has "$stderr" 'docs.csv:1: no column is named "id"'
    printf 'id\ta,b;c,d;e,f\ttext\n1\trail\tport\n' >docs.tsv
    run -0 --separate-stderr index --input=csv docs.tsv
    [ "$(ask -l --field 'a,b;c,d;e,f=rail' port)" = 1 ]
}

@test "a message and a mailbox that a walk finds" {
    mkdir docs
    cp "$ROOT"/tests/formats/mail/python.* docs
    run -0 --separate-stderr index docs
    finds_only '"from here on, the quay is ours"' docs/python.{eml,mbox}
    finds_only '"they rose again"' docs/python.{eml,mbox}
    finds_only 'north;12' docs/python.{eml,mbox}
    finds_only rambutan # the HTML of what is there as plain text
    ask --json -e 'path:python.eml café' | jq -e '.hits[0] |
        (.title | startswith("Café opening: a long line about the harbour café"))
        and .date == "2022-01-04"'
    [ "$(ask -l --field 'attachment=tiefen-größe.csv' -e ours | wc -l)" = 2 ]
    [ "$(ask -l --field 'from=Ána Example <ana@example.org>' ours)" = \
        docs/python.eml ]
    ask --json -e 'path:python.mbox mangosteen' |
        jq -e '[.hits[0].matches[].page] == [1, 2]'
    run -0 index --check=full
}

@test "mbox: each message is a document" {
    cp "$ROOT/tests/formats/mail/python.mbox" box
    printf 'From a@b Tue Jan  4 12:00:00 2022\nContent-Type: text/plain; charset=koi8-r\nSubject: no id\n\n\xd0\xd2\xc9 harbour\n' >>box
    run -0 --separate-stderr index --input=mbox box
    [ -z "$stderr" ]
    finds_only title:harbour 75@example.org
    finds_only при box:2074
    finds_only '"from here on"' 75@example.org
    finds_only '"they rose again"' 75@example.org 17@example.org
    ask --json -e title:mangosteen | jq -e '.hits[0] |
        .title == "Mangosteen prices" and .date == "2022-01-01"'
    [ "$(ask -l --field 'from=Zoë Example <zoe@example.org>' rose)" = 17@example.org ]
    run -0 --separate-stderr bash -c \
        "cat box | indexer -v -d '$DB' --input=mbox -"
    has "$stderr" "3 found: 1 added, 0 updated, 0 removed, 2 unchanged"
    run -0 index --check=full
    echo text >none
    run -1 --separate-stderr index --input=mbox none
    has "$stderr" "none:1: no line begins a message in it"
}
