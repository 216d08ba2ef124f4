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
