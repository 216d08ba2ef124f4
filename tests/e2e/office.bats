# Word processors' files and books: .docx, .odt, .epub.

load helpers

FORMATS=$ROOT/tests/formats/office

@test "files of real programs are found by their text, notes and fields" {
    mkdir docs
    cp "$FORMATS"/*.{docx,odt,epub} docs
    run -0 --separate-stderr index docs
    [ -z "$stderr" ]
    finds_only '"longer than the old pier"' docs/libreoffice.{docx,odt}
    finds_only '"measured at low tide"' docs/libreoffice.{docx,odt}
    finds_only 'rambutan' docs/libreoffice.{docx,odt}
    finds_only 'mangosteen' # which was deleted
    finds_only 'title:"harbour of Durian Bay"' docs/libreoffice.{docx,odt}
    finds_only '"walk to the jetty"' docs/pandoc.{docx,odt,epub}
    finds_only '"note on timetables"' docs/pandoc.{docx,odt,epub}
    [ "$(ask -l --field 'author=Ana Example' harbour | sort | paste -sd ' ')" = \
        "docs/libreoffice.docx docs/libreoffice.odt" ]
    for f in docx odt; do
        ask --format=json -e "lang:en path:libreoffice.$f papaya" |
            jq -e '.hits[0] | .title == "The harbour of Durian Bay" and
                .date == "2022-01-04" and .offsets == "text"'
        ask --json -e "path:libreoffice.$f papaya" |
            jq -e '.hits[0].matches[0].page == 2'
    done
    ask --json -e jetty | jq -e '.hits[] | select(.path == "docs/pandoc.epub") |
        .date == "2021-03-04" and .matches[0].page == 3'
    run -0 --separate-stderr index -v docs
    has "$stderr" "5 found: 0 added, 0 updated, 0 removed, 5 unchanged"
    run -0 index --check=full
}

@test "damaged and encrypted ones are named, each by itself" {
    mkdir docs
    head -c 3000 "$FORMATS/pandoc.docx" >docs/cut.docx
    printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' >docs/locked.docx
    cp "$FORMATS/pandoc.odt" docs
    run -0 --separate-stderr index -v docs
    has "$stderr" "cut.docx: docx: damaged ZIP"
    has "$stderr" "locked.docx: docx: encrypted"
    finds_only '"walk to the jetty"' docs/pandoc.odt
}

@test "a title that begins the text stands there once" {
    mkdir docs
    cp "$FORMATS"/*.{docx,odt,epub} "$ROOT/tests/formats/pdf/paper.pdf" docs
    index docs
    for f in docs/*; do
        [ "$(ask --show "$f:1:1")" = "$(index --list -v | grep "$f" | cut -f 3)" ]
        [ "$(ask --show "$f:2:1")" != "$(ask --show "$f:1:1")" ]
    done
}
