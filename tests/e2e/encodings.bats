# Texts that are not UTF-8: declared, guessed, reported; and that this stays so.

load helpers

# in_encoding NAME PATH TEXT: a file in that encoding (iconv's name).
in_encoding() {
    mkdir -p "$(dirname "$2")"
    printf '%b\n' "$3" | iconv -f UTF-8 -t "$1" >"$2"
}

# read_as PATH: what the last --report says of it.
read_as() {
    jq -r --arg p "$1" 'select(.path == $p) |
        "\(.op) \(.charset) \(.guessed) \(.warnings | join(","))"' report
}

@test "an encoding is guessed, and said to be a guess" {
    mkdir docs
    cp "$ROOT"/tests/formats/encodings/* docs
    for f in docs/*; do mv "$f" "$f.txt"; done
    run -0 --separate-stderr index --report=report docs
    [[ "$stderr" == *'docs/thai.windows-874.txt: read as windows-874, which is a guess'* ]]
    [[ "$stderr" != *utf-8* ]]
    for name in thai.windows-874 chinese.gb18030 taiwan.big5 japanese.shift_jis \
        japanese.euc-jp korean.euc-kr russian.windows-1251 russian.koi8-r \
        french.windows-1252 vietnamese.windows-1258; do
        [ "$(read_as "docs/$name.txt")" = "add ${name#*.} true " ]
        [ "$(ask --show "docs/$name.txt")" = "$(ask --show "docs/${name%%.*}.utf-8.txt")" ]
    done
    [ "$(read_as docs/german.iso-8859-1.txt)" = 'add windows-1252 true ' ]
    [ "$(read_as docs/german.utf-8.txt)" = 'add null false ' ]
    finds Gemüse docs/german.iso-8859-1.txt docs/german.utf-8.txt
    finds крестьяне docs/russian.{koi8-r,windows-1251,utf-8}.txt
    ask --json крестьяне | jq -e '[.hits[] | select(.path | test("koi8")) |
        .offsets == "text" and .stale == false] == [true]'
    index --check=full
    run -0 index -v docs
    [[ "$stderr$output" == *' 0 updated'* ]]
}

@test "a little damage is no other encoding" {
    doc a.txt 'caf\xe9 and na\xefve: two bytes'
    doc b.txt 'Größe überall \xff\xfe\xfd'
    run -0 --separate-stderr index --report=report .
    [[ "$stderr" == *'a.txt: 2 invalid UTF-8 sequences'* ]]
    [ "$(read_as a.txt)" = 'add null false invalid_utf8:2' ]
    [ "$(read_as b.txt)" = 'update null false invalid_utf8:3' ] ||
        [ "$(read_as b.txt)" = 'add null false invalid_utf8:3' ]
    finds überall b.txt
}

@test "--encoding wins over guesses, is remembered, and can be forgotten" {
    in_encoding KOI8-R docs/old/a.txt 'Новая железная дорога'
    in_encoding CP1252 docs/b.txt 'un café très près de l’hôtel'
    doc docs/c.txt 'Größe'
    run -0 --separate-stderr index --encoding='old/=koi8-r' --encoding='b.*=latin1' \
        --report=report docs
    [ -z "$stderr" ]
    [ "$(read_as docs/old/a.txt)" = 'add koi8-r false ' ]
    [ "$(read_as docs/b.txt)" = 'add windows-1252 false ' ]
    [ "$(read_as docs/c.txt)" = 'add null false ' ]
    # a later run without it
    in_encoding KOI8-R docs/old/d.txt 'Вторая дорога'
    index -v --report=report
    [ "$(read_as docs/old/d.txt)" = 'add koi8-r false ' ]
    finds дорога docs/old/a.txt docs/old/d.txt
    # another rule: just what it is about is read again
    index --encoding='old/=windows-1251' --encoding='b.*=latin1' --report=report
    [ "$(jq -r 'select(.type == "file") | .op + .path' report | sort)" = \
        'updatedocs/old/a.txt
updatedocs/old/d.txt' ]
    misses дорога docs/old/a.txt
    # the same file elsewhere is no renamed one
    mkdir docs/new
    mv docs/old/a.txt docs/new/a.txt
    index --encoding='old/=windows-1251' --encoding='new/=koi8-r' \
        --encoding='b.*=latin1' --max-purge=100% --report=report
    finds дорога docs/new/a.txt
    # rebuilt, with the rules it had
    index --rebuild
    finds дорога docs/new/a.txt
    finds café docs/b.txt
    index --check=full
    # none at all
    index --encoding= --report=report
    [ "$(jq -r 'select(.type == "file") | .path' report | sort)" = 'docs/b.txt
docs/new/a.txt
docs/old/d.txt' ]
}

@test "--encoding: what makes no sense, and what the encoding does not have" {
    doc a.txt 'x'
    for bad in latin1 '*.txt=' '*.txt=klingon' '=latin1' '*=latin1//TRANSLIT'; do
        run -2 index --encoding="$bad" a.txt
    done
    [ ! -e "$DB" ]
    printf 'na\x81ve \xe9' >b.txt
    run -0 --separate-stderr index --encoding='*=windows-1252' --report=report b.txt
    [[ "$stderr" == *'b.txt: 1 invalid windows-1252 sequence' ]]
    [ "$(read_as "$PWD/b.txt")" = 'add windows-1252 false invalid_encoding:1' ]
    # a mark is worth more than a rule
    printf '\xef\xbb\xbfcafé' >c.txt
    printf '\xff\xfet\0h\0\xe9\0' >d.txt
    index --report=report c.txt d.txt
    [ "$(read_as "$PWD/c.txt")" = 'add null false ' ]
    [ "$(read_as "$PWD/d.txt")" = 'add utf-16 false ' ]
    finds thé "$PWD/d.txt"
    # UTF-16 without a mark, when it is said
    printf 'r\0a\0i\0l\0w\0a\0y\0' >e.txt
    run index e.txt
    misses railway "$PWD/e.txt"
    index --encoding='e.txt=utf-16le' e.txt
    finds railway "$PWD/e.txt"
}

@test "records in another encoding" {
    printf '<DOC>\n<DOCNO> t1 </DOCNO>\n<TEXT>caf\xe9 na\xefve</TEXT>\n</DOC>\n' >a.trec
    printf '{"id":"j1","text":"r\xe9sum\xe9"}\n' >a.jsonl
    index --encoding='*=latin1' --input=trec a.trec
    index --input=jsonl a.jsonl
    finds café t1
    finds résumé j1
    # characters that lie across what is read at a time
    awk 'BEGIN { for (i = 0; i < 40000; i++) printf "<DOC>\n<DOCNO>%d</DOCNO><TEXT>中老铁路%d</TEXT></DOC>\n", i, i }' |
        iconv -f UTF-8 -t GB18030 >big.trec
    run -0 --separate-stderr index --encoding='*=gb2312' --input=trec big.trec
    [ -z "$stderr" ]
    [ "$(ask -c 铁路)" = 40000 ]
}
