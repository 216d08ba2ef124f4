# TREC collections: --input=trec.

load helpers

docs() {
    cat <<'END'
<DOC>
<DOCNO> FT-1 </DOCNO>
<DATE>910514
</DATE>
<HEADLINE>
FT 14 MAY 91 / Harbour &amp; works
</HEADLINE>
<BYLINE>By DAVID MANGO</BYLINE>
<TEXT>
<P>Rail<b>way</b> &lt;ships&gt; caf&eacute; o&#146;clock.</P>
</TEXT>
</DOC>
<DOC>
<DOCNO>GX-2</DOCNO>
<DOCHDR>
http://durian.example/
</DOCHDR>
<html><head><title>Second page</title></head>
<body bgcolor=papaya>rail</body></html>
</DOC>
<doc><docno>3</docno>rail three</doc>
END
}

@test "DOCNO, titles, dates, text without tags" {
    docs | sed 's/$/\r/' >docs.trec
    run -0 --separate-stderr index --input=trec docs.trec
    [ -z "$stderr" ]
    finds_only rail FT-1 GX-2 3
    finds_only way FT-1
    finds_only title:harbour FT-1
    finds_only title:second GX-2
    finds_only mango FT-1
    finds_only café FT-1
    misses durian GX-2
    misses papaya GX-2
    misses html GX-2
    misses amp FT-1
    ask --format=json -e harbour | jq -e '.hits[0] | .path == "FT-1" and
        .title == "FT 14 MAY 91 / Harbour & works" and .date == "1991-05-14"'
    [ "$(ask --show 3)" = "rail three" ]
    echo '{"q":"harbour"}' | ask --batch | jq -e '.hits[0].path == "FT-1"'
    printf 'q1\tsecond page\n' >topics.tsv
    run -0 ask --topics topics.tsv --format=trec
    has "$output" "q1 Q0 GX-2 1 "
    run -0 index --check
}

@test "the same again is unchanged, from a pipe too" {
    docs >docs.trec
    index --input=trec docs.trec
    run -0 --separate-stderr index -v --input=trec docs.trec
    has "$stderr" "3 found: 0 added, 0 updated, 0 removed, 3 unchanged"
    run -0 --separate-stderr bash -c \
        "sed 's/three/four/' docs.trec | indexer -v -d '$DB' --input=trec -"
    has "$stderr" "3 found: 0 added, 1 updated, 0 removed, 2 unchanged"
    finds_only four 3
    misses three 3
}

@test "a bad DOC is named by its line and fails alone" {
    {
        printf '<DOC>\n<DOCNO>a</DOCNO>\nrail\n<DOC>\nrail\n</DOC>\n'
        printf '<DOC>\n<DOCNO>big</DOCNO>\n'
        yes rail | head -n 40000
        printf '</DOC>\n<DOC><DOCNO>void</DOCNO></DOC>\n'
        printf '<DOC><DOCNO>ill</DOCNO>r\xff\n</DOC>\n'
        docs
    } >docs.trec
    run -1 --separate-stderr index --max-size=100K --input=trec docs.trec
    has "$stderr" "failed docs.trec:1: no </DOC>"
    has "$stderr" "failed docs.trec:4: no DOCNO"
    has "$stderr" "failed docs.trec:7: longer than 102400 bytes"
    has "$stderr" "void: empty"
    has "$stderr" "ill: 1 invalid UTF-8 sequence"
    finds_only rail FT-1 GX-2 3
}

@test "a stream that holds no DOC, and none at all" {
    echo '{"id":"a"}' >docs.jsonl
    run -1 --separate-stderr index --input=trec docs.jsonl
    has "$stderr" "docs.jsonl:1: there is no <DOC> in it"
    run -2 --separate-stderr index --input=trec
    has "$stderr" "--input=trec needs a FILE"
    run -2 --separate-stderr index --input=tree docs.jsonl
    has "$stderr" trec
}

@test "memory is bounded, however long a DOC is" {
    {
        printf '<DOC>\n<DOCNO>big</DOCNO>\n'
        yes 'no end of it, and <b>tags</b> & more' | head -n 4000000
        printf '<DOC>\n<DOCNO>a</DOCNO>\nrail\n</DOC>\n'
    } >docs.trec
    command -v /usr/bin/time >/dev/null || skip "no time(1)"
    run -1 --separate-stderr bash -c "/usr/bin/time -f 'peak %M' \
        indexer -q -d '$DB' --memory=64M --input=trec - <docs.trec"
    peak=$(sed -n 's/^peak //p' <<<"$stderr")
    [ "$peak" -lt 65536 ] || complain "$peak KB"
    finds_only rail a
}
