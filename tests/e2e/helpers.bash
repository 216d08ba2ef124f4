# helpers.bash - what all end-to-end tests use. `indexer` and `query` are found
# on the PATH (tests/run puts the build folder first on it).

bats_require_minimum_version 1.5.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
SHARED=${SHARED:-$ROOT/../shared}
export LC_ALL=C.UTF-8
unset INDEX_DB NO_COLOR

# Every test works in a folder of its own with an index named DB there.
setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_TEST_TMPDIR/db
}

# doc PATH TEXT: a file with that text (escapes as of echo -e) and a line end.
doc() {
    mkdir -p "$(dirname "$1")"
    printf '%b\n' "$2" >"$1"
}

index() {
    indexer -d "$DB" "$@"
}

ask() {
    query -d "$DB" "$@"
}

# Paths of all documents that match a query, sorted.
matching() {
    query -d "$DB" -l -n 0 -e "$1" | sort
}

# The message a test ends with when it fails.
complain() {
    echo "$@" >&2
    return 1
}

finds() { # QUERY PATH...: these are among the matches
    local list
    list=$(matching "$1") || true
    local q=$1
    shift
    for path; do
        grep -qxF -- "$path" <<<"$list" ||
            complain "'$q' does not find $path, but:" $list
    done
}

misses() { # QUERY PATH...: none of these is among the matches
    local list
    list=$(matching "$1") || true
    local q=$1
    shift
    for path; do
        if grep -qxF -- "$path" <<<"$list"; then
            complain "'$q' finds $path"
        fi
    done
}

finds_only() { # QUERY PATH...: these are the matches
    local list wanted
    list=$(matching "$1") || true
    local q=$1
    shift
    wanted=$(printf '%s\n' "$@" | sort)
    [ "$list" = "$wanted" ] || complain "'$q' finds:" $list
}

first() { # QUERY: the path of the best match
    query -d "$DB" -l -n 1 -e "$1"
}

has() { # TEXT PART: TEXT contains PART
    case $1 in
    *"$2"*) ;;
    *) complain "no '$2' in: $1" ;;
    esac
}

has_not() {
    case $1 in
    *"$2"*) complain "'$2' in: $1" ;;
    esac
}

# located QUERY [FOLDER]: for every match of the JSON answer, byte, len, line
# and col agree with each other and with the source below FOLDER. Prints the
# matched bytes, one match a line.
located() {
    query -d "$DB" --format=json -n 0 -e "$1" >answer.json
    jq -r '.hits[] | .path as $p | .matches[] |
           [$p, .byte, .len, .line, .col] | @tsv' answer.json |
        while IFS=$'\t' read -r path byte len line col; do
            local file=${2-.}/$path before last
            before=$(head -c "$byte" "$file" | tr -cd '\n' | wc -c)
            [ $((before + 1)) = "$line" ] ||
                complain "$path: byte $byte is not in line $line" || exit 1
            last=$(head -n "$before" "$file" | wc -c)
            [ $((byte - last + 1)) = "$col" ] ||
                complain "$path: byte $byte is not column $col" || exit 1
            tail -c +$((byte + 1)) "$file" | head -c "$len" | tr '\n' ' '
            echo
        done
}
