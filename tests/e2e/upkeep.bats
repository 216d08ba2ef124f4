# The upkeep of an index: --compact, --rebuild, --stats, --watch, --nice; what
# they do, and that nothing they do can be half done.

load helpers

# Many small documents, enough that making a file of them takes a while; the
# later ones of a number replace the first.
many() { # FOLDER FROM TO WORD
    mkdir -p "$1"
    awk -v dir="$1" -v from="$2" -v to="$3" -v word="$4" 'BEGIN {
        srand(from)
        for (i = from; i <= to; i++) {
            file = dir "/" i ".txt"
            printf "%s article %d about rail\n", word, i >file
            for (k = 0; k < 60; k++)
                printf "w%d ", int(exp(rand() * 8)) >file
            close(file)
        }
    }'
}

# An index with a history, and dead documents in it.
worn() {
    many docs 1 600 first
    index docs
    many docs 100 250 second
    index docs
    many docs 200 260 third
    many docs 601 650 last
    index docs
    rm docs/[34]?.txt
    index docs
}

# Path and score of all that match, for comparing.
scores() { # DB QUERY
    query -d "$1" --format=trec -n 0 -e "$2" | awk '{ print $3, $5 }' | sort
}

same_scores() { # DB DB
    local q
    for q in rail 'second article' 'w7 w12 OR w300' '"about rail"' \
        'w1* -third' 'title:last'; do
        diff <(scores "$1" "$q") <(scores "$2" "$q") ||
            complain "$q: not the same scores"
        [ -n "$(scores "$1" "$q")" ] || complain "$q: nothing found"
    done
}

value() { # KEY: of --stats
    index --stats -v | awk -v key="$1" '$1 == key { print $2; exit }'
}

# The data file in use is the only one.
tidy() {
    [ "$(cd "$DB" && ls -1 index-*.mdb)" = "$(cat "$DB/CURRENT")" ] ||
        complain "left over:" "$(ls "$DB")"
}

@test "--compact: one segment, nothing dead, scores of a fresh index" {
    worn
    [ "$(value dead)" = 20 ]
    before=$(value file_bytes)
    ids=$(index --list -v | cut -f 1,4)
    generation=$(value generation) uuid=$(value uuid)
    run -0 --separate-stderr index --compact
    [ -z "$output$stderr" ]
    [ "$(value segments)" = 1 ]
    [ "$(value dead)" = 0 ]
    [ "$(value file_bytes)" -lt "$before" ]
    [ "$(value file_bytes)" = "$(value used_bytes)" ]
    [ "$(value generation)" = "$generation" ]
    [ "$(value uuid)" = "$uuid" ]
    [ "$ids" = "$(index --list -v | cut -f 1,4)" ]
    run -0 index --check
    tidy
    indexer -d fresh docs
    same_scores "$DB" fresh
    # it lives on
    generation=$(value generation)
    run -0 index
    [ "$(value generation)" = "$generation" ]
    many docs 700 705 fourth
    run -0 index
    [ "$(ask -c fourth)" = 6 ]
    run -0 ask --changes-since "$generation"
    [ "${#lines[@]}" = 6 ]
    run -0 index --check
}

@test "--compact: of a compact index the same, to the byte" {
    worn
    index --compact
    cp "$DB/$(cat "$DB/CURRENT")" once
    before=$(value file_bytes)
    run -0 index --compact
    [ "$(value file_bytes)" = "$before" ]
    run -0 index --check
}

@test "--compact: an index in which all are dead, an empty one, none" {
    doc docs/a.txt rail
    index docs
    rm docs/a.txt
    index --max-purge=100% docs
    run -0 index --compact
    [ "$(value segments)" = 0 ]
    run -0 index --check
    run -1 ask rail
    doc docs/b.txt rail
    index docs
    finds_only rail docs/b.txt
    run -2 indexer -d none --compact
    has "$output" "no index in none"
    [ ! -e none ]
}

@test "--compact -v tells sizes; it takes no PATH" {
    worn
    run -0 --separate-stderr index --compact -v
    [ -z "$output" ]
    has "$stderr" "MB became"
    run -2 index --compact docs
    run -2 index --compact --rebuild
    run -2 index --compact --watch
}

@test "--compact and --rebuild wait for no other indexer: exit 75" {
    worn
    exec 9>>"$DB/writer.lock"
    flock 9
    run -75 index --compact
    run -75 index --rebuild
    exec 9>&-
    run -0 index --compact
}

@test "a reader that stays goes over to the new file" {
    worn
    coproc READER { query -d "$DB" --batch; }
    count() {
        echo "$1" >&"${READER[1]}"
        read -r answer <&"${READER[0]}"
        jq .total.value <<<"$answer"
    }
    n=$(ask -c rail)
    [ "$(count rail)" = "$n" ]
    index --compact
    [ "$(count rail)" = "$n" ]
    doc docs/new.txt 'rail zebra'
    index
    [ "$(count zebra)" = 1 ]
    index --rebuild
    [ "$(count rail)" = $((n + 1)) ]
    doc docs/new2.txt 'rail zebra'
    index
    [ "$(count zebra)" = 2 ]
    exec {READER[1]}>&-
    wait "$READER_PID" || true
}

# kill -9 at any moment: the index is the old or the new one, and whole.
killed() { # OPTION
    local i
    worn
    n=$(ask -c rail)
    many docs 200 210 third # the same once more: nothing changes
    index
    scores "$DB" 'second w7' >before
    for i in $(seq 30); do
        indexer -d "$DB" "$1" 3>&- &
        sleep "0.0$((RANDOM % 6))$((RANDOM % 10))"
        kill -9 $! 2>/dev/null || true
        wait $! 2>/dev/null || true
        [ "$(ask -c rail)" = "$n" ]
        index
        tidy
    done
    run -0 index --check
    [ "$(scores "$DB" 'second w7' | wc -l)" = "$(wc -l <before)" ]
    run -0 index "$1"
    tidy
    indexer -d fresh docs
    same_scores "$DB" fresh
}

@test "--compact killed at 30 moments" {
    killed --compact
}

@test "--rebuild killed at 30 moments" {
    killed --rebuild
}

@test "--compact and --rebuild on a full disk: a message, and nothing changed" {
    mkdir disk
    mount -t tmpfs -o size=1500k tmpfs disk 2>/dev/null || skip "cannot mount"
    DB=$BATS_TEST_TMPDIR/disk/db
    many docs 1 900 first
    index docs || { umount disk; false; }
    head -c 4M /dev/zero >disk/filler 2>/dev/null || true
    truncate -s -100K disk/filler
    run index --compact
    first=$status output1=$output
    run index --rebuild
    second=$status output2=$output
    files=$(cd "$DB" && ls -1 index-*.mdb)
    current=$(cat "$DB/CURRENT")
    n=$(ask -c rail)
    index --check >checked || true
    rm disk/filler
    umount disk
    [ "$first" = 2 ]
    [ "$second" = 2 ]
    has "$output1" "full"
    has "$output2" "full"
    [ "$files" = "$current" ]
    [ "$n" = 900 ]
    has "$(cat checked)" ok:
}

@test "--rebuild: other settings, and the message that leads to it" {
    worn
    run -4 index --lang=german docs
    has "$output" "--rebuild --lang=german"
    run -0 --separate-stderr index --rebuild --lang=german
    [ -z "$output$stderr" ]
    index --stats | grep -qE '^setting +language=german$'
    run -0 index
    run -0 index --rebuild --lang=english
    run -0 index --check
    indexer -d fresh docs
    same_scores "$DB" fresh
    run -4 index --no-text docs
    has "$output" "--rebuild --no-text"
    run -0 index --rebuild --no-text
    run -0 index
    run -0 index --rebuild
    index --stats | grep -qE '^setting +text=none$'
}

@test "--rebuild: whoever holds a generation is told to read all anew" {
    worn
    generation=$(value generation) uuid=$(value uuid)
    run -0 index --rebuild
    [ "$(value generation)" -gt "$generation" ]
    [ "$(value uuid)" != "$uuid" ]
    run -3 --separate-stderr ask --changes-since "$generation"
    [ -z "$output" ]
    has "$stderr" "read the whole index anew"
    generation=$(value generation)
    doc docs/new.txt rail
    index
    run -0 ask --changes-since "$generation"
    has "$output" docs/new.txt
    [ "${#lines[@]}" = 1 ]
}

@test "--rebuild: records of --input, files that were named, several roots" {
    doc docs/a.txt 'rail one'
    doc more/b.txt 'rail two'
    doc other/c.log 'rail three'
    doc docs/d.log 'rail four'
    printf '%s\n' \
        '{"id":"r1","title":"Rail ports","text":"five","date":"2021-02-03","lang":"en","source":"gazette"}' \
        '{"id":"r2","text":"rail six\nseven"}' >records.jsonl
    index docs more
    index other/c.log docs/d.log
    index --input=jsonl records.jsonl
    json() {
        ask --format=json -n 0 rail |
            jq '[.hits[] | del(.rank, .id)] | sort_by(.path)'
    }
    before=$(json)
    run -0 index --rebuild
    [ "$(json)" = "$before" ]
    run -0 index --check
    run -0 index -v --input=jsonl records.jsonl
    has "$output" "2 unchanged"
    run -0 index -v
    has "$output" "0 added, 0 updated, 0 removed"
    [ "$(json)" = "$before" ]
    # a folder may be added on the way
    doc third/e.txt 'rail eight'
    run -0 index --rebuild third
    [ "$(ask -c rail)" = 7 ]
    run -0 index -v
    has "$output" "4 unchanged"
}

@test "--rebuild: records whose text is not stored: exit 3, nothing changed" {
    echo '{"id":"r1","text":"rail"}' >records.jsonl
    index --no-text --input=jsonl records.jsonl
    run -3 index --rebuild
    has "$output" "no text"
    tidy
    [ "$(ask -c rail)" = 1 ]
}

@test "--rebuild: the purge guard" {
    many docs 1 40 first
    many more 91 95 first
    index docs more
    mv more gone
    run -3 index --rebuild
    mkdir more
    run -3 index --rebuild
    has "$output" "more is empty"
    rmdir more
    mv gone more
    rm docs/[12]?.txt docs/3?.txt
    run -3 index --rebuild
    tidy
    [ "$(ask -c rail)" = 45 ]
    run -0 index --rebuild --max-purge=100%
    [ "$(ask -c rail)" = 15 ]
}

@test "--rebuild: files that cannot be read cost no index" {
    many docs 1 5 first
    index docs
    for i in 1 2 3 4 5; do # that not even root can read
        ln -sf /proc/self/mem "docs/$i.txt"
    done
    run -3 index --rebuild
    has "$output" "failed docs/1.txt"
    has "$output" "5 failed, and 5 documents would be lost"
    tidy
    [ "$(ask -c rail)" = 5 ]
    rm docs/1.txt
    doc docs/1.txt 'rail'
    run -3 index --rebuild
    has "$output" "4 failed, and 4 documents would be lost"
    [ "$(ask -c rail)" = 5 ]
    run -1 index --rebuild --max-purge=100%
    finds_only rail docs/1.txt
}

@test "--rebuild: where the old index cannot be read" {
    doc docs/a.txt rail
    index docs
    echo garbage >"$DB/CURRENT"
    run -5 index --rebuild
    has "$output" "--rebuild PATH..."
    run -0 index --rebuild docs
    finds_only rail docs/a.txt
    run -0 index --check
    tidy
    head -c 100000 /dev/urandom >"$DB/$(cat "$DB/CURRENT")"
    run -5 index --rebuild
    run -0 index --rebuild docs
    finds_only rail docs/a.txt
    run -2 indexer -d none --rebuild
    [ ! -e none ]
    run -0 indexer -d none --rebuild docs
    [ "$(query -d none -c rail)" = 1 ]
}

interrupted() { # OPTION
    worn
    n=$(ask -c rail)
    for i in 1 2 3 4 5 6 7 8; do
        status=0
        indexer -d "$DB" "$1" 2>message 3>&- &
        sleep "0.0$((RANDOM % 4))$((RANDOM % 10))"
        kill -INT $! 2>/dev/null || true
        wait $! || status=$?
        case $status in
        0) ;;
        130) if [ -s message ]; then grep -q 'as it was' message; fi ;;
        *) complain "exit $status: $(cat message)" ;;
        esac
        [ "$(ask -c rail)" = "$n" ]
    done
    run -0 index "$1"
    tidy
}

@test "--compact interrupted: 130, the index is as it was" {
    interrupted --compact
}

@test "--rebuild interrupted: 130, the index is as it was" {
    interrupted --rebuild
}

@test "--stats: a key and its value in each line" {
    worn
    run -0 index --stats
    for key in index uuid generation updated updated_age complete_run \
        complete_run_age documents dead dead_share positions segments terms \
        file_bytes used_bytes postings_bytes positions_bytes documents_bytes \
        paths_bytes norms_bytes columns_bytes fields_bytes names_bytes log_bytes other_bytes \
        root; do
        [ "$(grep -cE "^$key +[^ ]+\$" <<<"$output")" = 1 ] ||
            complain "no $key in: $output"
    done
    grep -qE '^setting +language=auto$' <<<"$output"
    ! grep -qvE '^[a-z_]+ +[^ ].*$' <<<"$output"
    has_not "$output" source_bytes
    has_not "$output" "part "
    [ "$(value documents)" = 630 ]
    [ "$(value used_bytes)" = "$(index --stats |
        awk '/_bytes/ && !/file_|used_/ { n += $2 } END { print n }')" ]
    [ "$(value source_bytes)" = "$(cat docs/*.txt | wc -c)" ]
    index --stats -v >all
    grep -qE '^segment +[0-9a-f]{8}: ' all
    # the parts are all of it, and each is its share of the text
    [ "$(awk '$1 == "part" { print $2 }' all | xargs)" = \
        "terms: postings: positions: forms: documents: paths: rest:" ]
    awk '$1 == "used_bytes" { used = $2 } $1 == "source_bytes" { text = $2 }
        $1 == "part" && ($3 / text - $5) ^ 2 > 1e-8 { exit 1 }
        $1 == "part" { sum += $3 } END { if (sum != used) exit 1 }' all
    [ "$(value postings)" -gt 630 ]
}

@test "--watch takes in what changes, and ends at a signal" {
    doc docs/a.txt rail
    indexer -d "$DB" --nice --watch=1 docs 2>messages 3>&- &
    pid=$!
    for i in $(seq 100); do
        [ "$(ask -c rail 2>/dev/null)" = 1 ] && break
        sleep 0.1
    done
    doc docs/b.txt rail
    for i in $(seq 100); do
        [ "$(ask -c rail)" = 2 ] && break
        sleep 0.1
    done
    [ "$(ask -c rail)" = 2 ]
    # others may write
    echo '{"id":"r1","text":"rail"}' >records.jsonl
    for i in $(seq 20); do
        index --input=jsonl records.jsonl && break
        sleep 0.1
    done
    [ "$(ask -c rail)" = 3 ]
    # fields behind the name: state is the first, niceness the 17th
    [ "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 17)" -ge 10 ]
    kill -TERM $pid
    wait $pid
    [ ! -s messages ] || complain "$(cat messages)"
    run -0 index --check
}

@test "--watch says once what goes wrong, and goes on" {
    doc docs/a.txt rail
    index docs
    mv docs gone
    indexer -d "$DB" --watch=1 2>messages 3>&- &
    pid=$!
    sleep 3.5
    mv gone docs
    doc docs/b.txt rail
    for i in $(seq 100); do
        [ "$(ask -c rail)" = 2 ] && break
        sleep 0.1
    done
    mv docs gone
    for i in $(seq 100); do
        [ "$(wc -l <messages)" = 2 ] && break
        sleep 0.1
    done
    kill -INT $pid
    wait $pid
    [ "$(ask -c rail)" = 2 ]
    [ "$(grep -c 'docs is gone' messages)" = 2 ]
    [ "$(wc -l <messages)" = 2 ]
}

@test "--watch ends with what no waiting mends" {
    run -2 indexer -d none --watch
    doc docs/a.txt rail
    index docs
    run -4 index --watch --lang=german
    run -2 index --watch=0
    run -2 index --watch=soon
    run -2 index --watch --input=jsonl docs/a.txt
    run -2 index --watch --files-from=docs/a.txt
    run -2 index --rebuild --files-from=docs/a.txt
    run -2 index --rebuild --watch
    run -2 index --rebuild --remove docs/a.txt
    run -2 index --rebuild --dry-run
    run -2 index --rebuild --no-purge
    run -2 index --rebuild --stats
}
