# What a run finds to have changed, and what it may do about it.

load helpers

# Numbers of documents by path, as the index has them.
numbered() {
    indexer -d "$DB" --list -v | cut -f1,4 | sort
}

# The counts of the last line of a report, in the order asked for.
counts() {
    tail -n 1 "$1" | jq -r '[.found,.added,.updated,.renamed,.removed,.unchanged,.skipped,.failed] | join(" ")'
}

generation() {
    query -d "$DB" --stats --json | jq .generation
}

@test "a renamed file keeps its document" {
    doc docs/a.txt 'rail harbour'
    doc docs/b.txt 'visa'
    index docs
    mkdir docs/sub
    mv docs/a.txt docs/sub/2022-03-04-z.txt
    run -0 index -v
    has "$output" 'renamed docs/a.txt -> docs/sub/2022-03-04-z.txt'
    [ "$(numbered | head -n 1)" = $'1\tdocs/sub/2022-03-04-z.txt' ]
    finds_only harbour docs/sub/2022-03-04-z.txt
    [ "$(ask --json harbour | jq -r '.hits[0] | .date + .date_source')" = 2022-03-04filename ]
    run -0 index --check
    run -0 ask --changes-since 1
    [ "$output" = 'renamed         1  docs/a.txt -> docs/sub/2022-03-04-z.txt' ]
}

@test "a folder that is renamed is no loss the purge guard minds" {
    for i in $(seq 1 60); do doc docs/old/$i.txt "rail number $i"; done
    index docs
    mv docs/old docs/new
    run -0 index --report=report docs
    [ "$(counts report)" = '60 0 0 60 0 0 0 0' ]
    # another file system: other inodes and times
    cp -r docs/new docs/copy
    rm -r docs/new
    run -0 index --report=report docs
    [ "$(counts report)" = '60 0 0 60 0 0 0 0' ]
    run -0 index --check
}

@test "a copy is a document of its own; of two equal files one is gone" {
    doc docs/a.txt 'rail harbour'
    cp docs/a.txt docs/b.txt
    index docs
    mv docs/b.txt docs/c.txt
    cp docs/a.txt docs/d.txt
    run -0 index --report=report docs
    [ "$(counts report)" = '3 1 0 1 0 1 0 0' ]
    finds_only harbour docs/a.txt docs/c.txt docs/d.txt
    run -0 index --check
}

@test "where another name makes another title it is another document" {
    doc docs/a.txt 'first line\n# A heading\nrail'
    index docs
    mv docs/a.txt docs/a.md
    run -0 index --report=report docs
    [ "$(counts report)" = '1 1 0 0 1 0 0 0' ]
    finds_only 'title:heading' docs/a.md
    run -0 index --check
}

@test "a path with over 400 bytes can be renamed, and away again" {
    long=docs/$(printf 'x%.0s' $(seq 1 200))/$(printf 'y%.0s' $(seq 1 200))/z.txt
    doc docs/a.txt 'rail'
    index docs
    mkdir -p "$(dirname "$long")"
    mv docs/a.txt "$long"
    run -0 index --report=report
    [ "$(counts report)" = '1 0 0 1 0 0 0 0' ]
    mv "$long" docs/b.txt
    run -0 index --report=report
    [ "$(counts report)" = '1 0 0 1 0 0 0 0' ]
    finds_only rail docs/b.txt
    run -0 index --check
}

@test "a touched file is not indexed again" {
    doc docs/a.txt 'rail'
    index docs
    touch -d '2020-01-01' docs/a.txt
    run -0 index --report=report
    [ "$(counts report)" = '1 0 0 0 0 1 0 0' ]
    [ "$(numbered)" = $'1\tdocs/a.txt' ]
}

@test "--verify-content finds what size and time hide" {
    doc docs/a.txt 'rail durian'
    doc docs/b.txt 'visa'
    touch -d '2020-01-01' docs/a.txt
    index docs
    cp -p docs/a.txt keep
    printf 'rail mangos' | dd of=docs/a.txt conv=notrunc 2>/dev/null
    touch -r keep docs/a.txt
    index docs
    finds_only durian docs/a.txt
    run -0 index --verify-content --report=report
    [ "$(counts report)" = '2 0 1 0 0 1 0 0' ]
    finds_only mangos docs/a.txt
}

@test "--force takes everything in anew" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'visa'
    index docs
    run -0 index -f --report=report
    [ "$(counts report)" = '2 0 2 0 0 0 0 0' ]
    [ "$(numbered | cut -f1 | tr '\n' ' ')" = '3 4 ' ]
    run -0 index --check
    run -0 bash -c 'echo "{\"id\":\"r\",\"text\":\"rail\"}" >r.jsonl; indexer -d "$0" --input=jsonl r.jsonl && indexer -d "$0" --input=jsonl -f --report=report r.jsonl' "$DB"
    [ "$(counts report)" = '1 0 1 0 0 0 0 0' ]
}

@test "--retry-failed looks again at what was skipped" {
    doc docs/a.txt 'rail'
    printf 'a\0b' >docs/bin.txt
    index docs 2>/dev/null
    run -0 index
    [ -z "$output" ]
    run -0 index --retry-failed --report=report
    [ -z "$output" ] # the same again is nothing new
    [ "$(counts report)" = '2 0 0 0 0 1 1 0' ]
}

@test "--dry-run prints what would be done and does nothing" {
    doc docs/a.txt 'rail harbour'
    doc docs/b.txt 'visa durian'
    doc docs/c.txt 'goes'
    run -0 index -n docs
    has "$output" 'added    docs/a.txt'
    has "$output" 'nothing was changed'
    [ ! -e "$DB" ]
    index docs
    before=$(generation)
    mv docs/a.txt docs/z.txt
    doc docs/b.txt 'visa durian, and more'
    rm docs/c.txt
    doc docs/d.txt 'new'
    run -0 --separate-stderr index -n
    [ "$(sort <<<"$output")" = "added    docs/d.txt
removed  docs/c.txt
renamed  docs/a.txt -> docs/z.txt
updated  docs/b.txt" ]
    run -0 index -n --report=report
    [ "$(counts report)" = '3 1 1 1 1 0 0 0' ]
    [ "$(generation)" = "$before" ]
    finds_only harbour docs/a.txt
    run -0 index --report=real
    [ "$(counts real)" = "$(counts report)" ]
    # it needs no lock
    run -0 flock "$DB/writer.lock" indexer -d "$DB" -n
}

@test "--no-purge keeps the documents of files that are gone" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index docs
    rm docs/b.txt
    run -0 index --no-purge
    finds_only rail docs/a.txt docs/b.txt
    run -0 index --no-purge docs
    run -0 index
    finds_only rail docs/a.txt
}

@test "--purge: the files listed are all there are" {
    doc docs/a.txt 'rail'
    doc b.txt 'rail'
    doc c.txt 'rail'
    doc d.txt 'rail'
    index docs
    index b.txt c.txt d.txt
    run -0 bash -c 'printf "b.txt\nc.txt\n" | indexer -d "$0" --purge --files-from=-' "$DB"
    finds_only rail docs/a.txt "$PWD/b.txt" "$PWD/c.txt"
    run -0 index --purge b.txt
    finds_only rail docs/a.txt "$PWD/b.txt"
    run -2 index --purge
    run -2 index --purge --no-purge b.txt
}

@test "--purge: the records are all there are, unless some failed" {
    for i in $(seq 1 50); do echo "{\"id\":\"r$i\",\"text\":\"rail\"}"; done >all
    head -n 45 all >most
    head -n 5 all >few
    index --input=jsonl all
    run -0 index --input=jsonl --purge most
    [ "$(ask -c rail)" = 45 ]
    run -3 index --input=jsonl --purge few
    has "$output" '40 of 45 documents are not on the list'
    [ "$(ask -c rail)" = 45 ]
    echo broken >>most
    run -3 index --input=jsonl --purge --max-purge=100% most
    has "$output" 'none was removed'
    run -0 index --input=jsonl --purge --max-purge=100% few
    [ "$(ask -c rail)" = 5 ]
    run -0 index --check
}

@test "--remove: a file, a record, a folder, a root" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    doc docs/sub/c.txt 'rail'
    doc docs/sub/d.txt 'rail'
    doc docs/subway.txt 'rail'
    echo '{"id":"r1","text":"rail"}' >r.jsonl
    index docs
    index --input=jsonl r.jsonl
    rm docs/a.txt
    run -0 index --remove docs/a.txt
    [ -z "$output" ]
    run -0 index --remove docs/b.txt
    has "$output" 'still there'
    run -0 --separate-stderr index --remove -n r1
    [ "$output" = 'removed  r1' ]
    finds rail r1
    run -0 index --remove r1 docs/sub/
    finds_only rail docs/subway.txt
    run -0 index
    finds_only rail docs/b.txt docs/sub/c.txt docs/sub/d.txt docs/subway.txt
    run -0 index --remove docs
    run -1 ask rail
    run -2 index
    has "$output" 'no folder recorded'
    run -1 index --remove nothing
    has "$output" 'failed nothing: there is no document of that name'
    run -0 index --check
    run -2 index --remove
}

@test "--report: lines of JSON, the verdicts of which add up" {
    doc docs/a.txt 'rail'
    printf 'broken \xff here' >docs/b.txt
    printf 'a\0b' >docs/c.txt
    doc docs/d.txt 'locked'
    ln -s nowhere docs/e.txt
    run -0 index --report=report docs
    [ "$(jq -r 'select(.type == "file") | [.op, .path, .reason, (.warnings | join(","))] | @csv' report)" = '"add","docs/a.txt",,""
"add","docs/b.txt",,"invalid_utf8:1"
"skip","docs/c.txt","binary file (NUL bytes)",""
"add","docs/d.txt",,""' ]
    [ "$(counts report)" = '4 3 0 0 0 0 1 0' ]
    jq -e 'select(.type == "end") | .uuid | length == 36' report
    run -0 index --report=report docs
    [ "$(wc -l <report)" = 1 ]
    [ "$(counts report)" = '4 0 0 0 0 3 1 0' ]
    run -0 --separate-stderr index --report=- docs
    [ "$(jq -r .type <<<"$output")" = end ]
    # a run that is refused says so too
    mv docs away
    run -3 index --report=report
    [ "$(jq -r '[.type, .exit] | join(" ")' report)" = 'error 3' ]
    run -2 index --report=/nowhere/report
    run -2 index --report=/dev/full --max-purge=100%
    has "$output" '/dev/full'
}

@test "--why: what is known of a file, and what is next" {
    doc docs/a.txt 'rail'
    doc docs/gone.txt 'rail'
    doc docs/changes.txt 'rail'
    printf 'a\0b' >docs/bin.txt
    doc docs/drafts/d.txt 'rail'
    doc docs/.hidden.txt 'rail'
    doc docs/e.html~ 'rail'
    doc docs/note.txt 'rail'
    mkfifo docs/fifo.txt
    doc away.txt 'rail'
    echo 'drafts/
note.txt' >docs/.indexignore
    index -q docs
    echo '{"id":"r1","text":"rail"}' | indexer -d "$DB" --input=jsonl -
    rm docs/gone.txt
    echo more >>docs/changes.txt
    doc docs/new.txt 'rail'
    why() {
        run -"$1" index --why "$2"
        [ "$output" = "$2: $3" ] || complain "$output"
    }
    why 0 docs/a.txt 'indexed as document 1, 5 bytes; unchanged'
    why 0 "$PWD/docs/a.txt" 'indexed as document 1, 5 bytes; unchanged'
    why 0 r1 'indexed as document 4, 25 bytes, a record'
    why 0 docs/gone.txt 'indexed as document 3, 5 bytes; the file is gone: the next run removes it'
    why 0 docs/changes.txt 'indexed as document 2, 5 bytes; the file looks changed: the next run reads it'
    why 1 docs/bin.txt 'skipped: binary file; unchanged since (--retry-failed tries again)'
    why 1 docs/new.txt 'not indexed; the next run reads it'
    why 1 docs/drafts/d.txt 'not indexed; its folder is left out (--exclude, .indexignore, or a hidden folder)'
    why 1 docs/note.txt 'not indexed; it is left out (--exclude or .indexignore)'
    why 1 docs/.hidden.txt 'not indexed; its name begins with a dot (--hidden takes it in)'
    why 1 docs/e.html~ 'not indexed; its name is of no format that is read (--include takes it in)'
    why 1 docs/fifo.txt 'not indexed; it is no regular file'
    why 1 docs 'not indexed; it is a folder'
    why 1 away.txt 'not indexed; no folder of the index holds it: name it to add it'
    why 1 nothing.txt 'not indexed; No such file or directory'
    run -1 index --why docs/a.txt docs/new.txt
    [ "${#lines[@]}" = 2 ]
    run -2 index --why
    (cd docs && run -0 indexer -d "$DB" --why a.txt && has "$output" 'document 1,')
}
