# The index as files: who writes, who reads, where it lies, and what happens
# when there is no room.

load helpers

root_only() {
    [ "$(id -u)" = 0 ] || skip "only root can do this"
}

# The command as a user who owns nothing.
as_nobody() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# Programs where nobody may run them, too, and folders to get there.
open_up() {
    root_only
    command -v setpriv >/dev/null || skip "no setpriv"
    as_nobody test -x "$(command -v query)" ||
        skip "another user does not reach the programs"
    local at=$BATS_TEST_TMPDIR
    while [ "$at" != / ]; do
        as_nobody test -x "$at" || chmod go+rx "$at"
        at=$(dirname "$at")
    done
}

# Prose of about N kilobytes, another one for each seed.
prose() { # SEED N
    awk -v seed="$1" -v n="$2" 'BEGIN {
        srand(seed)
        for (; bytes < n * 1024; bytes += 8)
            printf "w%06d ", rand() * 1000000
    }'
}

# --- one writer ---

@test "--wait: for a time, or until the other is done" {
    doc docs/a.txt 'rail'
    index docs
    doc docs/b.txt 'rail'
    exec 9>>"$DB/writer.lock"
    flock 9
    run -75 index 9>&-
    run -75 index --wait=0 9>&-
    run -75 index --wait=1 9>&-
    has "$output" "another indexer is writing to $DB"
    [ "$(ask -c rail)" = 1 ]
    indexer -d "$DB" --wait 9>&- 3>&- &
    sleep 0.3
    kill -0 $!
    exec 9>&-
    wait $!
    [ "$(ask -c rail)" = 2 ]
    run -2 index --wait=soon
    run -2 index --wait=-1
}

@test "--wait: a signal ends it with 130" {
    doc docs/a.txt 'rail'
    index docs
    exec 9>>"$DB/writer.lock"
    flock 9
    for signal in INT TERM; do
        # a shell has its background jobs ignore SIGINT
        env --default-signal=INT indexer -d "$DB" --wait 2>said 9>&- 3>&- &
        pid=$!
        sleep 0.3
        kill -$signal "$pid"
        wait "$pid" && status=0 || status=$?
        [ "$status" = 130 ]
        has "$(cat said)" interrupted
    done
    exec 9>&-
    run -0 index
}

@test "who is refused is told which process writes" {
    mkfifo records
    indexer -d "$DB" --input=jsonl - <records 3>&- &
    pid=$!
    exec 8>records
    until [ -s "$DB/writer.lock" ]; do sleep 0.05; done
    doc docs/a.txt 'rail'
    run -75 index docs 8>&-
    has "$output" "another indexer (process $pid) is writing to $DB"
    echo '{"id":"r","text":"rail"}' >&8
    exec 8>&-
    wait "$pid"
    run -0 index docs
    [ "$(ask -c rail)" = 2 ]
}

# --- no room ---

@test "a limit on file sizes is named, and what was committed stays" {
    doc docs/a.txt 'rail'
    index docs
    prose 1 1000 >docs/large.txt
    run -2 bash -c "ulimit -f 300; indexer -d '$DB' docs"
    has "$output" "no file may be larger than"
    has "$output" "ulimit -f"
    [ "$(ask -c rail)" = 1 ]
    run -0 index --check
    run -0 index docs
    run -0 index --check
}

@test "a limit on address space is named; what fits is indexed" {
    doc docs/a.txt 'rail'
    index docs
    bash -c 'ulimit -v 200000; query --version' >/dev/null 2>&1 ||
        skip "a program that needs more to start"
    run -0 bash -c "ulimit -v 200000; indexer -d '$DB' --memory=64M docs &&
        query -d '$DB' -c rail"
    [ "$output" = 1 ]
    prose 1 30000 | split -b 1M - docs/many --additional-suffix=.txt
    run -2 bash -c "ulimit -v 60000; indexer -d '$DB' docs"
    has "$output" "ulimit -v"
    [ "$(ask -c rail)" = 1 ]
    run -0 index --check
}

@test "a full disk is named, and what was committed stays" {
    root_only
    mkdir disk
    mount -t tmpfs -o size=1000k none disk || skip "no file system to fill"
    doc docs/a.txt 'rail'
    DB=$PWD/disk/db
    index docs
    prose 1 3000 >docs/large.txt
    run index docs
    said=$output code=$status
    count=$(ask -c rail)
    run index --check
    checked=$status
    run index --backup "$PWD/disk/copy"
    copied=$status
    ls disk >left
    rm docs/large.txt
    run index docs
    umount disk
    [ "$code" = 2 ]
    has "$said" "the disk is full"
    [ "$count" = 1 ]
    [ "$checked" = 0 ]
    [ "$status" = 0 ]
    # a backup that found no room left nothing
    [ "$copied" = 0 ] || [ "$(cat left)" = db ]
}

# --- reading only ---

# What a reader asks, and answers without complaint.
reads() { # COMMAND...: how to run a program
    [ "$("$@" query -d "$DB" -c rail)" = 2 ]
    [ "$("$@" query -d "$DB" --format=json rail | jq .total.value)" = 2 ]
    has "$("$@" query -d "$DB" --show docs/a.txt)" rail
    has "$("$@" query -d "$DB" --stats)" documents
    has "$("$@" query -d "$DB" --changes-since 0)" docs/b.txt
    [ "$(echo rail | "$@" query -d "$DB" --batch | jq .total.value)" = 2 ]
    [ "$("$@" indexer -d "$DB" --list | wc -l)" = 2 ]
    has "$("$@" indexer -d "$DB" --stats)" documents
    has "$("$@" indexer -d "$DB" --check)" "ok: "
}

@test "a folder and files that may only be read" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index docs
    chmod 444 "$DB"/*
    chmod 555 "$DB"
    open_up
    reads as_nobody
    run -2 as_nobody indexer -d "$DB"
    has "$output" "$DB/writer.lock: Permission denied (it belongs to user 0)"
    run -2 as_nobody indexer -d "$DB/sub/new" docs
    mkdir free
    chmod 777 free
    run -0 as_nobody indexer -d "$DB" --backup free/copy
    run -0 indexer -d free/copy --check
}

@test "a file system that may only be read" {
    root_only
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index docs
    mkdir ro
    mount --bind . ro && mount -o remount,ro,bind ro || skip "no bind mounts"
    DB=$PWD/ro/db
    reads env || failed=1
    run indexer -d "$DB" docs
    umount ro
    [ -z "${failed-}" ]
    [ "$status" = 2 ]
    has "$output" "Read-only file system"
}

@test "a reader without a slot beside a writer that never rests" {
    doc docs/a.txt 'rail'
    index docs
    open_up
    chmod go-w "$DB"/*
    (
        for i in $(seq 40); do
            prose "$i" 30 >docs/a.txt
            echo rail >>docs/a.txt
            indexer -d "$DB" docs
        done
        : >done
    ) 3>&- &
    while [ ! -e done ]; do
        run as_nobody query -d "$DB" -c rail
        # LMDB itself may have met a page that was overwritten
        [ "$status" = 5 ] || [ "$output" = 1 ]
    done
    wait $!
    [ "$(as_nobody query -d "$DB" -c rail)" = 1 ]
}

@test "two containers: readers of the same process number" {
    root_only
    unshare -p --fork true || skip "no process namespaces"
    doc docs/a.txt 'rail'
    index docs
    mkfifo requests answers
    unshare -p --fork query -d "$DB" --batch <requests >answers 3>&- &
    exec 8>requests 7<answers
    echo rail >&8
    read -r answer <&7
    [ "$(jq .total.value <<<"$answer")" = 1 ]
    [ "$(unshare -p --fork query -d "$DB" -c rail 8>&- 7<&-)" = 1 ]
    echo rail >&8
    read -r answer <&7
    [ "$(jq .total.value <<<"$answer")" = 1 ]
    exec 8>&- 7<&-
    wait $!
}

# --- who reads slowly ---

# Runs of the indexer, each with a large change.
churn() {
    for i in $(seq "$1"); do
        prose "$i" 100 >docs/large.txt
        index docs
    done
}

data_size() {
    stat -c %s "$DB/$(cat "$DB/CURRENT")"
}

@test "output that nobody takes holds no pages" {
    for i in $(seq 300); do
        doc "docs/a/document-with-a-rather-long-name-$i.txt" "rail n$i"
    done
    churn 3
    ask -l rail | head -1 >topics
    sed -i 's/.*/1\trail/' topics
    mkfifo pipe
    exec 8<>pipe
    head -c 65536 /dev/zero >&8 # the next byte has to wait
    pids=
    stall() {
        "$@" >&8 2>&1 3>&- &
        pids="$pids $!"
    }
    stall query -d "$DB" -n 0 rail
    stall query -d "$DB" --format=json -n 0 rail
    stall query -d "$DB" --format=ndjson -n 0 rail
    stall query -d "$DB" --format=trec -n 0 rail
    stall query -d "$DB" -l -n 0 rail
    stall query -d "$DB" -c rail
    stall query -d "$DB" --topics topics --format=trec
    stall query -d "$DB" -f topics -n 0
    stall query -d "$DB" --show docs/large.txt
    stall query -d "$DB" --stats
    stall query -d "$DB" --changes-since 0
    stall query -d "$DB" --analyze rail
    stall query -d "$DB" --batch <<<rail
    stall indexer -d "$DB" --list
    stall indexer -d "$DB" --list -v
    stall indexer -d "$DB" --stats
    stall indexer -d "$DB" --check
    sleep 1
    # shellcheck disable=SC2086  # one word a process
    kill -0 $pids
    before=$(data_size)
    churn 12
    after=$(data_size)
    # shellcheck disable=SC2086
    kill $pids
    for pid in $pids; do
        for i in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.02
        done
        kill -KILL "$pid"
        complain "$pid does not end while nobody takes its output"
    done
    exec 8>&-
    # what one run takes, and not twelve
    [ $((after - before)) -lt 1500000 ] ||
        complain "the file grew from $before to $after"
}

@test "--batch holds no pages between requests" {
    for i in $(seq 20); do doc "docs/$i.txt" "rail"; done
    churn 3
    mkfifo requests answers
    query -d "$DB" --batch <requests >answers 3>&- &
    exec 8>requests 7<answers
    for line in rail '"' '' '{"q":"rail","nonsense":1}' rail; do
        echo "$line" >&8
        read -r answer <&7
    done
    [ "$(jq .total.value <<<"$answer")" = 20 ]
    before=$(data_size)
    churn 12
    [ $(($(data_size) - before)) -lt 1500000 ]
    echo rail >&8
    read -r answer <&7
    [ "$(jq .total.value <<<"$answer")" = 20 ]
    exec 8>&- 7<&-
    wait $!
}

@test "--list of more than memory keeps: all of it, in order" {
    for i in $(seq 100); do doc "docs/$i.txt" "rail"; done
    index docs
    run -0 index --list
    [ "${#lines[@]}" = 100 ]
    [ "$output" = "$(sort <<<"$output")" ]
    indexer -d "$DB" --list >/dev/full 2>said && status=0 || status=$?
    [ "$status" = 2 ]
    has "$(cat said)" "cannot write to standard output"
}

# --- backup ---

@test "--backup: the same index, silent, and nothing is overwritten" {
    doc docs/a.txt 'rail'
    index docs
    run -0 index --backup copy
    [ -z "$output" ]
    run -0 index -v --backup copy2
    has "$output" "MB copied"
    run -0 indexer -d copy --check
    for fact in .uuid .generation .documents; do
        [ "$(ask --stats --json | jq "$fact")" = \
            "$(query -d copy --stats --json | jq "$fact")" ]
    done
    run -2 index --backup copy
    has "$output" "copy holds an index already"
    run -2 index --backup "$DB"
    run -2 index --backup copy3 docs
    run -2 index --backup ''
    run -2 indexer -d nothing --backup copy3
    [ ! -e copy3 ] && [ ! -e nothing ]
    # the copy goes on by itself
    doc docs/b.txt 'rail'
    run -0 indexer -d copy
    [ "$(query -d copy -c rail)" = 2 ]
    [ "$(ask -c rail)" = 1 ]
}

@test "--backup while an indexer commits: each copy is one generation" {
    doc docs/01.txt 'rail'
    index docs
    (
        for i in $(seq -w 2 40); do
            doc "docs/$i.txt" "rail $i"
            indexer -d "$DB" docs
        done
        : >done
    ) 3>&- &
    n=0
    while [ ! -e done ]; do
        n=$((n + 1))
        index --backup "copy$n"
    done
    wait $!
    [ "$n" -gt 1 ]
    for i in $(seq "$n"); do
        run -0 indexer -d "copy$i" --check
        # documents came one a generation: any state is the first so many
        indexer -d "copy$i" --list | grep -o '[0-9]*\.txt' | sort >has
        find docs -name '*.txt' -printf '%f\n' | sort -n |
            head -n "$(wc -l <has)" | sort >first
        diff has first
        [ "$(query -d "copy$i" -c rail)" = "$(wc -l <has)" ]
    done
}

@test "--backup that is killed leaves nothing that opens as an index" {
    prose 1 3000 >text
    mkdir docs
    split -l 1 -a 4 -d --additional-suffix=.txt <(tr ' ' '\n' <text |
        paste -d ' ' - - - - - - - - - - - - - - - - | head -2000) docs/
    index docs
    whole=0
    for ms in 1 2 3 4 5 6 8 10 15; do
        rm -rf copy
        timeout -s KILL "0.0$(printf %02d "$ms")" indexer -d "$DB" --backup copy || true
        # timeout dies with what it kills, and may be gone before
        [ ! -e copy/writer.lock ] || flock copy/writer.lock true
        if query -d copy --stats >/dev/null 2>&1; then
            run -0 indexer -d copy --check
        else
            # and the next one is not in its way
            run -0 index --backup copy
            run -0 indexer -d copy --check
        fi
        whole=$((whole + 1))
    done
    [ "$whole" = 9 ]
}
