# Which files a run takes in: --include, --exclude, --hidden, --follow and
# --one-file-system, remembered with a root; and what is no ordinary file or
# has no ordinary name.

load helpers

listed() {
    indexer -d "$DB" --list
}

lists() { # PATH...: these are all documents
    local got wanted
    got=$(listed | sort)
    wanted=$(printf '%s\n' "$@" | sort)
    [ "$got" = "$wanted" ] || complain "listed:" $got
}

@test "--exclude leaves out, and later runs without a PATH remember it" {
    doc docs/a.txt 'rail'
    doc docs/drafts/b.txt 'rail'
    run -0 index --exclude drafts/ docs
    lists docs/a.txt
    run -0 index
    lists docs/a.txt
    run -0 index docs
    lists docs/a.txt
    run -0 index --stats
    has "$output" "docs --exclude=drafts/"
}

@test "a run with other patterns replaces them, an empty one takes them back" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    doc docs/c.rst 'rail'
    index --exclude=a.txt docs
    lists docs/b.txt
    index --exclude=b.txt --include='*.rst' docs
    lists docs/a.txt docs/c.rst
    index --exclude= docs
    lists docs/a.txt docs/b.txt
    run -0 index --stats
    has_not "$output" "--exclude"
}

@test "the same patterns again change nothing, not even the generation" {
    doc docs/a.txt 'rail'
    index --exclude b.txt --hidden docs
    before=$(ask --format=json rail | jq -c .index.generation)
    index --exclude b.txt --hidden docs
    [ "$(ask --format=json rail | jq -c .index.generation)" = "$before" ]
    index --exclude c.txt --hidden docs
    [ "$(ask --format=json rail | jq -c .index.generation)" != "$before" ]
}

@test "the last pattern that fits decides" {
    doc docs/a.md 'rail'
    doc docs/b.md 'rail'
    index --exclude='*.md' --include=b.md docs
    lists docs/b.md
    index --include=b.md --exclude='*.md' --max-purge=100% docs
    lists
}

@test "--include goes before .indexignore and the rule of names" {
    doc docs/a.txt 'rail'
    doc docs/old/b.txt 'rail'
    doc docs/c.org 'rail'
    echo old/ >docs/.indexignore
    index docs
    lists docs/a.txt
    index --include=old/ --include='*.org' docs
    lists docs/a.txt docs/c.org docs/old/b.txt
}

@test "patterns are about what lies below their own root" {
    doc one/x/a.txt 'rail'
    doc two/x/b.txt 'rail'
    index --exclude=/x/ one
    index two
    lists two/x/b.txt
    index
    lists two/x/b.txt
    index --exclude=/one/ "$PWD/one" # there is no such folder in it
    lists one/x/a.txt two/x/b.txt
}

@test "--max-purge watches over patterns, and refused ones are not recorded" {
    mkdir docs
    for i in $(seq 50); do
        echo rail >"docs/a$i.txt"
        echo rail >"docs/b$i.txt"
    done
    index docs
    run -3 index --exclude='a*' docs
    [ "$(listed | wc -l)" = 100 ]
    run -0 index
    [ "$(listed | wc -l)" = 100 ]
    run -0 index --stats
    has_not "$output" "--exclude"
    run -0 index --exclude='a*' --max-purge=100% docs
    [ "$(listed | wc -l)" = 50 ]
    run -0 index
    [ "$(listed | wc -l)" = 50 ]
}

@test "patterns go with a folder that is a root" {
    doc docs/a.txt 'rail'
    doc docs/sub/b.txt 'rail'
    doc r.jsonl '{"id":"r","text":"rail"}'
    run -2 --separate-stderr index --exclude=a.txt docs/a.txt
    has "$stderr" "name it"
    index docs
    run -2 --separate-stderr index --exclude=b.txt docs/sub
    has "$stderr" "name that folder"
    run -2 --separate-stderr index --exclude=a.txt
    has "$stderr" "name it"
    run -2 --separate-stderr index --hidden --input=jsonl r.jsonl
    run -2 --separate-stderr index --follow --files-from=r.jsonl
    run -2 --separate-stderr index --one-file-system --stats
    lists docs/a.txt docs/sub/b.txt
}

@test "patterns that can mean nothing are errors" {
    doc docs/a.txt 'rail'
    run -2 --separate-stderr index --exclude='!a.txt' docs
    has "$stderr" "--include=a.txt"
    run -2 --separate-stderr index --include='!a.txt' docs
    has "$stderr" "--exclude=a.txt"
    run -2 --separate-stderr index --exclude=/ docs
    has "$stderr" "names nothing"
    run -2 --separate-stderr index --exclude=$'a\nb' docs
    has "$stderr" "line end"
    [ ! -e "$DB/CURRENT" ]
}

@test "a file that is named is taken in whatever the patterns say, and stays" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index --exclude=b.txt docs
    index docs/b.txt
    lists docs/a.txt docs/b.txt
    index
    lists docs/a.txt docs/b.txt
}

@test "--hidden takes in dot files, but no .git and no index" {
    doc docs/.a.txt 'rail'
    doc docs/.b/c.txt 'rail'
    doc docs/.git/d.txt 'rail'
    doc docs/e.txt 'rail'
    cd docs
    indexer --hidden .
    indexer --list >../list
    echo mango >.index/mango.txt
    indexer
    indexer --list | diff ../list -
    [ "$(sort ../list | tr '\n' ' ')" = ".a.txt .b/c.txt e.txt " ]
}

@test "--follow goes through links; a loop is told of once, not under cron" {
    doc docs/a/x.txt 'rail'
    doc else/y.txt 'rail'
    ln -s ../else docs/link
    ln -s .. docs/a/up
    run -0 index docs
    [ -z "$output" ]
    lists docs/a/x.txt
    run -0 timeout 20 indexer -d "$DB" --follow docs
    [ "$output" = "indexer: warning: docs/a/up: it leads to a folder it lies in: not followed" ]
    lists docs/a/x.txt docs/link/y.txt
    run -0 index
    [ -z "$output" ]
}

@test "a folder that two names lead to: its files are documents twice" {
    doc docs/a/x.txt 'rail'
    ln -s a docs/b
    index --follow docs
    lists docs/a/x.txt docs/b/x.txt
}

@test "--one-file-system leaves out what is mounted" {
    [ -r /proc/version ] || skip "no /proc"
    only=(--exclude='/*' --include=/proc/ --exclude='/proc/*'
        --include=/proc/version)
    run -0 index "${only[@]}" /
    lists /proc/version
    run -0 index --max-purge=100% --one-file-system "${only[@]}" /
    lists ''
}

@test "/ may be a root" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    at=$PWD patterns=() part=
    IFS=/ read -ra parts <<<"${at#/}"
    for p in "${parts[@]}"; do
        patterns+=("--exclude=$part/*" "--include=$part/$p/")
        part=$part/$p
    done
    run -0 index "${patterns[@]}" --exclude=b.txt /
    lists "$at/docs/a.txt"
    rm docs/a.txt
    doc docs/c.txt 'rail'
    run -0 index
    lists "$at/docs/c.txt"
}

@test "a root in a root keeps its own patterns, whichever is named" {
    doc docs/a.txt 'rail'
    doc docs/in/b.txt 'rail'
    doc docs/in/c.txt 'rail'
    index --exclude=b.txt docs/in
    lists docs/in/c.txt
    index --exclude=c.txt docs
    lists docs/a.txt docs/in/c.txt
    for named in docs docs/in ''; do
        run -0 index $named
        lists docs/a.txt docs/in/c.txt
    done
    rm docs/a.txt
    doc docs/in/d.txt 'rail'
    index --max-purge=100% docs
    lists docs/in/c.txt docs/in/d.txt
}

@test "a hidden folder may be a root in a root" {
    doc docs/a.txt 'rail'
    doc docs/.notes/b.txt 'rail'
    index docs/.notes docs
    lists docs/.notes/b.txt docs/a.txt
    index
    lists docs/.notes/b.txt docs/a.txt
}

@test "a root in a root that is gone is the outer one's loss" {
    doc docs/a.txt 'rail'
    doc docs/in/b.txt 'rail'
    index docs/in docs
    rm -r docs/in
    run -0 index
    lists docs/a.txt
    run -0 index --stats
    has_not "$output" "docs/in"
}

@test "naming a folder that its root leaves out is a failure that says so" {
    doc docs/a.txt 'rail'
    doc docs/drafts/b.txt 'rail'
    echo drafts/ >docs/.indexignore
    index docs
    run -1 index docs/drafts
    has "$output" "failed docs/drafts"
    has "$output" "left out"
    lists docs/a.txt
}

@test "a root that is a link is walked, and shown by its name" {
    doc docs/a.txt 'rail'
    ln -s docs link
    index link
    lists link/a.txt
    index
    lists link/a.txt
}

@test "FIFOs, devices and folders in place of files fail and do not block" {
    doc docs/a.txt 'rail'
    mkfifo docs/fifo.txt
    ln -s /dev/zero docs/zero.txt
    run -0 timeout 20 indexer -d "$DB" docs
    lists docs/a.txt
    run -1 timeout 20 indexer -d "$DB" docs/fifo.txt
    has "$output" "no regular file"
    run -1 timeout 20 indexer -d "$DB" /dev/zero
    has "$output" "no regular file"
    mkdir docs/folder.txt
    printf '%s\n' docs/fifo.txt docs/zero.txt docs/folder.txt >list
    run -1 timeout 20 indexer -d "$DB" --files-from=list
    [ "$(grep -c failed <<<"$output")" = 3 ]
    # a document whose file has become a FIFO is gone
    rm docs/a.txt
    mkfifo docs/a.txt
    doc docs/b.txt 'rail'
    run -0 timeout 20 indexer -d "$DB"
    lists docs/b.txt
}

@test "a sparse file of a terabyte is too large, at once" {
    doc docs/a.txt 'rail'
    truncate -s 1T docs/huge.txt || skip "no such files here"
    run -0 timeout 20 indexer -d "$DB" docs
    has "$output" "skipped docs/huge.txt: too large"
    lists docs/a.txt
}

@test "names with line ends, ill-formed UTF-8, of 255 bytes, and odd ones" {
    long=$(printf 'n%.0s' $(seq 251)).txt
    mkdir docs
    for name in $'a\nb.txt' $'\xff\xfe.txt' "$long" -n.txt -- CURRENT.txt \
        ' .txt' '*.txt' '\.txt' --stats.txt; do
        echo rail >"docs/$name"
    done
    mv docs/-- docs/--.txt
    run -0 index docs
    [ "$(indexer -d "$DB" --list -0 | tr -cd '\0' | wc -c)" = 10 ]
    indexer -d "$DB" --list -0 | sort -z >listed
    find docs -type f -print0 | sort -z | cmp - listed
    find docs -type f -print0 | index -0 --files-from=-
    indexer -d "$DB" --list -0 | sort -z | cmp - listed
    cd docs
    run -0 indexer -v -d "$DB" -- -n.txt --stats.txt
    has "$output" "2 found"
}

@test "a folder 10,000 deep: what lies there is found and read, and goes" {
    mkdir deep
    perl -e 'chdir "deep"; for (1..10000) { mkdir "d"; chdir "d" or die }
             open F, ">x.txt"; print F "rail\n"; close F'
    doc deep/a.txt 'rail'
    run -0 index deep
    [ -z "$output" ]
    [ "$(listed | wc -l)" = 2 ]
    [ "$(listed | awk '{ print length }' | sort -n | tail -1)" = 20010 ]
    run -0 index -v
    has "$output" "2 unchanged"
    run -0 query -d "$DB" -c rail
    [ "$output" = 2 ]
    run -0 index --check
    rm -r deep/d
    run -0 index
    lists deep/a.txt
}

@test "a folder that cannot be read fails, what was in it stays" {
    [ "$(id -u)" != 0 ] || skip "root reads everything"
    doc docs/a.txt 'rail'
    doc docs/b/c.txt 'rail'
    index docs
    chmod 0 docs/b
    run -1 index
    chmod 700 docs/b
    has "$output" "docs/b"
    lists docs/a.txt docs/b/c.txt
}

@test "selection without a folder makes no index" {
    doc a.txt rail
    run -2 index --include='*' a.txt
    [ ! -e "$DB" ]
}
