# Web pages from files to answers.

load helpers

page() { # PATH HEAD BODY
    mkdir -p "$(dirname "$1")"
    printf '<!DOCTYPE html><html><head>%b</head><body>%b</body></html>\n' "$2" "$3" >"$1"
}

@test "a saved page: its article, title, date, fields; not what is around it" {
    mkdir docs
    cp "$ROOT"/tests/formats/html/saved.html docs/cafe.html
    cp "$ROOT"/tests/formats/html/pandoc.html docs/rails
    index -v --report=report --include='*' docs
    ask --json quarter | jq -e '.hits[0] | .path == "docs/cafe.html" and
        .title == "Café culture returns to Vientiane" and .date == "2023-11-20" and
        .offsets == "text" and .stale == false'
    finds title:café docs/cafe.html
    misses 'subscribe OR cookies OR copyright' docs/cafe.html
    [ "$(ask -l --field site='The Mekong Post' vientiane)" = docs/cafe.html ]
    [ "$(ask -l --field author='Ann Writer' river)" = docs/rails ]
    [ "$(ask -l --field keywords=trade river)" = docs/rails ]
    [ "$(ask -l --lang en-gb river || ask -l --lang en river)" = docs/rails ]
    [ "$(ask -l date:2024-03-05)" = docs/rails ]
    [ "$(jq -r 'select(.path == "docs/cafe.html") |
        "\(.format) \(.charset) \(.guessed)"' report)" = 'html windows-1252 false' ]
    index --check=full
}

@test "pages in other encodings: declared, given, guessed" {
    for name in thai.windows-874 russian.koi8-r japanese.shift_jis; do
        { printf '<html><meta charset=%s><p>' "${name#*.}"
          cat "$ROOT/tests/formats/encodings/$name"; } >"${name%%.*}-declared.html"
        { printf '<html><p>'
          cat "$ROOT/tests/formats/encodings/$name"; } >"${name%%.*}-guessed.html"
    done
    { printf '<html><meta charset=windows-1251><p>'
      cat "$ROOT/tests/formats/encodings/russian.koi8-r"; } >given.html
    index --report=report --encoding='given.html=koi8-r' .
    [ "$(jq -r 'select(.type == "file") | "\(.path) \(.charset) \(.guessed)"' report |
        sort)" = 'given.html koi8-r false
japanese-declared.html shift_jis false
japanese-guessed.html shift_jis true
russian-declared.html koi8-r false
russian-guessed.html koi8-r true
thai-declared.html windows-874 false
thai-guessed.html windows-874 true' ]
    finds крестьяне given.html russian-declared.html russian-guessed.html
    finds 鉄道 japanese-declared.html japanese-guessed.html
    finds รถไฟ thai-declared.html thai-guessed.html
}

@test "hostile pages are read or named, in bounded time, and spoil no other" {
    page docs/good.html '<title>Good</title>' '<p>railway'
    perl -e 'print "<div>" x 1000000, "deep railway"' >docs/deep.html
    perl -e 'print "<html><p>near railway <b title=\"", "x" x 10000000, "\">"' >docs/attribute.html
    perl -e 'print "<html><p ", (map { "a$_=1 " } 1 .. 60000), ">many railway"' >docs/attributes.html
    perl -e 'print "<html><!DOCTYPE x [", (map { "<!ENTITY e$_ \"" . ("&e" . ($_ - 1) . ";") x 10 . "\">" } 1 .. 50), "]><p>railway &e50;"' >docs/entities.html
    printf '<html><p>one railway<!-- never' >docs/comment.html
    printf '<html><p>nul\0\0railway' >docs/nul.html
    run indexer -d "$DB" --convert-time=2 docs
    [ "$status" -le 1 ]
    finds railway docs/good.html docs/deep.html docs/attribute.html docs/entities.html \
        docs/comment.html docs/nul.html
    run -1 grep -r root: <<<"$output"
}

@test "a page that has no text is skipped with its reason" {
    page a.html '<script>x()</script>' '<img src=a.png>'
    run -0 index -v --report=report .
    [ "$(jq -r 'select(.path == "a.html") | "\(.op) \(.reason)"' report)" = \
        'skip a page without text' ]
}
