#!/usr/bin/env bats
# What `make bench` is made of works. How long things take is nothing to test.
load helpers

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    : "${BUILD:=$PWD/build}"
    bench=$BUILD/tests/bench
    tmp=$BATS_TEST_TMPDIR
}

# rows PATTERN: lines of the output whose first word is that.
rows() {
    printf '%s\n' "$output" | awk -v p="$1" '$1 == p' | wc -l
}

@test "bench: a folder becomes records" {
    mkdir "$tmp/tree"
    printf 'one "two"\n' >"$tmp/tree/a"
    printf 'three\\\n' >"$tmp/tree/b"
    printf '%s\n' "$tmp/tree/a" "$tmp/tree/b" | "$bench/corpus" lines >"$tmp/docs"
    [ "$(jq -r .id "$tmp/docs")" = "$tmp/tree/a"$'\n'"$tmp/tree/b" ]
    [ "$(jq -rj .text "$tmp/docs")" = 'one "two"'$'\n''three\' ]
}

@test "bench: raw documents are lengths and bytes" {
    printf '{"id":"a","title":"T","text":"x\\ny"}\n' |
        "$bench/corpus" raw >"$tmp/raw" 2>"$tmp/facts"
    [ "$(cat "$tmp/facts")" = "1 4" ]
    printf '\0\0\0\1a\0\0\0\5T\nx\ny' | cmp - "$tmp/raw"
}

@test "bench: queries that are drawn find something" {
    "$bench/articles" 300 >"$tmp/docs"
    "$bench/corpus" queries 40 <"$tmp/docs" >"$tmp/drawn"
    "$bench/corpus" queries 40 <"$tmp/docs" | cmp - "$tmp/drawn"
    [ "$(sort -u "$tmp/drawn" | wc -l)" = 40 ]
    indexer -q -d "$tmp/ix" --input=jsonl "$tmp/docs"
    cut -f 1 "$tmp/drawn" >"$tmp/titles"
    cut -f 2 "$tmp/drawn" | sed 's/.*/"&"/' >"$tmp/phrases"
    run -0 query -d "$tmp/ix" -c -f "$tmp/phrases"
    [ "${#lines[@]}" = 40 ]
    [[ $'\n'$output$'\n' != *$'\n'0$'\n'* ]]
    run -0 query -d "$tmp/ix" -a -c -f "$tmp/titles"
    [[ $'\n'$output$'\n' != *$'\n'0$'\n'* ]]
}

@test "bench: measure ends as the command does" {
    run -3 "$bench/measure" "$tmp/m" sh -c 'exit 3'
    run -0 "$bench/measure" "$tmp/m" true
    [ "$(awk 'NF == 4 && $3 > 0' "$tmp/m" | wc -l)" = 2 ]
}

@test "bench: oneshot asks one query after the other" {
    "$bench/articles" 50 | indexer -q -d "$tmp/ix" --input=jsonl -
    printf 'ba\nbe\n' >"$tmp/words"
    cat >"$tmp/asked" <<END
#!/bin/sh
echo "\$*" >>$tmp/said
END
    chmod +x "$tmp/asked"
    run -0 "$bench/oneshot" 3 "$bench/empty" "$tmp/words" "$tmp/asked" -x
    [ "$(cat "$tmp/said")" = '-x ba'$'\n''-x be'$'\n''-x ba' ]
    run -0 "$bench/oneshot" -c "$tmp/ix/index-00000001.mdb" 2 "$bench/empty" \
        "$tmp/words" "$BUILD/query" -d "$tmp/ix"
    [ "$(awk 'NF == 5 && $2 > 0 && $5 > 0' <<<"$output" | wc -l)" = 2 ]
    run -2 "$bench/oneshot" 1 "$bench/empty" "$tmp/words" "$BUILD/query" --wrong
}

@test "bench: prints each of its tables" {
    "$bench/articles" 60 >"$tmp/docs"
    export CORPUS=$tmp/docs WORK=$tmp/kept PEERS= ROUNDS=1 RUNS=4 BUILDS=1
    export SHARED=/nonexistent SIZES=100 PASSES=2 CHINESE=20
    run -0 tests/bench/bench build size search kinds start batch growth
    [ "$(rows ours,lines)" = 1 ]
    [ "$(rows chinese,files)" = 1 ]
    [ "$(rows postings)" = 2 ]
    [ "$(rows or,10)" = 2 ]
    [ "$(rows phrase,found,10)" = 2 ]
    [ "$(rows negated)" = 1 ]
    [ "$(rows ours,cold)" = 2 ]
    [ "$(rows batch,-j2)" = 1 ]
    [ "$(rows 100)" = 1 ]
    # what the README has: figures, and what is aimed at
    has "$output" '| all words, top 10'
    has "$output" '| index, % of the text |'
    has "$output" '| --batch -j 2, speed beside one process |'
    printf '%s\n' "$output" | grep -qE '\| (PASS|miss) \|$'
    cmp "$tmp/kept/readme.md" <(printf '%s\n' "$output" |
        sed -n '/^For the README/,/^corpus/p' | sed '1,2d;$d' | sed '$d')
    run -2 tests/bench/bench nothing
}

@test "bench: growth for ten times as many, on average" {
    printf '%s\n' \
        '100 ours+ 100 1000 1 2 3 4 1 10 5 1 2 3 4 5 6 7 8 9 1' \
        '100 sqlite 100 1000 1 2 3 4 1 - - 1 2 3 4 5 6 7 8 9 1' \
        '10000 ours+ 10000 100000 1 200 3 4 1 40 5 100 2 3 4 5 6 7 8 9 1' \
        >"$tmp/rows"
    run -0 sh -c '. tests/bench/start.sh && growth_table "$1"' - "$tmp/rows"
    [ "${#lines[@]}" = 6 ]
    # build, add, its CPU time; size; or
    [[ ${lines[5]} =~ x10\ ours\+\ +x1.00\ +x2.00\ +x1.00\ +x0.10\ +x10.00\ /\ +x1.00 ]]
    [[ ${lines[3]} =~ sqlite\ .*\ -\ +-\  ]]
}

# Counts of the others must be ours, or they were asked something else. Words
# of these articles have no endings, so that stemmers do nothing to them.
@test "bench: others find what is found here" {
    echo 'int main(void) { return 0; }' |
        cc -x c - -o "$tmp/out" -lsqlite3 2>/dev/null || skip "no libsqlite3-dev"
    cc -O1 -D_GNU_SOURCE -I. -o "$tmp/sqlite" tests/bench/peers/sqlite.c \
        tests/bench/peers/peer.c -lsqlite3
    printf '{"id":"%s","text":"%s"}\n' 1 'rail port toll' 2 'rail road' \
        3 'toll port rail' 4 'road port' 5 'sea' >"$tmp/docs"
    indexer -q -d "$tmp/ix" --input=jsonl "$tmp/docs"
    mkdir "$tmp/db"
    "$bench/corpus" raw <"$tmp/docs" 2>/dev/null | "$tmp/sqlite" index "$tmp/db"
    cat >"$tmp/queries" <<'END'
rail
rail sea
+rail +port
"rail port"
+rail -toll
+"port toll" rail
+rail sea port
rail-road
END
    for how in any all; do
        [ $how = all ] && option=-a || option=
        # shellcheck disable=SC2086
        "$tmp/sqlite" search "$tmp/db" 10 $how 0 1 <"$tmp/queries" |
            sed '/^cpu/d' | cut -f 2 |
            diff - <(query -d "$tmp/ix" -c $option -f "$tmp/queries")
    done
}
