# query: wildcards, misspelled words, words near each other, boosts,
# --min-match, --strict, --terms.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir docs && cd docs || return 1
    doc a.txt 'The university taught economics. Its policy was not to die.'
    doc b.txt 'A universe of economies; policies and dying stars, dying.'
    doc c.txt 'Wild words of the world: the wilderness would not weld.'
    doc d.txt 'Économie réformée et réforme.'
    doc e.txt 'Soft power is power. The power of the soft is great here.'
    doc f.txt 'New York is new. York was new once, and old York too.'
    doc g.txt 'China-Laos railway; a railway from China to Laos.'
    cd .. || return 1
    indexer -q -d db docs
}

only() { # QUERY NAME...: these of the documents match
    local q=$1
    shift
    set -- "${@/#/docs/}"
    finds_only "$q" "${@/%/.txt}"
}

@test "pre*: words as written, not stems" {
    only 'universit*' a
    only 'univers*' a b
    only 'econom*' a b d
    only 'ECONOMI*' a b d
    only 'policy*' a
    only 'polic*' a b
    only 'dyin*' b
    only 'di*' a
    only 'réform*' d
    only '-econom*' c e f g
    only '+univers* -universit*' b
    run -1 ask 'zzz*'
}

@test "w?ld, w*ld" {
    only 'w?ld' c
    [ "$(located 'w?ld' "$BATS_FILE_TMPDIR" | sort | xargs)" = "Wild weld" ]
    [ "$(located 'w*ld' "$BATS_FILE_TMPDIR" | sort | xargs)" = \
        "Wild weld world would" ]
    only 'p*w?r' e
}

@test "wildcards: a pattern counts as one word" {
    run -0 ask --json --explain -n 1 'dying*'
    [ "$(jq -c '.hits[0].explain.terms[0] | [.term, .df, .tf]' <<<"$output")" \
        = '["dying*",1,2]' ]
    [ "$(jq -r .query.parsed <<<"$output")" = 'dying*' ]
}

@test "a pattern that stands for too many terms says so" {
    for i in {1..1100}; do
        echo "word${i}x"
    done >many.txt
    DB=$PWD/db
    index -q many.txt
    run -0 --separate-stderr ask -c 'wor*'
    [ "$output" = 1 ]
    has "$stderr" "'wor*' stands for 1100 terms: the 1000 nearest"
}

@test "word~1, word~2: letters, not bytes; any form of the word" {
    only 'univrsity~1' a b
    only 'univeristy~2' a b
    only 'univeristy~' a b
    run -1 ask 'univeristy~1'
    only 'policis~1' a b
    only 'réfòrme~1' d
    only 'rxformx~2' d
    only 'york~1' f
    only 'yrk~' f
}

@test "\"a b\"~n: the same words, any order, so near" {
    only '"power soft"~1' e
    only '"soft great"~2' e
    run -1 ask '"soft great"~1'
    run -1 ask '"softs power"~5'
    only '"york york new"~20' f
    run -1 ask '"power power power power soft"~20'
    [ "$(located '"great soft"~2' "$BATS_FILE_TMPDIR" | xargs)" = "soft great" ]
}

@test "NEAR: any form of the words, in chains, phrases, groups" {
    only 'powers NEAR/1 soft' e
    only 'universe NEAR/2 economy' b
    run -1 ask 'university NEAR/1 economics'
    only 'china NEAR/3 railways' g
    only 'China-Laos NEAR/1 railway' g
    only '(york OR soft) NEAR/1 (power OR new)' e f
    only '(dying OR weld) NEAR/2 (star* OR would~1)' b c
    only 'old NEAR/1 "york too"' f
    run -1 ask 'york NEAR/2 york'
    only 'old NEAR/1 york NEAR/1 too' f
    run -0 --separate-stderr ask -l 'soft NEAR path:e'
    has "$stderr" "here it means AND"
}

@test "boosts" {
    [ "$(first 'york^3 soft')" = docs/f.txt ]
    [ "$(first 'york soft^3')" = docs/e.txt ]
    [ "$(first '"new york"^9 (soft power)')" = docs/f.txt ]
    [ "$(first '"new york" (soft power)^9')" = docs/e.txt ]
    run -0 ask --format=trec -n 0 'york^0'
    [ "$(awk '{ print $5 }' <<<"$output")" = 0 ]
    run -0 ask --json --explain 'york^2.5'
    [ "$(jq '.hits[0] | .score == (.explain.terms | map(.score) | add)' \
        <<<"$output")" = true ]
    [ "$(jq '.hits[0].explain.terms[0].boost' <<<"$output")" = 2.5 ]
    run -2 ask "$(printf 'york^1000 %.0s' {1..100})"
    has "$output" "boosts of the query are too large"
}

@test "--min-match" {
    [ "$(ask -c --min-match 2 york new soft)" = 1 ]
    [ "$(ask -c --min-match 2 york power soft)" = 1 ]
    [ "$(ask -c --min-match 1 york power soft)" = 2 ]
    [ "$(ask -c --min-match 67% york new soft)" = 1 ]
    [ "$(ask -c --min-match 50% york soft)" = 2 ]
    [ "$(ask -c --min-match 2 --any york soft)" = 2 ]
    [ "$(ask -c --min-match 2 'china-laos soft')" = 0 ] || [ "$status" = 1 ]
    [ "$(ask -c --min-match 2 'china-laos railway')" = 1 ]
    [ "$(ask -c --min-match 2 'york new OR soft power')" = 2 ]
    run -2 ask --min-match x york
    run -2 ask --min-match 101% york
    run -0 ask --batch <<<'{"q":"york new soft","min-match":2,"count":true}
{"q":"york soft","min-match":"50%","count":true}'
    [ "$(jq -c .total.value <<<"$output" | xargs)" = "1 2" ]
}

@test "--strict: a caret below the column" {
    ask --strict 'york AND' 2>said >output || [ $? = 2 ]
    printf '  york AND\n       ^\nquery: column 6: AND lacks an operand\n' |
        diff - said
    [ ! -s output ]
    run -2 --separate-stderr ask --strict 'york AND'
    [ -z "$output" ]
    run -2 --separate-stderr ask --strict '中老 foo:x'
    [ "${stderr_lines[1]}" = '       ^' ]
    has "${stderr_lines[2]}" "column 6: there is no field 'foo'"
    for q in '(york' 'york )' '"york' 'a*b' 'york~3' 'york^9999' 'NEAR york' \
        'york NEAR/0 new' 'york NEAR/99999999 new' 'id:x' 'york^-1' '=New*' \
        '"new york"~' 'date: 2022' 'date:2022..2021'; do
        run -2 ask --strict -e "$q"
        run ask -e "$q"
        [ "$status" -le 1 ]
    done
    for q in 'york? new!' '50% of $3' 'f(x)' "it's" '- + (a)' 'http://x.y/?z'; do
        run ask --strict -e "$q"
        [ "$status" -le 1 ]
    done
    run -0 ask --batch <<<'{"q":"york AND","strict":true}'
    [ "$(jq -r .error.code <<<"$output")" = syntax ]
    has "$output" "column 6"
}

@test "patterns and groups in phrases" {
    only '"soft pow*"' e
    only '"pow* of"' e
    only '"pow* soft"'
    only '"new y?rk"' f
    only '"yorks~1 is"' f
    only '"(york OR power) is"' e f
    only '"(york OR soft power OR pow*) (was OR is)"' e f
    only '"of (the OR economies), (soft OR pol*)"' b e
    only '-"pow* of" power'
    only '"york*"' f
    only '"old yo*"~1' f
    only 'title:"soft pow*"' e
    only '"pow* of" NEAR/4 great' e
    run -0 ask --kwic=1 --format=tsv '"(york OR power) (is OR was)"'
    [ "$(cut -f 6 <<<"$output")" = $'power is\nYork is\nYork was' ] ||
        complain "$output"
    run -0 ask --json --explain '"(new OR old) yo*"'
    [ "$(jq -r .query.parsed <<<"$output")" = '"(new OR old) yo*"' ]
    run -0 ask --kwic -c '"(new OR old) yo*"'
    [ "$output" = 3 ]
    run --separate-stderr -0 ask --analyze '"(new OR old) yo*"'
    has "$stderr" 'read as: "(new OR old) yo*"'
    # a phrase weighs the same, whichever way it is asked for
    for q in '"new york"' '"(new OR new) york"' '"new (york OR york)"'; do
        query -d "$DB" --format=trec -e "$q" | cut -d ' ' -f 5
    done >scores
    [ "$(sort -u scores | wc -l)" = 1 ] || complain "$(cat scores)"
}

@test "what in quotes only looks like a pattern is text, which is said" {
    for q in '"a?b west"' '"rail~7 west"' '"a?b new"~3' '"(new OR old) york"~3'; do
        run ask --strict -e "$q"
        [ "$status" -eq 2 ]
        has "$output" "query: column"
        run --separate-stderr ask -e "$q"
        [ "$status" -le 1 ]
        has "$stderr" "it is searched as text"
    done
    for q in '"new york?"' '"(new) york"' 'path:"a?b"' '"what is it? new"' '"5*3 a * b"' '"http://x.y/a?b"' '"**new** *york*"'; do
        run --separate-stderr ask --strict -e "$q"
        [ "$status" -le 1 ] || complain "$q: $stderr"
    done
}

@test "what nothing can match for is said" {
    run -1 --separate-stderr ask '*'
    has "$stderr" "there is no word in the query"
    run -1 --separate-stderr ask --since 2022 --until 2021 york
    has "$stderr" "--since is not before --until"
    run -1 --separate-stderr ask 'title:zzz'
    has "$stderr" "not in the index: title:zzz"
}

@test "--terms" {
    run -0 ask --terms univ
    [ "$output" = "univers	2" ]
    run -0 ask --terms Écon
    [ "$output" = "econom	1
economi	2" ] || [ "$output" = "$(printf 'econom\t2\neconomi\t2')" ]
    run -0 ask --terms york --json
    [ "$output" = '[{"term":"york","df":1}]' ]
    run -1 ask --terms zzz
    run -0 ask --terms ''
    [ "${#lines[@]}" -gt 30 ]
    LC_ALL=C sort -c <<<"$(cut -f1 <<<"$output")"
}

@test "limits: 64 groups, 1024 words, clear errors" {
    run -2 ask "$(printf '(%.0s' {1..65})york"
    has "$output" "64 deep"
    run -0 ask -l "$(printf '(%.0s' {1..64})york"
    run -2 ask "$(printf 'york* %.0s' {1..1025})"
    has "$output" "1024"
}

@test "--explain says how the query was read" {
    run -0 --separate-stderr ask --explain 'Universities NEAR/3 TAUGHT'
    has "$stderr" "read as: univers NEAR/3 taught"
}

@test "the number with every word is that of -a, whatever the operators" {
    cp -r "$ROOT/corpus" .
    chmod -R u+w corpus
    index corpus
    while read -r q; do
        set --
        case $q in --*) set -- "${q%% *}" && q=${q#* } ;; esac
        n=$(ask "$@" -e "$q" 2>&1 >/dev/null |
            sed -n 's/.*(\([0-9]*\) contains* every word.*/\1/p; s/.*(none contains every.*/0/p')
        all=$(ask -a -c "$@" -e "$q" 2>/dev/null) || true
        if [ -n "$n" ]; then
            [ "$n" = "$all" ] || complain "$q: $n, but -a gives $all"
            echo "$q" >>said
        fi
        ask --json -n 1 "$@" -e "$q" | jq -e '.total.all_terms <= .total.value' ||
            complain "$q"
    done <<'END'
railway port
railway NEAR/5 china port
rail* port br?dge
chnia~1 railway port
--since=2022 railway port
--path=2023 railway "the port"
railway date:2022..2023 port
railway path:2022 path:2023 port
"railway port"~20 china
high-speed port
bridge long NEAR (port -ship)
way NEAR (debt OR path:2022) port
railway^2 port
END
    [ "$(wc -l <said)" -ge 10 ]
}
