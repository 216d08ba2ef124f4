#!/usr/bin/env bats
# What measures works, and what it counts adds up. How long things take is
# nothing to test.
load helpers

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    : "${BUILD:=$PWD/build}"
    bench=$BUILD/tests/bench
}

# rows PATTERN: lines of the output whose first word is that.
rows() {
    printf '%s\n' "$output" | awk -v p="$1" '$1 == p' | wc -l
}

@test "bench: made-up articles are distinct records, the same each time" {
    "$bench/articles" 1500 >"$BATS_TEST_TMPDIR/a"
    "$bench/articles" 1500 | cmp - "$BATS_TEST_TMPDIR/a"
    "$bench/articles" 1 0 1234 | cmp - <(sed -n 1235p "$BATS_TEST_TMPDIR/a")
    [ "$(jq -r .id "$BATS_TEST_TMPDIR/a" | sort -u | wc -l)" = 1500 ]
    [ "$(jq -r .text "$BATS_TEST_TMPDIR/a" | sort -u | wc -l)" = 1500 ]
    # another version of each has the id and no more
    "$bench/articles" 1500 1 | jq -r .id |
        cmp - <(jq -r .id "$BATS_TEST_TMPDIR/a")
    run ! cmp -s <("$bench/articles" 1 1) <("$bench/articles" 1)
}

@test "bench: files of records are what an indexer finds" {
    "$bench/articles" 1200 | "$bench/files" "$BATS_TEST_TMPDIR/tree"
    run -0 indexer -v -d "$BATS_TEST_TMPDIR/ix" "$BATS_TEST_TMPDIR/tree"
    run -0 indexer -d "$BATS_TEST_TMPDIR/ix" --list
    [ "${#lines[@]}" = 1200 ]
}

@test "bench: many small commits leave the documents there ought to be" {
    run -0 "$bench/commits" "$BATS_TEST_TMPDIR/ix" 100 50 3
    documents=$(printf '%s\n' "$output" | awk '$1 == 50 { print $2 }')
    run -0 indexer -d "$BATS_TEST_TMPDIR/ix" --list
    [ "${#lines[@]}" = "$documents" ]
    run -0 indexer -d "$BATS_TEST_TMPDIR/ix" --check
}

@test "bench: a merge leaves one segment and every document" {
    "$bench/articles" 400 >"$BATS_TEST_TMPDIR/docs"
    "$bench/merges" split "$BATS_TEST_TMPDIR/ix" "$BATS_TEST_TMPDIR/docs" 4
    run -0 "$bench/merges" time "$BATS_TEST_TMPDIR/ix"
    [ "${lines[0]%% *}" -ge 4 ]
    run -0 indexer -d "$BATS_TEST_TMPDIR/ix" --stats
    [[ $output =~ documents\ +400 ]]
    [[ $output =~ segments\ +1[[:space:]] ]]
}

@test "bench: update prints each of its tables" {
    export SIZES=1000 WALKS=20 TREES=30 MERGED=300 ADDS=2 WALK_ADDS=2 ROUNDS=1
    export COMMITS=20 BASE=100 SHARED=/nonexistent WORK=$BATS_TEST_TMPDIR
    export CHURN=$BATS_TEST_TMPDIR
    run -0 tests/bench/update walk add change merge churn
    [ "$(rows operand)" = 1 ]
    [ "$(rows --files-from)" = 1 ]
    [ "$(rows walk)" = 1 ]
    [ "$(rows records)" = 1 ]
    [ "$(rows generated)" = 2 ]
    [ "$(rows 18)" = 1 ]
    # nothing is left behind
    [ -z "$(ls "$BATS_TEST_TMPDIR")" ]
    run -2 tests/bench/update nothing
}
