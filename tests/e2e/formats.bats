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
    head -c 300000000 /dev/zero | tr '\0' a | gzip -1 >docs/bomb.txt.gz
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
