# Files that are no plain text: recognised, extracted, limited, reported.

load helpers

# packed PROGRAM PATH TEXT: a compressed file.
packed() {
    mkdir -p "$(dirname "$2")"
    printf '%b\n' "$3" | "$1" -c >"$2"
}

# reason PATH: why the last --report says it was left out.
reason() {
    jq -r --arg p "$1" 'select(.path == $p) | .op + " " + .reason' report
}

@test "compressed texts are read, by content and inner name" {
    packed gzip docs/a.txt.gz 'Rail links\n\nA railway for the region.'
    packed xz docs/b.md.xz '---\ntitle: Ports\n---\nA harbour railway.'
    packed zstd docs/c.txt.zst 'Roads\n\nA railway beside it.'
    gzip -c docs/b.md.xz >docs/d.md.xz.gz
    { gzip -c <<<'First stream'; gzip -c <<<'railway second'; } >docs/e.txt.gz
    doc docs/plain.txt 'A railway'
    index -v --report=report docs
    [ "$(matching railway | wc -l)" = 6 ]
    [ "$(jq -r 'select(.type == "file") | .path + " " + (.format // "-")' \
        report)" = 'docs/a.txt.gz text.gz
docs/b.md.xz text.xz
docs/c.txt.zst text.zst
docs/d.md.xz.gz text.gz
docs/e.txt.gz text.gz
docs/plain.txt -' ]
    ask --json title:ports | jq -e '.hits | length == 2 and
        all(.offsets == "text" and .stale == false and .title == "Ports")'
    run -0 ask --show docs/a.txt.gz:3:1
    [ "$output" = 'A railway for the region.' ]
    run -0 index -v docs
    has "$output" '6 unchanged'
    index --check=full
    index --rebuild
    [ "$(matching railway | wc -l)" = 6 ]
}

@test "a renamed, touched, changed compressed file" {
    packed gzip docs/a.txt.gz 'Rail links\n\nA railway.'
    index docs
    mv docs/a.txt.gz docs/b.txt.gz
    run -0 index -v docs
    has "$output" '1 renamed'
    touch docs/b.txt.gz
    run -0 index -v docs
    has "$output" '1 unchanged'
    run -0 index -n --verify-content docs
    packed gzip docs/b.txt.gz 'Ships\n\nA ship.'
    ask --json railway | jq -e '.hits[0].stale'
    run -0 index -v docs
    has "$output" '1 updated'
    [ "$(matching ship)" = docs/b.txt.gz ]
}

@test "damaged and endless archives are skipped in bounded time" {
    packed gzip docs/ok.txt.gz 'A railway, and enough text to be cut somewhere'
    head -c 40 docs/ok.txt.gz >docs/cut.txt.gz
    printf '\x1f\x8b\x08junkjunkjunkjunk' >docs/junk.txt.gz
    packed xz docs/x.xz 'A railway, and enough text to be cut somewhere'
    head -c 60 docs/x.xz >docs/cut.txt.xz
    packed zstd docs/x.zst 'A railway, and enough text to be cut somewhere'
    head -c 40 docs/x.zst >docs/cut.txt.zst
    head -c 30000000 /dev/zero | tr '\0' a | gzip -1 >docs/bomb.txt.gz
    gzip -c docs/bomb.txt.gz >docs/bomb2.txt.gz.gz
    gzip -c docs/ok.txt.gz | gzip -c | gzip -c >docs/deep.txt.gz
    head -c 30000 /dev/urandom | gzip -c >docs/binary.txt.gz
    index --report=report docs
    [ "$(matching railway)" = docs/ok.txt.gz ]
    [ "$(reason docs/cut.txt.gz)" = 'skip gz: damaged gzip: it ends too early' ]
    [ "$(reason docs/cut.txt.xz)" = 'skip xz: damaged xz: it ends too early' ]
    [ "$(reason docs/cut.txt.zst)" = 'skip zst: damaged zstd: it ends too early' ]
    has "$(reason docs/junk.txt.gz)" 'skip gz: damaged gzip'
    has "$(reason docs/bomb.txt.gz)" 'skip gz: unpacked, it is larger than 16777216 bytes'
    has "$(reason docs/bomb2.txt.gz.gz)" 'skip gz: unpacked, it is larger than'
    has "$(reason docs/deep.txt.gz)" 'skip gz: compressed more than 2 times'
    has "$(reason docs/binary.txt.gz)" 'skip gz: no text in it ('
    run -0 index --report=report docs
    [ "$output" = '' ] # said once
    run -1 index --why docs/bomb.txt.gz
    has "$output" 'skipped: it took too much time or memory; unchanged since'
    run -0 index -v --max-size=20M --retry-failed docs
    has "$output" 'skipped docs/bomb.txt.gz: gz: unpacked, it is larger than 20971520'
}

# A folder to be first on the PATH, and a program in it that runs TEXT.
program() {
    mkdir -p bin
    printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
    chmod +x "bin/$1"
}

@test "PDF: text, pages, title, date, author" {
    mkdir docs
    cp "$ROOT"/tests/formats/pdf/*.pdf docs/
    cp docs/paper.pdf docs/paper.txt # by its content
    gzip docs/paper.txt
    run -0 index -v --report=report docs
    has "$output" 'added docs/office.pdf (pdf)'
    has "$output" 'skipped docs/scan.pdf: a PDF without text (scanned?)'
    has "$output" 'skipped docs/locked.pdf: pdf: an encrypted PDF'
    [ "$(jq -r 'select(.op == "add") | .format' report | sort | xargs)" = \
        'pdf pdf pdf.gz' ]
    [ "$(matching '"regional integration goal"')" = 'docs/paper.pdf
docs/paper.txt.gz' ]
    [ "$(matching 'étrangères')" = docs/office.pdf ]
    ask --json dredged | jq -e '.hits[0] |
        .title == "Railways and the regional integration goal" and
        .date == "2022-01-04" and .date_source == "metadata" and
        .offsets == "text" and .matches[0].page == 2'
    [ "$(ask -c --field=author='Jane Roe' ferry OR crane)" = 2 ]
    [ "$(matching title:railway | wc -l)" = 2 ]
    run -0 index -v
    has "$output" '3 unchanged, 2 skipped, 0 failed'
    run -1 index --why docs/scan.pdf
    has "$output" 'skipped: without text; unchanged since'
    index --check=full
    mv docs/paper.pdf docs/other.pdf
    run -0 index -v
    has "$output" '1 renamed'
}

@test "PDF: titles that name a file are none; what pdfinfo says is not trusted" {
    mkdir docs
    for n in 1 2 3 4; do
        cp "$ROOT/tests/formats/pdf/scan.pdf" docs/$n.pdf
        echo $n >>docs/$n.pdf
    done
    program pdftotext 'printf "First line\nrail\n"'
    program pdfinfo 'case $(tail -n 1) in
1) printf "Title: Microsoft Word - draft.doc\nCreationDate: 2021-02-03T04:05:06Z\n" ;;
2) printf "Title:   Microsoft Word - Two ports\nAuthor:  \n" ;;
3) printf "Title: \033[31mRed\a\377\nCreationDate: soon\n" ;;
*) echo "no colon"; exit 1 ;;
esac'
    PATH=$PWD/bin:$PATH index docs
    [ "$(index --list -v | cut -f 2-3 | LC_ALL=C tr -d '\377')" = '2021-02-03	First line
'"$(date -u +%F)"'	Two ports
'"$(date -u +%F)"'	[31mRed 
'"$(date -u +%F)"'	First line' ] || complain "$(index --list -v)"
}

@test "without pdftotext the package is named, and the file is tried again" {
    mkdir docs bin
    cp "$ROOT/tests/formats/pdf/paper.pdf" docs/
    ln -s "$(command -v indexer)" bin/
    run -1 env PATH="$PWD/bin" indexer -d "$DB" docs
    [ "$output" = 'indexer: failed docs/paper.pdf: pdf: PDF needs pdftotext (apt-get install poppler-utils)' ]
    run -1 index --why docs/paper.pdf
    has "$output" 'failed: a program or library is missing that reads it; the next run reads it'
    run -0 index -v
    has "$output" 'added docs/paper.pdf'
}

@test "a converter that hangs, deaf to signals, with children, is ended" {
    mkdir docs
    cp "$ROOT/tests/formats/pdf/paper.pdf" docs/
    doc docs/a.txt 'A railway'
    # it knows its children by their names
    program pdftotext "trap '' TERM INT HUP; cp $(command -v sleep) $PWD/bin/sleep-$$; bin/sleep-$$ 600 & bin/sleep-$$ 600"
    start=$SECONDS
    PATH=$PWD/bin:$PATH run -0 index --convert-time=1 docs
    has "$output" 'skipped docs/paper.pdf: pdf: took longer than 1 s (--convert-time)'
    [ $((SECONDS - start)) -lt 10 ]
    [ "$(matching railway)" = docs/a.txt ]
    run -1 pgrep -f "bin/sleep-$$"
    run -0 index -v # skipped, as it was
    has "$output" '1 unchanged, 1 skipped'
    run -0 index -v --retry-failed
    has "$output" '1 added'
}

@test "what a converter leaves behind ends with it" {
    program leaves "cat; cp $(command -v sleep) $PWD/bin/rest-$$; bin/rest-$$ 600 &"
    doc docs/a.x 'A railway'
    index --filter "x=$PWD/bin/leaves" docs
    [ "$(matching railway)" = docs/a.x ]
    run -1 pgrep -f "bin/rest-$$"
}

@test "a converter that writes without end, or takes all memory" {
    doc docs/a.yes 'A railway'
    doc docs/b.mem 'A railway'
    run -0 index --filter 'yes=yes railway' --max-size=1M docs \
        --filter "mem=perl -e '\$x = \"a\" x 900_000_000; print qq(railway)'" \
        --convert-memory=256M
    has "$output" 'skipped docs/a.yes: --filter: its text is larger than 1048576 bytes'
    has "$output" 'skipped docs/b.mem: --filter: perl: status 12: Out of memory'
}

@test "a crash of the reader costs one file" {
    doc docs/a.x 'A railway'
    doc docs/b.y 'A railway'
    run -0 index --filter "x=sh -c 'kill -ABRT \$PPID'" --filter y=cat docs
    has "$output" 'skipped docs/a.x: --filter: its reader crashed (SIGABRT)'
    [ "$(matching railway)" = docs/b.y ]
}

@test "an interrupt ends a run that waits for a converter" {
    doc docs/a.x 'A railway'
    doc docs/b.txt 'A railway'
    indexer -d "$DB" --filter 'x=sh -c "touch began; sleep 600"' docs &
    until [ -e began ]; do sleep 0.1; done
    kill -INT $!
    start=$SECONDS
    wait $! || status=$?
    [ "$status" = 130 ]
    [ $((SECONDS - start)) -lt 5 ]
}

@test "--filter: words, names, standard input" {
    doc "docs/-a b.raw" 'lower railway'
    doc docs/c.up 'lower railway'
    doc docs/d.tar.Z 'lower railway'
    cat >show <<'END'
#!/bin/sh
for word; do echo "<$word>"; done
END
    chmod +x show
    index --filter "raw=$PWD/show 'one  two' \"a\\\"b\" c\\ d {} -f{}" \
        --filter '.UP=tr a-z A-Z' --filter=tar.Z=cat docs
    run -0 ask --show 'docs/-a b.raw'
    [ "$output" = "<one  two>
<a\"b>
<c d>
<$PWD/docs/-a b.raw>
<-f$PWD/docs/-a b.raw>" ]
    run -0 ask --show docs/c.up
    [ "$output" = 'LOWER RAILWAY' ]
    run -0 ask --show docs/d.tar.Z
    [ "$output" = 'lower railway' ]
    for bad in 'x' '=cat' 'x=' 'x=  ' "x='cat" 'a/b=cat' "x=''"; do
        run -2 index --filter "$bad" docs
        has "$output" --filter
    done
}

@test "--filter wins over formats, and the last one over the others" {
    mkdir docs
    cp "$ROOT/tests/formats/pdf/paper.pdf" docs/
    index --filter 'pdf=echo first' --filter 'pdf=echo second harbour' docs
    run -0 ask --show docs/paper.pdf
    [ "$output" = 'second harbour' ]
}

@test "--filter: failures are told by file, on one clean line" {
    doc docs/a.x 'A railway'
    doc docs/b.y 'A railway'
    doc docs/c.z 'A railway'
    doc docs/d.w 'A railway'
    printf '%s\n' 'printf "\033[31mbad\tfile\nsecond" >&2; exit 3' >x.sh
    run -1 index --filter "x=sh $PWD/x.sh" --filter 'y=no-such-program {}' \
        --filter 'z=head -c 3000 /dev/urandom' --filter 'w=true' docs
    has "$output" 'skipped docs/a.x: --filter: sh: status 3: \x1b[31mbad\x09file'
    has "$output" 'failed docs/b.y: --filter: there is no program no-such-program'
    has "$output" 'skipped docs/c.z: --filter: what head writes is no text ('
    has "$output" 'skipped docs/d.w: there is no text in it'
    [ "${#lines[@]}" = 4 ]
}

@test "what came through a filter stays while a run has none" {
    doc docs/a.x 'A railway'
    doc docs/b.txt 'A harbour'
    index --filter x=cat docs
    run -0 index -v
    has "$output" '2 unchanged'
    doc docs/a.x 'A ship'
    run -1 index
    [ "$output" = 'indexer: failed docs/a.x: it was indexed through a --filter, and this run has none for it' ]
    [ "$(matching railway)" = docs/a.x ]
    run -1 index -f
    [ "$(matching railway)" = docs/a.x ]
    index --rebuild
    [ "$(matching railway)" = docs/a.x ]
    run -1 index
    run -0 index -v --filter x=cat
    has "$output" '1 updated'
    [ "$(matching ship)" = docs/a.x ]
    # no command is in the index
    run ! grep -rq 'x=cat' "$DB"
    rm docs/a.x
    index
    [ "$(matching ship)" = '' ]
}

@test "formats are counted and planned as texts are" {
    mkdir docs
    cp "$ROOT/tests/formats/pdf/paper.pdf" docs/
    doc docs/a.x 'A railway'
    run -0 index -n --filter x=cat docs
    has "$output" 'added    docs/a.x'
    has "$output" 'added    docs/paper.pdf'
    index --no-text --filter x=cat docs
    index --check
    [ "$(matching dredged)" = docs/paper.pdf ]
    index --stats
    printf 'docs/paper.pdf\0' | indexer -d other -0 --files-from=-
    [ "$(query -d other -c dredged)" = 1 ]
}

@test "a scan with a title is found by it, and said to have no text" {
    mkdir docs
    cp "$ROOT/tests/formats/pdf/scan.pdf" docs/a.pdf
    doc docs/b.txt 'A railway'
    program pdfinfo 'echo Title: Railway map'
    program pdftotext "printf '\\f\\f'"
    PATH=$PWD/bin:$PATH run -0 index --report=report docs
    [ "$output" = 'indexer: warning: docs/a.pdf: a PDF without text (scanned?), of which only the title is found' ]
    [ "$(jq -c 'select(.type == "file") | .warnings' report | xargs)" = '[no_text:1] []' ]
    finds_only railway docs/a.pdf docs/b.txt
    run -0 index
    [ "$output" = '' ]
}
