# Five real articles, as they came.

load helpers

setup() {
    [ -d "$SHARED/seeds" ] || skip "no $SHARED/seeds"
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
    SEEDS=$SHARED/seeds
}

setup_file() {
    load helpers
    [ -d "$SHARED/seeds" ] || return 0
    cd "$SHARED/seeds" || return 1
    indexer -d "$BATS_FILE_TMPDIR/db" .
}

# Numbers of the articles that match, in order.
numbers() {
    query -d "$DB" -l -n 0 -e "$1" | sed 's/_.*//; s/.*\///' | sort |
        paste -sd ' '
}

@test '"soft connectivity" is in 000, 001 and 002' {
    [ "$(numbers '"soft connectivity"')" = "000 001 002" ]
}

@test 'durian imports from Thailand: 004 first' {
    [[ $(first 'durian imports from Thailand') =~ 004_ ]]
}

@test '"mechanism congestion" is in 002 alone' {
    [ "$(numbers '"mechanism congestion"')" = 002 ]
}

@test '香港 is in 000 alone' {
    [ "$(numbers 香港)" = 000 ]
}

@test 'Phnom Penh Sihanoukville expressway: 001 first' {
    [[ $(first 'Phnom Penh Sihanoukville expressway') =~ 001_ ]]
}

@test '"regional integration goal" is in 003 alone, across a line end' {
    [ "$(numbers '"regional integration goal"')" = 003 ]
}

@test '"export competitiveness" is in 003 alone, across a line end' {
    [ "$(numbers '"export competitiveness"')" = 003 ]
}

@test '"Kuala Lumpur HSR" is in 003 alone, with a footnote number' {
    [ "$(numbers '"Kuala Lumpur HSR"')" = 003 ]
}

@test 'every match is where it says' {
    for q in '"soft connectivity"' 'durian imports from Thailand' \
        '"mechanism congestion"' 香港 'Phnom Penh Sihanoukville expressway' \
        '"export competitiveness"' '"Kuala Lumpur HSR"'; do
        run -0 located "$q" "$SEEDS"
        [ "${#lines[@]}" -gt 0 ]
    done
    [ "$(located '"soft connectivity"' "$SEEDS" | tr A-Z a-z | tr -s '\r\n ' ' ' |
        sed 's/soft connectivity //g')" = "" ]
    [ "$(located 香港 "$SEEDS" | sort -u)" = 香港 ]
}

@test 'the text listing points at the same places' {
    run -0 query -d "$DB" -e '"mechanism congestion"'
    [[ $output =~ (002_[^:]*):([0-9]+):([0-9]+) ]]
    sed -n "${BASH_REMATCH[2]}p" "$SEEDS/${BASH_REMATCH[1]}" |
        tail -c "+${BASH_REMATCH[3]}" | grep -i '^mechanism'
}
