# What no total is asked for is pruned; the hits must be those of evaluating
# every match, to the last digit.

load helpers

same_hits() { # FILE of queries, one a line
    local k
    for k in 1 3 10 100; do
        ask -n $k -f "$1" --format=trec --total=exact >full || true
        ask -n $k -f "$1" --format=trec --total=none >pruned || true
        cmp full pruned || complain "top $k differs"
    done
    [ -s full ]
}

# Words, all of them required, phrases, and mixtures, from a list of topics.
shapes() {
    cut -f 2 "$1" | tr -d '"()=' | awk '
        { print; print "\"" $1 " " $2 "\"" }
        NF > 1 { print "+" $1 " +" $2; print $1 " AND " $NF " " $2
                 print "+" $1 " " $0; print $0 " -" $2
                 print "\"" $1 " " $2 "\" " $NF " the of"; print "the " $0 }'
}

@test "the articles of corpus/ in three segments, some dead" {
    cp -r "$ROOT/corpus" .
    chmod -R u+w corpus
    index corpus/2021 corpus/2022
    index corpus/2023
    echo 'railway railway' >>corpus/2022/2022-01-04-rcep-enters-into-force.md
    index corpus/2022 corpus/2024
    shapes "$ROOT/corpus/topics.tsv" >queries
    same_hits queries
}

@test "a judged collection of thousands of abstracts" {
    [ -d "$SHARED/collections/npl" ] || skip "no ../shared"
    index --input=jsonl "$SHARED/collections/npl/docs.jsonl"
    shapes "$SHARED/collections/npl/queries.tsv" >queries
    same_hits queries
}
