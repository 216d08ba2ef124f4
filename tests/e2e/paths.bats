# --path and path: against bash's own patterns, over folders in folders, roots
# in roots, long names and records.

load helpers

# 260 documents; `all` has their paths.
collection() {
    local i folder long
    long=$(printf 'x%.0s' {1..200})
    for folder in a/b a/bc a/b/c ü "$long/$long"; do
        mkdir -p "docs/$folder"
        for ((i = 0; i < 24; i++)); do
            echo "w0 w$((i % 7)) w$((i % 5))" >"docs/$folder/$((i * 37 % 1000)).txt"
        done
    done
    mkdir -p docs/a/b/in
    for ((i = 0; i < 40; i++)); do
        echo "w0 w$((i % 3))" >"docs/a/b/in/é$i.md"
    done
    for ((i = 0; i < 100; i++)); do
        echo "{\"id\":\"rec/$((i % 9))/$i\",\"text\":\"w0 w$((i % 4))\"}"
    done >r.jsonl
    index docs
    index docs/a/b/in # a root of its own
    index --input=jsonl r.jsonl
    rm docs/a/bc/37.txt
    index docs
    ask -l -n 0 w0 | sort >all
    [ "$(wc -l <all)" -eq 259 ]
}

# Those of `all` that a pattern means.
meant() {
    local path pattern=$1
    [[ $1 == *[*?]* ]] || pattern="*$1*"
    while read -r path; do
        # shellcheck disable=SC2053
        [[ $path == $pattern ]] && echo "$path"
    done <all
    true
}

PATTERNS=(docs/a/* 'docs/a/b/in/*' 'rec/3/*' '*' '*/b/*' '*7.txt' 'docs/a/b?/*'
    '?ocs/ü/*' '*/é??.md' 'd*a*b*c*' 7.tx in/é xxx/9 '*nothing*' docs/a/b/74.txt '*/'
    'docs/a/bc/37.txt' 'docs/a/b*')

@test "patterns of paths mean what they mean to bash" {
    collection
    for p in "${PATTERNS[@]}"; do
        meant "$p" >want
        ask --path="$p" -l -n 0 w0 | sort | diff want - || complain "--path=$p"
        ask -l -n 0 -e "path:$p" | sort | diff want - || complain "path:$p"
        ask -l -n 0 -e "zzz OR (w0 path:$p)" | sort | diff want - || complain "group $p"
        ask -l -n 0 -e "w0 -path:$p" | sort | diff <(comm -23 all want) - ||
            complain "-path:$p"
        [ "$(ask -c --path="$p" w0)" = "$(wc -l <want)" ] || complain "-c $p"
        [ "$(ask -c --path="$p" -e '"w0"')" = "$(wc -l <want)" ] || complain "phrase $p"
    done
    { meant 'docs/a/*' && meant '*7.txt'; } | sort -u >want
    ask -l -n 0 -e 'path:docs/a/* w0 path:*7.txt' | sort | diff want -
    comm -12 <(meant 'docs/a/*') <(meant '*7.txt') >want
    ask --path='docs/a/*' -l -n 0 -e 'w0 path:*7.txt' | sort | diff want -
    ask -l -n 0 -e 'w0 +path:docs/a/* +path:*7.txt' | sort | diff want -
    indexer -d "$DB" --check=full
}

@test "a path changes no score and no order, however few are wanted" {
    collection
    for q in w1 'w3 w4' 'w1 w2 w5' 'w3 AND w4' '"w0 w4"'; do
        ask --format=trec -n 0 -e "$q" >ranked
        for p in 'docs/a/*' '*7.txt' 'rec/3/*' docs/a/b/74.txt; do
            for n in 3 0; do
                ask --path="$p" --format=trec -n $n -e "$q" | awk '{ print $3, $4, $5 }' >got
                awk -v n=$n 'NR == FNR { in_[$0]; next }
                    $3 in in_ && (!n || i < n) { print $3, ++i, $5 }' \
                    <(meant "$p") ranked | diff - got || complain "$q, $p, $n"
            done
        done
    done
}
