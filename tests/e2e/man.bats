# The manual pages: every option in its page and no other one, no complaints
# of the formatter, and examples that do what the page says.

load helpers

# The long options in the help of a program; those of its page.
options_of_help() {
    "$1" --help=all | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/\2/p' | sort -u
}

options_of_page() {
    sed -n '/^\.Ss Options/,/^\.S[hs] [^O]/p' "$ROOT/$1/$1.1" |
        grep '^\.It Fl' | grep -o 'Fl -[a-z0-9][a-z0-9-]*' |
        sed 's/^Fl -//' | sort -u
}

letters_of_help() {
    "$1" --help=all | sed -n 's/^  -\(.\), --\([a-z0-9-]*\).*/\1 \2/p' | sort
}

letters_of_page() {
    sed -n '/^\.Ss Options/,/^\.S[hs] [^O]/p' "$ROOT/$1/$1.1" |
        sed -n 's/^\.It Fl \([a-zA-Z0-9]\) .*Fl -\([a-z0-9-]*\).*/\1 \2/p' |
        sort
}

same_options() {
    options_of_help "$1" >help
    options_of_page "$1" >page
    [ "$(wc -l <help)" -ge 15 ]
    diff help page || complain "$1: --help=all (<) and $1.1 (>) differ"
    letters_of_help "$1" >help
    letters_of_page "$1" >page
    diff help page || complain "$1: letters of --help=all (<) and $1.1 (>)"
}

@test "indexer.1 has all options, and no others" {
    same_options indexer
}

@test "query.1 has all options, and no others" {
    same_options query
}

# What may be said in a request, and the codes of errors.
@test "query.1 has the codes of --batch" {
    query --help=all | sed -n '/^Batch/,$s/^  \([a-z_]*\)   *[a-zA-Z].*/\1/p' |
        grep -v '^have$' | sort >help
    sed -n '/^\.Sh BATCH/,/^\.Sh E/s/^\.It Cm \([a-z_]*\)$/\1/p' \
        "$ROOT/query/query.1" | sort >page
    [ -s help ]
    grep -q . page
    # lines of the help that are prose begin with a word, too: each code of
    # the page has to be in the help
    [ -z "$(comm -13 help page)" ]
    [ -z "$(grep _ help | comm -23 - page)" ]
}

@test "the formatter has nothing to say" {
    if command -v mandoc >/dev/null; then
        for page in indexer/indexer.1 query/query.1 query/query-syntax.7; do
            # what other manuals are installed is not the page's concern
            run mandoc -Tlint "$ROOT/$page"
            output=$(grep -v 'referenced manual not found\|outdated mandoc.db' \
                <<<"$output" || true)
            [ -z "$output" ] || complain "$output"
        done
    elif command -v man >/dev/null && command -v groff >/dev/null; then
        for page in indexer/indexer.1 query/query.1 query/query-syntax.7; do
            run man --warnings -l "$ROOT/$page"
            ! grep -i warning <<<"$output"
        done
    else
        skip "neither mandoc nor man"
    fi
}

# Each literal block of a page as an example of tests/tools/console.
examples() {
    awk '/^\.Sh/ { on = $2 == "EXAMPLES" }
         on && /^\.Bd -literal/ { print "```console"; block = 1; next }
         block && /^\.Ed/ { print "```"; block = 0 }
         block { sub(/^\\&/, ""); gsub(/\\e/, "\\"); print }' \
        "$ROOT/$1"
}

run_examples() {
    examples "$1" >examples.md
    grep -q '^\$ ' examples.md
    cp -r "$ROOT/corpus" corpus
    run "$ROOT/tests/tools/console" examples.md
    echo "$output"
    [ "$status" = 0 ]
    has "$output" "ok 3"
}

@test "indexer.1: every example" {
    run_examples indexer/indexer.1
}

@test "query.1: every example" {
    run_examples query/query.1
}

@test "query-syntax.7: every example" {
    run_examples query/query-syntax.7
}

@test "make install puts each page into its section" {
    run -0 make -s -C "$ROOT" -o all install DESTDIR="$PWD/dest" PREFIX=/usr
    [ -s dest/usr/share/man/man1/query.1 ]
    [ -s dest/usr/share/man/man7/query-syntax.7 ]
    run -0 make -s -C "$ROOT" uninstall DESTDIR="$PWD/dest" PREFIX=/usr
    [ -z "$(find dest -type f)" ]
}
