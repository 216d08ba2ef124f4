# The examples of README.md and of the manual pages' source do what they say.
# tests/tools/console describes how an example is read.

load helpers

@test "README.md: every console example" {
    [ -f "$ROOT/README.md" ] || skip "no README.md yet"
    grep -q '^```console' "$ROOT/README.md" || skip "it has no examples"
    # A copy of what a clone has, with the programs where make puts them.
    cp -r "$ROOT/corpus" corpus
    mkdir build
    ln -s "$(command -v indexer)" "$(command -v query)" build/
    cp "$ROOT/README.md" .
    run "$ROOT/tests/tools/console" README.md
    echo "$output"
    [ "$status" = 0 ]
}
