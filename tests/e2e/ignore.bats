# .indexignore: gitignore's syntax, below the folder that holds it.

load helpers

@test ".indexignore leaves out files and folders, inner rules go first" {
    doc docs/a.txt 'rail'
    doc docs/notes.txt 'rail'
    doc docs/drafts/b.txt 'rail'
    doc docs/c/notes.txt 'rail'
    doc docs/c/d/e.md 'rail'
    printf '# not these\nnotes.txt\ndrafts/\n*.md\n' >docs/.indexignore
    printf '!notes.txt\n' >docs/c/.indexignore
    run -0 index docs
    finds_only rail docs/a.txt docs/c/notes.txt
}

@test "what is left out from now on goes from the index" {
    doc docs/a.txt 'rail'
    doc docs/b.txt 'rail'
    index docs
    echo b.txt >docs/.indexignore
    run -0 index
    finds_only rail docs/a.txt
}

@test "an .indexignore that is no file is not read" {
    doc docs/a.txt 'rail'
    mkfifo docs/.indexignore
    run -0 timeout 10 indexer -d "$DB" docs
    finds_only rail docs/a.txt
}
