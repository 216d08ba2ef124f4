# Files made to do harm: each is told or read, in bounded time and memory, and
# those beside it are indexed.

load helpers

# archive NAME MEMBER=FILE...: a ZIP, deflated; MEMBER*N=FILE: the file N times,
# with a checksum that is not looked at before it was unpacked.
archive() {
    perl -MCompress::Zlib -e '
        my ($out, @members) = @ARGV;
        my ($zip, $directory) = ("", "");
        for (@members) {
            my ($name, $n, $file) = /^(.*?)(?:\*(\d+))?=(.*)$/s;
            open my $in, "<:raw", $file or die "$file: $!";
            my $bytes = do { local $/; <$in> } // "";
            $n //= 1;
            my $d = deflateInit(-WindowBits => -15, -Level => 1);
            my $z = $d->deflate($bytes) . $d->flush(Z_FULL_FLUSH);
            $z = $z x $n . $d->flush;
            my $facts = pack "vvvVVVVvv", 20, 0, 8, 0, crc32($bytes), length $z,
                $n * length $bytes, length $name, 0;
            $directory .= "PK\1\2\x14\0$facts" .
                pack("vvvVV", 0, 0, 0, 0, length $zip) . $name;
            $zip .= "PK\3\4$facts$name$z";
        }
        open my $to, ">:raw", $out or die "$out: $!";
        print $to $zip, $directory, "PK\5\6", pack "vvvvVVv", 0, 0,
            (scalar @members) x 2, length $directory, length $zip, 0' "$@"
}

# times N TEXT: that N times.
times() {
    perl -e 'print $ARGV[1] x $ARGV[0]' "$@"
}

W=http://schemas.openxmlformats.org/wordprocessingml/2006/main
TYPES="<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>"

# docx NAME: of the body on standard input; declarations in $1 before it.
docx() { # NAME [DECLARATIONS]
    echo "$TYPES" >types
    {
        printf '%s' "${2-}<w:document xmlns:w='$W'><w:body><w:p><w:r><w:t>railway</w:t></w:r></w:p>"
        cat
        printf '</w:body></w:document>'
    } >body
    archive "$1" '[Content_Types].xml=types' word/document.xml=body
}

odt() { # NAME [DECLARATIONS]
    printf application/vnd.oasis.opendocument.text >type
    {
        printf '%s' "${2-}<o:document-content xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:t='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><o:body><o:text><t:p>railway</t:p>"
        cat
        printf '</o:text></o:body></o:document-content>'
    } >body
    archive "$1" mimetype=type content.xml=body
}

# A billion laughs: the declarations of their entities, the last one is &l;.
laughs() {
    perl -e 'print "<!DOCTYPE x [<!ENTITY a \"lol\">",
        map { "<!ENTITY $_ \"" . "&" . chr(ord($_) - 1) . ";" x 10 . "\">" }
        "b" .. "l"; print "]>"'
}

# What the last --report says of each file: its operation, name and reason.
told() {
    jq -r 'select(.type == "file") | .op + " " + .path +
        if .reason then ": " + .reason else "" end' report
}

# One run in which no process takes 10 s of processor time, no worker 300 MB.
bounded() {
    (
        ulimit -t 10
        index --convert-memory=300M --report=report "$@" 2>said
    )
}

@test "archives and compressed files that unpack to very much" {
    mkdir docs
    doc docs/a.txt 'A railway'
    head -c 1000000 /dev/zero >zeros
    tr '\0' ' ' <zeros >blanks
    echo "$TYPES" >types
    archive docs/zeros.docx '[Content_Types].xml=types' \
        'word/document.xml*1000=zeros'
    archive docs/blanks.docx '[Content_Types].xml=types' \
        'word/document.xml*1000=blanks'
    archive docs/nested.docx '[Content_Types].xml=types' \
        word/document.xml=docs/blanks.docx
    times 20000000 x | gzip -1 >docs/bomb.txt.gz
    gzip -c docs/bomb.txt.gz >docs/twice.txt.gz.gz
    gzip -c </dev/null >none # streams without end, each sound and empty
    perl -0777 -pe '$_ x= 500000' none >docs/streams.txt.gz
    { gzip -c <<<railway; head -c 100000 /dev/urandom; } >docs/tail.txt.gz
    for p in gzip xz zstd; do
        head -c 100000 /dev/urandom | base64 | $p -c | head -c 50000 \
            >"docs/cut.txt.${p/ip/}"
        ! [ -e docs/cut.txt.zstd ] || mv docs/cut.txt.zstd docs/cut.txt.zst
    done
    bounded docs
    run -0 told
    [ "$output" = 'add docs/a.txt
skip docs/blanks.docx: docx: more than 256 MB unpacked
skip docs/bomb.txt.gz: gz: unpacked, it is larger than 16777216 bytes
skip docs/cut.txt.gz: gz: damaged gzip: it ends too early
skip docs/cut.txt.xz: xz: damaged xz: it ends too early
skip docs/cut.txt.zst: zst: damaged zstd: it ends too early
skip docs/nested.docx: docx: word/document.xml: damaged XML: line 1: Document is empty
skip docs/streams.txt.gz: there is no text in it
skip docs/tail.txt.gz: gz: damaged gzip: its content is wrong
skip docs/twice.txt.gz.gz: gz: unpacked, it is larger than 16777216 bytes
skip docs/zeros.docx: docx: word/document.xml: damaged XML: line 1: Document is empty' ] || complain "$output"
    finds_only railway docs/a.txt
}

@test "pages and documents of very many tags, attributes, entities" {
    mkdir docs
    doc docs/a.txt 'A railway'
    for tag in div '!--' script table b; do
        { echo railway; times 1000000 "<$tag>"; echo '<p>harbour'; } \
            >"docs/tag-${tag//[!a-z]/_}.html"
    done
    perl -e 'print "<p>railway<p", (map { " a$_=1" } 1 .. 200000), ">harbour"' \
        >docs/attributes.html
    { laughs; echo '<p>railway &l;'; } >docs/laughs.html
    times 1000000 '<w:p>' | docx docs/deep.docx
    perl -e 'print "<w:p ", (map { "a$_=\"1\" " } 1 .. 200000), "/>"' |
        docx docs/attributes.docx
    echo '<w:p><w:r><w:t>&l;</w:t></w:r></w:p>' | docx docs/laughs.docx "$(laughs)"
    echo '<t:p>&l;</t:p>' | odt docs/laughs.odt "$(laughs)"
    echo '<t:p>a<t:s t:c="4000000000"/>b</t:p>' | odt docs/blanks.odt
    echo "<t:p>&x;</t:p>" |
        odt docs/outside.odt '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    bounded docs
    run -0 told
    [ "$(grep -v '^add' <<<"$output")" = 'skip docs/attributes.docx: docx: word/document.xml: a tag of more than 1000 attributes
skip docs/deep.docx: docx: word/document.xml: elements nested deeper than 256
skip docs/laughs.docx: docx: word/document.xml: damaged XML: line 1: Entity '"'l'"' not defined
skip docs/laughs.odt: odt: content.xml: damaged XML: line 1: Entity '"'l'"' not defined
skip docs/outside.odt: odt: content.xml: damaged XML: line 1: Entity '"'x'"' not defined' ] ||
        complain "$output"
    finds_only railway docs/{a.txt,attributes.html,laughs.html,blanks.odt} \
        docs/tag-{___,b,div,script,table}.html
    finds harbour docs/attributes.html docs/tag-{b,div,table}.html
}

@test "mail and tables without end" {
    mkdir docs
    doc docs/a.txt 'A railway'
    local head='Subject: railway\nContent-Type: multipart/mixed; boundary'
    { printf "$head=b\n\n"
        times 100000 $'--b\nContent-Type: multipart/mixed; boundary=b\n\n'
        echo harbour; } >docs/same.eml
    { printf "$head=b0\n\n"
        perl -e 'print "--b$_\nContent-Type: multipart/mixed; boundary=b",
            $_ + 1, "\n\n" for 0 .. 100000'; echo harbour; } >docs/nested.eml
    { printf "$head=b\n\n"; times 100000 $'--b\n\nrailway\n'; } >docs/parts.eml
    { printf 'Subject: railway\n\n'; times 1000000 $'\0'; } >docs/nul.eml
    printf '<\0p>rail\0way\0 railway' >docs/nul.html
    printf 'rail\0way' >docs/nul.txt
    from='From a@b Tue Jan  4 12:00:00 2022'
    { printf '%s\nSubject: railway\n\n' "$from"; times 16000000 x
        printf '\n%s\n\nrailway\n' "$from"; } >docs/line.mbox
    bounded docs
    run -0 told
    [ "$output" = 'add docs/a.txt
add docs/line.mbox
add docs/nested.eml
add docs/nul.eml
add docs/nul.html
skip docs/nul.txt: binary file (NUL bytes)
skip docs/parts.eml: eml: more than 10000 parts
skip docs/same.eml: eml: more than 10000 parts' ] || complain "$output"
    finds_only railway docs/{a.txt,line.mbox,nested.eml,nul.eml,nul.html}
    { printf 'id,text\n1,railway\n2,"open\n'; times 16000000 x
        printf '\n3,rail\0way\n4,railway\n'; } >table.csv
    run -1 indexer -d tables --input=csv table.csv
    has "$output" 'failed table.csv:3: a quote is not closed'
    [ "$(query -d tables -l railway | xargs)" = '1 4' ]
}

@test "names with line ends, dashes, bad UTF-8" {
    mkdir docs
    cd docs
    for name in $'a\nb' -n --help '-d x' $'\t' ' ' '*' '$(touch x)' '{}' \
        $'\x80' $'\xc3' $'\xc0\xaf' $'\xe2\x82' $'\xed\xa0\x80' \
        $'\xf4\x90\x80\x80' $'\xff\xfe' $'\e[31m' $'\x7f'; do
        doc "./$name.txt" 'A railway'
        gzip -c "./$name.txt" >"./$name.html.gz"
        echo A railway >"./$name.up"
    done
    cd ..
    run -0 index --filter 'up=cat {}' docs
    [ "$output" = '' ]
    [ "$(ask -c railway)" = 54 ]
    index --list -0 | sort -z >listed
    find docs -type f -print0 | sort -z >found
    cmp listed found
    run -0 index -v --filter 'up=cat {}'
    has "$output" '54 unchanged, 0 skipped, 0 failed'
    ask --json -n 0 railway | jq -e '.hits | length == 54'
    index --filter 'up=cat {}' --report=- -f | jq -es 'length == 55' >/dev/null
    run -0 index --check=full
}

# A pdftotext that says its own and its parent's number and hangs.
hanging() {
    mkdir -p bin docs
    printf '#!/bin/sh\necho $PPID $$ >"%s/ids.new"; mv "%s/ids.new" "%s/ids"\nexec sleep 600\n' \
        "$PWD" "$PWD" "$PWD" >bin/pdftotext
    chmod +x bin/pdftotext
    cp "$ROOT/tests/formats/pdf/paper.pdf" docs/b.pdf
    doc docs/a.txt 'A railway'
    doc docs/c.txt 'A railway'
    PATH=$PWD/bin:$PATH
}

# Waits until a process is gone; a zombie is.
gone() {
    local i
    for ((i = 0; i < 50; i++)); do
        case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null || true) in
        '' | Z* | X*) return ;;
        esac
        sleep 0.1
    done
    complain "process $1 still runs: $(ps -o args= -p "$1")"
}

begin() { # the indexer, in the background, until the converter hangs
    indexer -d "$DB" "$@" docs 2>said 3>&- &
    until [ -e ids ]; do sleep 0.05; done
    read -r worker converter <ids
}

@test "an indexer that is killed leaves no worker and no converter" {
    hanging
    begin
    kill -KILL $!
    gone "$worker"
    gone "$converter"
    run -0 index --check
    rm ids
    run -0 index --convert-time=1 -v docs
    has "$output" 'skipped docs/b.pdf: pdf: took longer than 1 s'
    finds_only railway docs/a.txt docs/c.txt
}

@test "a worker that is killed costs one file" {
    hanging
    begin
    run -75 index docs
    kill -KILL "$worker"
    wait $!
    gone "$converter"
    has "$(<said)" 'docs/b.pdf: pdf: its reader crashed (SIGKILL)'
    finds_only railway docs/a.txt docs/c.txt
}

@test "an interrupt ends the worker and the converter" {
    hanging
    begin
    kill -INT $!
    status=0
    wait $! || status=$?
    [ "$status" = 130 ]
    gone "$worker"
    gone "$converter"
    run -0 index --check
}
