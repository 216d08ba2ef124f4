# shellcheck shell=sh
# sets.sh - documents and queries to measure with. Sourced by bench.
#
# A set is a folder: docs.jsonl, docs.raw (for the drivers), tree/ (a file an
# article), chinese/, facts (documents and bytes of text), queries/,
# index/ENGINE, out/.
# What is there is not made again.
# shellcheck disable=SC2154  # bench sets them

# set_begin FOLDER
set_begin() {
    set=$1
    mkdir -p "$set/index" "$set/queries" "$set/out"
    : >"$set/out/verdicts"
}

# set_documents: docs.jsonl is there; the rest is made of it.
set_documents() {
    [ -f "$set/facts" ] || {
        "$tools/corpus" raw <"$set/docs.jsonl" >"$set/docs.raw" \
            2>"$set/facts.new"
        mv "$set/facts.new" "$set/facts"
    }
    read -r documents bytes <"$set/facts"
    echo "corpus   $documents documents, $((bytes / 1000000)) MB of text"
}

set_tree() {
    [ -d "$set/tree" ] || {
        rm -rf "$set/tree.new"
        "$tools/files" "$set/tree.new" <"$set/docs.jsonl"
        mv "$set/tree.new" "$set/tree"
    }
}

# chinese/ and chinese.bytes: 5,000 articles of 6 KB.
set_chinese() {
    [ -d "$set/chinese" ] || {
        rm -rf "$set/chinese.new"
        "$tools/articles" chinese "${CHINESE:-5000}" |
            "$tools/files" "$set/chinese.new"
        find "$set/chinese.new" -type f -exec cat {} + | wc -c \
            >"$set/chinese.bytes"
        mv "$set/chinese.new" "$set/chinese"
    }
}

# made COUNT: articles.
made() {
    [ -f "$set/docs.jsonl" ] || {
        "$tools/articles" "$1" >"$set/docs.new"
        mv "$set/docs.new" "$set/docs.jsonl"
    }
}

# given CORPUS: the documents of a folder or a file.
given() {
    [ ! -f "$set/docs.jsonl" ] || return 0
    if [ -d "$1" ]; then
        find "$1" -type f ! -path '*/.*' | sort | "$tools/corpus" lines
    else
        case $1 in
        *.zst) zstd -dc "$1" ;;
        *) cat "$1" ;;
        esac
    fi >"$set/docs.new"
    mv "$set/docs.new" "$set/docs.jsonl"
}

# Words only, so that no character is an operator to any engine.
plain() {
    sed 's/^[^	]*	//' "$1" | tr 'A-Z' 'a-z' |
        tr -c "a-z0-9'\200-\377\n" ' ' |
        sed "s/ '/ /g; s/' / /g; s/^[' ]*//; s/[' ]*\$//; s/  */ /g; /^\$/d"
}

# set_queries FILE GAME: words, phrases of those that have two or more, phrases
# that are in the documents, and kinds; drawn where a file is "".
set_queries() {
    q=$set/queries
    [ ! -f "$q/kinds" ] || return 0
    "$tools/corpus" queries "${drawn:-500}" <"$set/docs.jsonl" >"$q/drawn"
    cut -f 1 "$q/drawn" >"$q/titles"
    cut -f 2 "$q/drawn" | sed 's/.*/"&"/' >"$q/found"
    plain "${1:-$q/titles}" >"$q/words"
    sed -n '/ /s/.*/"&"/p' "$q/words" >"$q/phrases"
    if [ "$2" ]; then
        sed 's/\\"/"/g; s/^{"query": "\(.*\)", "tags": \["\([a-z_]*\)".*/\2	\1/' \
            "$2" >"$q/kinds.new"
    else
        # 60 of each kind, of the words of a title and the phrase beside it
        awk -F '\t' -v OFS='\t' 'NR <= 60 {
            n = split($1, w, " ")
            print "term", w[1 + NR % n]
            print "phrase", "\"" $2 "\""
            if (n < 2)
                next
            all = "+" $1
            gsub(/ /, " +", all)
            print "union", $1
            print "intersection", all
            print "negated", "+" w[1] " -" w[2]
            print "intersection_union", "+" $1
        }' "$q/drawn" >"$q/kinds.new"
    fi
    mv "$q/kinds.new" "$q/kinds"
}

# set_corpus FOLDER: what CORPUS, QUERIES and GAME say.
set_corpus() {
    set_begin "$1"
    shared=$SHARED/bench-corpus/docs.jsonl.zst
    [ "${CORPUS:=}" ] || [ ! -f "$shared" ] || CORPUS=$shared
    beside=${CORPUS%/*}
    [ "${QUERIES:=}" ] || [ ! -f "$beside/queries.tsv" ] ||
        QUERIES=$beside/queries.tsv
    [ "${GAME:=}" ] || [ ! -f "$beside/queries-game.jsonl" ] ||
        GAME=$beside/queries-game.jsonl
    if [ "$CORPUS" ]; then given "$CORPUS"; else made 100000; fi
    set_documents
    set_queries "$QUERIES" "$GAME"
}

# set_made COUNT
set_made() {
    set_begin "$WORK/made.$1"
    made "$1"
    set_documents
    set_queries '' ''
}

# indexed: an index of each engine, where it is not there.
indexed() {
    for engine in ours $peers; do
        [ -d "$set/index/$engine" ] || build_one "$engine" "$set/out/build.first"
    done
}
