# indexer: folders in, index out, and again when they changed.

load helpers

# The documents of the index by their paths, sorted.
listed() {
    indexer -d "$DB" --list | grep -oE '(docs|more)/[^[:blank:]]*' | sort
}

@test "folders are walked; .txt .text .md are documents" {
    doc docs/a.txt 'rail'
    doc docs/b/c.md 'rail'
    doc docs/b/d.text 'rail'
    doc docs/e.jpg 'rail'
    doc docs/.hidden.txt 'rail'
    run -0 index docs
    finds_only rail docs/a.txt docs/b/c.md docs/b/d.text
    run -0 listed
    [ "$output" = "docs/a.txt
docs/b/c.md
docs/b/d.text" ]
}

@test "no PATH: the roots recorded in the index" {
    doc docs/a.txt 'rail'
    doc more/b.txt 'rail'
    index docs more
    doc docs/c.txt 'rail'
    doc more/d.txt 'rail'
    run -0 index
    finds_only rail docs/a.txt docs/c.txt more/b.txt more/d.txt
}

@test "run again: changed files are replaced, vanished ones removed" {
    doc docs/same.txt 'rail harbour'
    doc docs/changes.txt 'rail durian'
    doc docs/goes.txt 'rail visa'
    index docs
    doc docs/changes.txt 'rail mango, and a little longer'
    rm docs/goes.txt
    doc docs/comes.txt 'rail rubber'
    run -0 index docs
    finds_only rail docs/same.txt docs/changes.txt docs/comes.txt
    finds_only mango docs/changes.txt
    finds_only rubber docs/comes.txt
    run -1 ask durian
    run -1 ask visa
    run -0 index --check
}

@test "an unchanged run changes nothing, not even the generation" {
    doc docs/a.txt 'rail'
    index docs
    before=$(ask --format=json rail | jq -c .index.generation)
    run -0 index docs
    [ "$(ask --format=json rail | jq -c .index.generation)" = "$before" ]
}

@test "a file of the same size, time and inode is not read again" {
    doc docs/a.txt 'rail'
    touch -d '2024-01-01 00:00:00.123456789' docs/a.txt
    index docs
    printf 'port' | dd of=docs/a.txt conv=notrunc status=none
    touch -d '2024-01-01 00:00:00.123456789' docs/a.txt
    run -0 index docs
    finds_only rail docs/a.txt
    run -0 index --verify-content docs
    finds_only port docs/a.txt
}

@test "a touched file with the same content stays the same document" {
    doc docs/a.txt 'rail'
    index docs
    id=$(ask --format=json rail | jq .hits[0].id)
    touch -d '2030-01-01' docs/a.txt
    run -0 index docs
    [ "$(ask --format=json rail | jq .hits[0].id)" = "$id" ]
}

@test "many runs: merges keep answers and --check clean" {
    for i in $(seq 60); do
        doc "docs/$i.txt" "rail number$i"
        [ $((i % 7)) = 0 ] && doc "docs/$((i - 3)).txt" "rail changed$i"
        index docs
    done
    [ "$(ask -c rail)" = 60 ]
    finds_only number60 docs/60.txt
    finds_only changed56 docs/53.txt
    run -1 ask number53
    run -0 index --check
}

@test "purge guard: too many vanished, or a whole root: exit 3, nothing changed" {
    for i in $(seq 40); do doc "docs/$i.txt" "rail number$i"; done
    index docs
    mkdir away
    mv docs/?.txt docs/1?.txt docs/2?.txt away
    run -3 --separate-stderr index docs
    has "$stderr" "indexer: "
    [ "$(ask -c rail)" = 40 ]
    mv docs gone
    run -3 index docs
    [ "$(ask -c rail)" = 40 ]
    run -3 index
    [ "$(ask -c rail)" = 40 ]
    mkdir docs
    run -3 index docs
    [ "$(ask -c rail)" = 40 ]
    rmdir docs
    mv gone docs
    run -0 index --max-purge=100% docs
    [ "$(ask -c rail)" = 11 ]
}

@test "purge guard: twenty or fewer may go without a word" {
    for i in $(seq 40); do doc "docs/$i.txt" "rail"; done
    index docs
    rm docs/1?.txt docs/2?.txt
    run -0 index docs
    [ "$(ask -c rail)" = 20 ]
}

@test "only the roots that a run covers are purged" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    doc more/c.txt 'rail'
    doc more/d.txt 'rail'
    index docs more
    rm docs/a.txt more/c.txt
    run -0 index docs
    finds_only rail docs/b.txt more/c.txt more/d.txt
    run -0 index
    finds_only rail docs/b.txt more/d.txt
}

@test "a single file adds and replaces, and purges nothing" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index docs
    rm docs/b.txt
    doc docs/a.txt 'rail harbour'
    run -0 index docs/a.txt
    [ "$(ask -c rail)" = 2 ]
    [ "$(ask -c harbour)" = 1 ]
}

@test "--files-from takes a list, or NUL-ended names from stdin" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    doc "docs/with blank.txt" 'rail'
    doc docs/c.txt 'rail'
    printf 'docs/a.txt\ndocs/b.txt\n' >list
    run -0 index --files-from=list
    [ "$(ask -c rail)" = 2 ]
    printf 'docs/with blank.txt\0docs/c.txt\0' >list0
    run -0 bash -c "indexer -d '$DB' -0 --files-from=- <list0"
    [ "$(ask -c rail)" = 4 ]
}

@test "binary, empty and unreadable files are skipped with a reason" {
    doc docs/a.txt 'rail'
    printf 'rail\0\001\002\0\0\0rail' >docs/binary.txt
    : >docs/empty.txt
    ln -s nowhere docs/broken.txt
    run index docs
    [ "$status" -le 1 ]
    finds_only rail docs/a.txt
    has "$output" "docs/binary.txt: binary"
    has "$output" "docs/empty.txt: empty"
    run -0 index --check
    [ "$(index --stats -v | awk '$1 == "skipped" { print $2 }')" = 2 ]
}

@test "a file that cannot be read is named, exit 1" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    chmod 000 docs/b.txt
    if [ "$(id -u)" = 0 ]; then # who reads everything but this
        ln -sf /proc/self/mem docs/b.txt
    fi
    run -1 --separate-stderr index docs
    has "$stderr" docs/b.txt
    finds_only rail docs/a.txt
}

@test "a PATH that is not there is named, and is no success" {
    run --separate-stderr index nowhere
    [ "$status" -ge 1 ]
    has "$stderr" nowhere
}

@test "invalid UTF-8 is replaced, the rest found; BOM and CR LF are nothing" {
    printf 'rail \xff\xfe caf\xe9 harbour\n' >latin.txt
    printf '\xef\xbb\xbftitle\r\n\r\ndurian first\r\nmango second\r\n' >bom.txt
    mkdir docs
    mv latin.txt bom.txt docs
    run -0 index docs
    finds_only rail docs/latin.txt
    finds_only harbour docs/latin.txt
    finds_only durian docs/bom.txt
    finds_only '"durian first mango"' docs/bom.txt
    run -0 index --check
}

@test "UTF-16 with a byte order mark is converted" {
    command -v iconv >/dev/null || skip "no iconv"
    mkdir docs
    printf 'Ürümqi rail\n' | iconv -f UTF-8 -t UTF-16LE |
        cat <(printf '\xff\xfe') - >docs/le.txt
    printf 'Ürümqi rail\n' | iconv -f UTF-8 -t UTF-16BE |
        cat <(printf '\xfe\xff') - >docs/be.txt
    run -0 index docs
    finds_only urumqi docs/le.txt docs/be.txt
}

@test "file names with blanks, line ends and bytes that are not UTF-8" {
    mkdir docs
    echo rail >'docs/a b.txt'
    echo rail >$'docs/new\nline.txt'
    echo rail >$'docs/bad\xff.txt'
    run -0 index docs
    [ "$(ask -c rail)" = 3 ]
    run -0 ask --format=json -n 0 rail
    jq -e '[.hits[].path | select(type == "object") | .b64] | length == 1' \
        <<<"$output"
    run -0 ask -l -0 -n 0 rail
    run -0 index docs
    [ "$(ask -c rail)" = 3 ]
}

@test "titles: front matter, Markdown heading, first line" {
    mkdir docs
    printf -- '---\ntitle: Harbour works\ndate: 2021-05-06\n---\n# Other heading\nrail\n' >docs/front.md
    printf 'some words\n\n# Durian season\n\nrail\n' >docs/heading.md
    printf 'Mango market\n\nrail\n' >docs/plain.txt
    index docs
    titles=$(ask --format=json -n 0 rail | jq -r '.hits[] | "\(.path) \(.title)"' | sort)
    [ "$titles" = "docs/front.md Harbour works
docs/heading.md Durian season
docs/plain.txt Mango market" ]
    finds_only title:harbour docs/front.md
    finds_only title:durian docs/heading.md
    finds_only title:mango docs/plain.txt
    misses title:rail docs/front.md docs/heading.md docs/plain.txt
}

@test "JSON Lines: records with id, title, text, date and other keys" {
    cat >records.jsonl <<'END'
{"id":"r1","title":"Harbour \"works\"","text":"rail and \u6e2f\nsecond line","date":"2021-05-06","lang":"en","source":"X"}
{"text":"rail again","id":"r2"}
{"id":3,"title":null,"text":"rail three"}
END
    run index --input=jsonl records.jsonl
    [ "$status" = 0 ]
    [ "$(ask -c rail)" = 3 ]
    finds_only title:harbour r1
    finds_only 港 r1
    ask --format=json -e harbour |
        jq -e '.hits[0] | .path == "r1" and .title == "Harbour \"works\"" and .date == "2021-05-06"'
    run -0 bash -c "echo '{\"id\":\"r2\",\"text\":\"harbour\"}' |
        indexer -d '$DB' --input=jsonl -"
    [ "$(ask -c rail)" = 2 ]
    [ "$(ask -c harbour)" = 2 ]
    run -0 index --check
}

@test "JSON Lines: a bad record is named and fails alone" {
    printf '{"id":"a","text":"rail"}\n{"id":"b","text":\n[1]\n{"id":"c","text":"rail"}\n' >records.jsonl
    run -1 --separate-stderr index --input=jsonl records.jsonl
    has "$stderr" records.jsonl
    [ "$(ask -c rail)" = 2 ]
}

@test "--lang: stems of another language, or none" {
    doc docs/a.txt 'kereta keretaku walking'
    index --lang=none docs
    finds_only walking docs/a.txt
    run -1 ask walked
    DB=$BATS_TEST_TMPDIR/db2
    doc docs/a.txt 'les régions autonomes'
    index --lang=french docs
    finds_only région docs/a.txt
    finds_only autonome docs/a.txt
    DB=$BATS_TEST_TMPDIR/xx
    run -2 --separate-stderr index --lang=klingon docs
    has "$stderr" klingon
}

@test "an index keeps its language" {
    doc docs/a.txt 'les régions autonomes'
    index --lang=french docs
    doc docs/b.txt 'autonomes'
    run -0 index docs
    finds_only autonome docs/a.txt docs/b.txt
    run --separate-stderr index --lang=english docs
    [ "$status" -ge 2 ]
}

@test "--max-size leaves larger files out, with a reason" {
    doc docs/a.txt 'rail'
    head -c 300000 /dev/zero | tr '\0' 'x' >docs/large.txt
    echo ' rail' >>docs/large.txt
    run index --max-size=100K docs
    [ "$status" -le 1 ]
    finds_only rail docs/a.txt
}

@test "--memory: the smallest budget gives the same answers" {
    for i in $(seq 200); do
        doc "docs/$i.txt" "rail number$i $(seq -s ' ' $i $((i + 300)))"
    done
    index docs
    run -0 indexer -d small --memory=64M docs
    for q in rail number7 '"150 151 152"' '+rail -100'; do
        [ "$(query -d small -l -n 0 -e "$q")" = "$(ask -l -n 0 -e "$q")" ]
    done
    run -0 indexer -d small --check
    run -2 indexer -d tiny --memory=1 docs
}

@test "--jobs: the index is the same, however many threads make it" {
    local n
    for i in $(seq 60); do
        doc "docs/$i.txt" "rail number$i $(seq -s ' ' "$i" $((i + 5000)))"
    done
    run -0 indexer -q -d one -j 1 docs
    run -0 indexer -q -d two --jobs=2 docs
    run -0 indexer -d two --check=full
    # but for its uuid, its times and the checksums of what holds them
    n=$(cmp -l one/index-*.mdb two/index-*.mdb | wc -l)
    [ "$n" -le 256 ]
    for n in 0 -1 two 2x 9999 ''; do
        run -2 indexer -d two --jobs="$n" docs
    done
}

# n records of 10 KB of random words: of 200 the texts are stored at once with
# --memory=64M, of 1,000 they are committed.
filler() { # n
    awk -v n="$1" 'BEGIN {
        srand(1)
        for (i = 0; i < n; i++) {
            printf "{\"id\":\"r%d\",\"text\":\"", i
            for (k = 0; k < 1600; k++)
                printf "w%d ", rand() * 20000
            print "\"}"
        }
    }'
}

@test "--jobs: texts that are stored before their batch ends, and replaced" {
    local n
    {
        echo '{"id":"x","text":"rail first"}'
        filler 1200
        echo '{"id":"x","text":"rail second"}'
    } >docs.jsonl
    for n in 1 2; do
        run -0 indexer -q -d $n --memory=64M -j $n --input=jsonl docs.jsonl
        run -0 indexer -d $n --check=full
        [ "$(query -d $n -l -e rail)" = x ]
        run -0 query -d $n -l -e second
        run -1 query -d $n -l -e first
    done
    n=$(cmp -l 1/index-*.mdb 2/index-*.mdb | wc -l)
    [ "$n" -le 256 ]
}

@test "--jobs: a text that does not fit the batch any more is the next one's" {
    local n
    for n in 1 2 3 4; do
        seq -f "w%.0f" $((n * 150000)) $((n * 150000 + 149999)) >large$n.txt
    done
    run -0 indexer -q -d "$DB" --memory=64M -j 2 large*.txt
    run -0 index --check=full
    [ "$(ask -c w600000)" = 1 ]
    [ "$(ask -c w450000)" = 1 ]
}

@test "a batch that is never committed leaves nothing that is found" {
    local pid i
    doc docs/a.txt 'rail'
    index docs
    mkfifo pipe
    indexer -q -d "$DB" --memory=64M --input=jsonl pipe 3>&- &
    pid=$!
    exec 8>pipe
    filler 2000 >&8
    for i in $(seq 200); do
        [ "$(stat -c %s "$DB"/index-*.mdb)" -gt 3000000 ] && break
        sleep 0.05
    done
    [ "$i" -lt 200 ]
    kill -9 $pid
    exec 8>&-
    wait $pid || true
    run -0 index --check=full
    finds_only rail docs/a.txt
    cp -r "$DB" compact
    run -0 indexer -q -d compact --compact
    [ "$(stat -c %s compact/index-*.mdb)" -lt 500000 ]
    run -0 index
    run -0 index --check=full
    i=$(index --stats | awk '$1 == "documents_bytes" { print $2 }')
    [ "$i" -lt 100000 ]
    finds_only rail docs/a.txt
}

@test "one indexer at a time: 75 for the second" {
    doc docs/a.txt 'rail'
    index docs
    exec 9>>"$DB/writer.lock"
    flock 9
    run -75 --separate-stderr index docs 9>&-
    has "$stderr" "$DB"
    run -0 ask -c rail
    exec 9>&-
    run -0 index docs
}

@test "--check finds a damaged file, exit 5; query exits 5 or answers" {
    for i in $(seq 50); do doc "docs/$i.txt" "rail $(seq -s ' ' $i 400)"; done
    index docs
    run -0 index --check
    data=$DB/$(cat "$DB/CURRENT")
    size=$(stat -c %s "$data")
    caught=0
    for at in $(seq 9000 7919 $((size - 1))); do
        cp "$data" whole
        printf '\xa5' | dd of="$data" bs=1 seek="$at" conv=notrunc status=none
        run index --check
        [ "$status" = 0 ] || [ "$status" = 5 ]
        [ "$status" = 0 ] || caught=$((caught + 1))
        run ask -n 0 rail 300
        [ "$status" = 0 ] || [ "$status" = 1 ] || [ "$status" = 5 ]
        cat whole >"$data"
    done
    [ "$caught" -gt 0 ]
    head -c $((size / 2)) whole >"$data"
    run -5 ask rail
    run -5 index --check
}

@test "--check names damaged pages without a crash" {
    for i in $(seq 50); do doc "docs/$i.txt" "rail $(seq -s ' ' $i 400)"; done
    index docs
    data=$DB/$(cat "$DB/CURRENT")
    cp "$data" whole
    caught=0
    pages=$(($(stat -c %s "$data") / 4096))
    for page in $(seq 0 $((pages - 1))); do
        printf '\x70\xff' |
            dd of="$data" bs=1 seek=$((page * 4096 + 10)) conv=notrunc status=none
        run --separate-stderr index --check
        if [ "$status" != 0 ]; then
            [ "$status" = 5 ]
            has "$output$stderr" "page $page of "
            has_not "$stderr" "cannot be read"
            caught=$((caught + 1))
        fi
        cat whole >"$data"
    done
    [ "$caught" -gt $((pages / 2)) ]
    run -0 index --check
    # a leaf that is a leaf of nothing: the second half of the file is lost
    head -c $((pages / 2 * 4096)) whole >"$data"
    run -5 index --check
    has "$output" "is not in the file"
    has "$output" "damaged: "
}

@test "--check=full compares the index with the stored texts" {
    doc docs/a.txt 'rail'
    index docs
    run -0 index --check=full
    has "$output" "ok: "
    has_not "$output" "no stored text"
    run -0 index --check=full --memory=64M
    # what a rename changes, and dead documents
    doc docs/b.md '# harbour'
    doc docs/2020-01-02-c.txt 'port'
    index docs
    mv docs/2020-01-02-c.txt docs/2021-03-04-d.txt
    doc docs/a.txt 'rail road'
    index docs
    run -0 index --check=full
    run -2 index --check=half
    has "$output" "--check: 'half' is not full"
    run -2 index --check full
    indexer -d bare --no-text docs
    run -0 indexer -d bare --check=full
    has "$output" "3 documents have no stored text"
    has "$output" "ok: "
}

@test "--check beside an indexer that commits" {
    for i in $(seq 100); do doc "docs/$i.txt" "rail $(seq -s ' ' $i 400)"; done
    index docs
    (
        for round in $(seq 6); do
            for i in $(seq $round 7 100); do echo "more $round" >>"docs/$i.txt"; done
            index docs
        done
        echo done >finished
    ) &
    until [ -e finished ]; do
        run -0 index --check
    done
    wait
    run -0 index --check=full
}

@test "a data file of garbage is exit 5, not a crash" {
    doc docs/a.txt 'rail'
    index docs
    head -c 65536 /dev/urandom >"$DB/$(cat "$DB/CURRENT")"
    run -5 ask rail
    run -5 index --check
    run -5 index docs
}

@test "two builds of the same folder print the same list" {
    cp -r "$ROOT/corpus" docs
    index docs
    indexer -d again docs
    run -0 ask --format=trec -n 0 'rail port trade'
    [ "$output" = "$(query -d again --format=trec -n 0 'rail port trade')" ]
}

@test "readers are not disturbed by a writer" {
    for i in $(seq 100); do doc "docs/$i.txt" "rail $i"; done
    index docs
    for round in 1 2 3 4 5; do
        for i in $(seq 40); do doc "docs/$round-$i.txt" "rail $i"; done
        indexer -d "$DB" docs 3>&- &
        for i in $(seq 10); do
            n=$(ask -c rail)
            [ "$n" = $((60 + 40 * round)) ] || [ "$n" = $((100 + 40 * round)) ]
        done
        wait $!
    done
}
