# query -j: many lines at once, the answers as of one process.

load helpers

docs() {
    local i
    for i in {1..40}; do
        doc "docs/$i.txt" "Number $i\n\nrail port $((i % 7)) and word$((i % 11)) of sea$i"
    done
    index docs
}

# N requests, some of them errors.
requests() {
    awk -v n="$1" 'BEGIN {
        for (i = 1; i <= n; i++)
            if (i % 50 == 7) print "{\"q\":"
            else if (i % 50 == 8) print ""
            else if (i % 50 == 9) print "{\"id\":" i ",\"q\":\"rail\",\"limit\":0}"
            else if (i % 3) print "{\"id\":" i ",\"q\":\"word" i % 11 " rail\"}"
            else print "sea" i % 70 " \"rail port\"" }'
}

# The processes a process has started.
children() {
    local stat fields
    tr ' ' '\n' <"/proc/$1/task/$1/children" 2>/dev/null && return
    for stat in /proc/[0-9]*/stat; do
        read -r -a fields 2>/dev/null <"$stat" || continue
        [ "${fields[3]}" = "$1" ] && echo "${fields[0]}"
    done
    return 0
}

stopped() { # PID: waits until it is
    for _ in {1..100}; do
        grep -q '^State:.*T' "/proc/$1/status" && return
        sleep 0.01
    done
    complain "$1 does not stop"
}

# begin N: a batch of so many processes, of which one has answered.
begin() {
    coproc Q { exec query -d "$DB" --batch -j "$1"; }
    pid=$Q_PID
    tell rail
    hear
    worker=$(children "$pid")
    [ "$(wc -w <<<"$worker")" = 1 ] # no more than there is work for
}

tell() { printf '%s\n' "$@" >&"${Q[1]}"; }
hear() { read -r -t 20 line <&"${Q[0]}"; }

@test "jobs: batch, the answers of one process" {
    docs
    requests 700 >in
    ask --batch <in | sed 's/"seconds":[^,]*,//' >a
    [ "$(wc -l <a)" = 700 ]
    for j in 2 16; do
        ask --batch -j $j <in | sed 's/"seconds":[^,]*,//' | cmp a -
    done
    head -c -1 in | ask --batch -j 2 | sed 's/"seconds":[^,]*,//' | cmp a -
}

@test "jobs: lines of a file, in every format" {
    docs
    printf '%s\n' rail '' 'word3 sea4' 'nosuch' '"rail port"' 'a AND' \
        {sea,word}{1..30} >q
    for how in --format={text,json,ndjson,tsv,trec,paths} -c \
        '--format=text -n 0 --explain'; do
        # shellcheck disable=SC2086
        ask -f q $how 2>a.err | sed 's/"seconds":[^,]*,//' >a
        # shellcheck disable=SC2086
        ask -f q $how -j 3 2>b.err | sed 's/"seconds":[^,]*,//' >b
        cmp a b
        cmp a.err b.err
    done
    awk '{ print NR "\tword" NR % 13 " rail" }' q >t
    ask --topics t >a
    ask --topics t --jobs=4 | cmp a -
    ask -f - -j 2 --format=trec <q | cmp - <(ask -f q --format=trec)
    [ "$(ask --time -l -j 2 -f q 2>&1 >/dev/null | tail -1 |
        jq '[.queries, (.wall > 0 and .p50 > 0)] == [65, true]')" = true ]
}

@test "jobs: exit status and errors as of one process" {
    docs
    run -0 ask -q -j 2 -f <(printf '%s\n' nosuch rail sea1)
    [ -z "$output" ]
    run -1 ask -j 2 -f <(printf '%s\n' nosuch nowhere)
    deep=$(printf '(%.0s' {1..99})
    printf '%s\n' rail sea2 "$deep a" sea3 >q
    run -2 --separate-stderr ask -f q -l
    one=$output$stderr
    run -2 --separate-stderr ask -f q -l -j 2
    [ "$output$stderr" = "$one" ]
    has "$stderr" "line 3"
    run -3 query -d nowhere -j 2 -f q
    has "$output" "no index"
    run -0 query -d nowhere -j 2 --batch <q
    [ "$(jq -r .error.code <<<"$output" | sort | uniq -c | xargs)" = \
        '4 no_index' ]
    run -2 ask -j 2 rail
    run -2 ask -j 0 -f q
    run -2 ask -j 65 -f q
    run -2 ask -j two --batch
}

@test "jobs: who waits for an answer gets it" {
    docs
    begin 4
    for i in {1..9}; do
        tell '{"id":'"$i"',"q":"rail"}'
        hear
        [ "$(jq .id <<<"$line")" = "$i" ]
    done
    doc docs/new.txt brandnew
    index docs
    tell brandnew
    hear
    [ "$(jq .total.value <<<"$line")" = 1 ] # the newest commit
    exec {Q[1]}>&-
    wait "$pid"
}

@test "jobs: a slow line lets others be worked at, and keeps its place" {
    docs
    begin 2
    kill -STOP "$worker"
    stopped "$worker"
    tell '{"id":1,"q":"rail"}'
    sleep 0.05
    for i in {2..9}; do tell '{"id":'"$i"',"q":"rail"}'; done
    sleep 0.3
    if read -r -t 0.1 line <&"${Q[0]}"; then complain "too early: $line"; fi
    kill -CONT "$worker"
    for i in {1..9}; do
        hear
        echo "$line"
    done >out
    jq .id out | cmp - <(seq 9)
    exec {Q[1]}>&-
    wait "$pid"
}

@test "jobs: a worker that is killed takes nothing with it" {
    docs
    begin 2
    for _ in 1 2; do
        worker=$(children "$pid" | sed -n 1p)
        kill -STOP "$worker"
        stopped "$worker"
        for i in {1..50}; do echo '{"id":'"$i"',"q":"word'"$i"' rail"}'; done \
            >in
        tell "$(cat in)"
        sleep 0.05
        kill -KILL "$worker"
        for i in {1..50}; do
            hear
            echo "$line"
        done >out
        jq -c 'select(.ok).id' out | cmp - <(seq 50)
    done
    exec {Q[1]}>&-
    wait "$pid"
}

@test "jobs: they end with the one that started them" {
    docs
    begin 2
    kill -KILL "$pid"
    wait "$pid" || true
    for _ in {1..100}; do
        [ -e "/proc/$worker/stat" ] || return 0
        sleep 0.02
    done
    complain "process $worker goes on"
}

@test "jobs: a closed pipe ends it quietly, a full disk aloud" {
    docs
    yes rail | head -5000 >in
    run bash -c "query -d '$DB' --batch -j 2 <in 2>err | head -1 | jq .ok"
    [ "$output" = true ]
    [ ! -s err ]
    [ -w /dev/full ] || skip "no /dev/full"
    run -2 bash -c "echo rail | query -d '$DB' --batch -j 2 >/dev/full"
    has "$output" "cannot write"
}

@test "jobs: many requests while the index changes" {
    docs
    for i in {1..1500}; do echo '{"id":'"$i"',"q":"rail","limit":3}'; done >in
    ask --batch -j 2 <in >out &
    local pid=$!
    for i in {101..105}; do
        doc "docs/$i.txt" "Number $i\n\nrail"
        index docs
        kill -0 $pid 2>/dev/null || break
    done
    wait $pid
    [ "$(wc -l <out)" = 1500 ]
    jq -e '.ok and .total.value == .index.docs and
           (.hits | length) == 3' <out | sort -u >seen
    [ "$(cat seen)" = true ]
    [ "$(jq .id <out | sort -nc && echo sorted)" = sorted ]
}
