# shellcheck shell=sh
# engines.sh - how each engine is built and asked. Sourced by bench.
#
# Engines: ours, sqlite, xapian, lucene. Where the queries of a file are asked
# in passes, "ours" takes one in a new process, "ours+" PASSES in a row; the others
# one that nobody times and then one, and "lucene+" 30 before it, so that the
# JVM has compiled what it is going to.
# shellcheck disable=SC2086,SC2046,SC2154  # words to be split; bench sets them

jars=$JAVADIR/lucene-core-8.7.0.jar:$JAVADIR/lucene-analyzers-common-8.7.0.jar

engine_name() {
    case $1 in
    ours) echo "ours     $("$query" --version | head -1)" ;;
    sqlite) echo "sqlite   SQLite FTS5 $(dpkg_version libsqlite3-0)" ;;
    xapian) echo "xapian   Xapian $(dpkg_version libxapian-dev)" ;;
    lucene) echo "lucene   Lucene 8.7.0, $(java -version 2>&1 | head -1)" ;;
    esac
}

dpkg_version() {
    dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '(version unknown)'
}

# compiled NAME PACKAGES COMMAND...: the driver of a peer in $WORK/peers, or a
# line that says what is missing.
compiled() {
    name=$1 packages=$2
    shift 2
    if "$@" 2>"$WORK/peers/$name.log"; then
        peers="$peers $name"
    else
        echo "missing  $name: needs $packages ($WORK/peers/$name.log)"
    fi
}

# Sets peers to those that are wanted and there, newly compiled.
peers_ready() {
    peers=
    flags="-O2 -D_GNU_SOURCE -I."
    for p in $PEERS; do
        case $p in
        sqlite)
            compiled sqlite libsqlite3-dev cc -std=c11 $flags \
                -o "$WORK/peers/sqlite" "$here/peers/sqlite.c" \
                "$here/peers/peer.c" -lsqlite3
            ;;
        xapian)
            cc -std=c11 $flags -c -o "$WORK/peers/peer.o" "$here/peers/peer.c"
            compiled xapian "g++ libxapian-dev" c++ $flags \
                -o "$WORK/peers/xapian" "$here/peers/xapian.cc" \
                "$WORK/peers/peer.o" -lxapian
            ;;
        lucene)
            compiled lucene "openjdk-17-jdk-headless liblucene8-java" \
                javac -d "$WORK/peers" -cp "$jars" "$here/peers/Lucene.java"
            ;;
        *)
            echo "bench: no engine '$p' (sqlite xapian lucene)" >&2
            exit 2
            ;;
        esac
    done
    peers=${peers# }
}

# The best to compare with: Lucene, or what there is.
reference() {
    case " $peers " in
    *' lucene '*) echo lucene+ ;;
    *) echo "$peers" | cut -d' ' -f1 ;;
    esac
}

# Sets soon to the command that runs another at the priority of what is timed.
soon_ready() {
    soon=
    [ "$(nice -n "$PRIORITY" nice 2>/dev/null)" != "$PRIORITY" ] ||
        soon="nice -n $PRIORITY"
}

# peer PREFIX NAME ARGUMENTS...: runs a driver by a command like nice, or none.
peer() {
    prefix=$1 name=${2%+}
    shift 2
    if [ "$name" = lucene ]; then
        $prefix java -XX:+UseSerialGC -Xms256m -Xmx2g \
            -cp "$WORK/peers:$jars" Lucene "$@"
    else
        $prefix "$WORK/peers/$name" "$@"
    fi
}

# The words for `query` of a driver's any, all, count and total.
options_of() {
    case $1 in
    all) echo -a ;;
    count) echo -c ;;
    total) echo --total=exact ;;
    esac
}

# ask_ours FILE LIMIT HOW: the words asked for and no others, as the others do.
ask_ours() {
    # CPU time is that of the whole process.
    rm -f "$set/out/measured"
    $soon "$tools/measure" "$set/out/measured" "$query" -d "$set/index/ours" \
        -f "$1" -n "$2" $(options_of "$3") --expand=none --format=trec \
        --time 2>&1 \
        >/dev/null | sed 's/[{}",:]/ /g' |
        awk -v measured="$set/out/measured" '{
            for (i = 1; i < NF; i++)
                x[$i] = $(i + 1)
            getline line <measured
            split(line, m, " ")
            print x["mean"], x["p50"], x["p99"], m[2] * 1e6 / x["queries"]
        }'
}

# Mean, p50, p99 and CPU time of what a driver printed.
summary() {
    sort -n | awk '
        $1 == "cpu" { cpu = $2; next }
        { x[++n] = $1; sum += $1 }
        function rank(q, i) {
            i = int(q * n)
            return x[i < q * n ? i + 1 : i]
        }
        END { if (n) print sum / n, rank(0.5), rank(0.99), cpu }'
}

# ask ENGINE FILE LIMIT HOW: mean, p50, p99 and CPU time of a query, in
# microseconds.
ask() {
    case $1 in
    ours) ask_ours "$2" "$3" "$4" ;;
    ours+)
        pass=0
        while [ $pass -lt "$PASSES" ]; do
            cat "$2"
            pass=$((pass + 1))
        done >"$set/out/passes"
        ask_ours "$set/out/passes" "$3" "$4"
        ;;
    lucene+) peer "$soon" lucene search "$set/index/lucene" "$3" "$4" 30 1 \
        <"$2" | summary ;;
    *) peer '' "$1" search "$set/index/$1" "$3" "$4" 1 1 <"$2" | summary ;;
    esac
}
