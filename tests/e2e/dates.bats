# dates: where those of documents come from, and that updates keep them true.

load helpers

# PATH DATE SOURCE of all documents with "rail".
dates() {
    ask --format=ndjson -n 0 rail |
        jq -r 'select(.type == "hit") | "\(.path) \(.date) \(.date_source)"' |
        sort
}

@test "a date is that of front matter, name, first lines, file" {
    doc docs/2020-01-01-a.md '---\ntitle: x\ndate: 2021-05-06\n---\nrail'
    doc docs/2022-03-04-b.txt 'Published: Sep 11, 2024\nrail'
    doc docs/2023/05/06/c.txt 'rail'
    doc docs/d.txt 'A title\nBy Jane Roe | November 18, 2024\nrail'
    doc docs/e.txt 'A title\nIt was signed on 18 November 2024.\nrail, May 5'
    doc docs/f.txt 'A title\n12/11/2024\n31 February 2024\nrail'
    TZ=UTC touch -d '2019-02-03 23:59:59' docs/*.txt
    index docs
    [ "$(dates)" = "docs/2020-01-01-a.md 2021-05-06 frontmatter
docs/2022-03-04-b.txt 2022-03-04 filename
docs/2023/05/06/c.txt 2023-05-06 filename
docs/d.txt 2024-11-18 text
docs/e.txt 2019-02-03 mtime
docs/f.txt 2019-02-03 mtime" ]
    [ "$(ask --show docs/e.txt --json | jq -r .date)" = 2019-02-03 ]
    [ "$(indexer -d "$DB" --list -v | cut -f2 | sort | head -n 1)" = 2019-02-03 ]
    indexer -d "$DB" --check=full
}

@test "records: their date, else that of their first lines, else none" {
    cat >r.jsonl <<'END'
{"id":"a","text":"rail","date":"2021-05-06"}
{"id":"b","text":"rail\n18 November 2024\n"}
{"id":"c","text":"rail","date":"soon"}
END
    index --input=jsonl r.jsonl
    [ "$(dates)" = "a 2021-05-06 record
b 2024-11-18 text
c null null" ]
    indexer -d "$DB" --check=full
}

@test "a file that is touched, moved or written has the date it then has" {
    doc docs/a.txt rail
    doc docs/b.txt 'Published: 2001-02-03\nrail two'
    touch -d '2019-02-03 12:00Z' docs/*.txt
    index docs
    touch -d '2020-02-03 12:00Z' docs/*.txt
    index docs
    [ "$(dates)" = "docs/a.txt 2020-02-03 mtime
docs/b.txt 2001-02-03 text" ]
    indexer -d "$DB" --check
    mv docs/a.txt docs/2005-06-07.txt
    mv docs/b.txt docs/2008-09-10.txt
    index docs
    [ "$(dates)" = "docs/2005-06-07.txt 2005-06-07 filename
docs/2008-09-10.txt 2008-09-10 filename" ]
    indexer -d "$DB" --check
    mv docs/2005-06-07.txt docs/a.txt
    doc docs/2008-09-10.txt '---\ndate: 1999-01-02\n---\nrail two'
    index docs
    [ "$(dates)" = "docs/2008-09-10.txt 1999-01-02 frontmatter
docs/a.txt 2020-02-03 mtime" ]
    indexer -d "$DB" --check
    indexer -d "$DB" --compact
    indexer -d "$DB" --check=full
    [ "$(dates | wc -l)" = 2 ]
    indexer -d "$DB" --rebuild
    indexer -d "$DB" --check=full
    [ "$(dates)" = "docs/2008-09-10.txt 1999-01-02 frontmatter
docs/a.txt 2020-02-03 mtime" ]
    touch -d '@0' docs/a.txt
    index docs
    [ "$(dates | tail -n 1)" = "docs/a.txt null null" ]
    indexer -d "$DB" --check
}
