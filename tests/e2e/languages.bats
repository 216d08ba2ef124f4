# --lang=auto: the language of each document, and queries in all of them.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir docs && cd docs || return 1
    doc en.txt 'The railways of the region carry freight and they were opened by ministers for trading.'
    doc en2.txt 'The university taught economics to its students, and the policies of the time were discussed.'
    doc fr.txt 'La ligne a été ouverte par le ministre et les universités sont réformées dans les régions.'
    doc de.txt 'Die Häuser wurden von dem Minister eröffnet und sind für die Eisenbahnen der Regionen nicht neu.'
    doc es.txt 'Los ferrocarriles de la región fueron abiertos por el ministro y llevan las mercancías al puerto.'
    doc id.txt 'Menteri mengatakan bahwa kereta api itu dibangun untuk membawa barang dan penumpang ke pelabuhan, kata dia.'
    doc ru.txt 'Железная дорога была открыта, и по ней пойдут грузы из портов этого года.'
    doc th.txt 'รถไฟความเร็วสูงเปิดให้บริการแล้ว'
    doc zh.txt '中老铁路通车了，货物可以运到昆明。'
    doc vi.txt 'Đường sắt đã được khánh thành và sẽ chở hàng từ cảng về thủ đô.'
    doc said.md '---\nlang: fr\n---\nSet of words: nationale, nationaux.'
    doc named.md '---\nlang: german\n---\nZeitungen.'
    doc few.txt 'Rails, 2022.'
    doc none.txt '17.5 %%'
    cd .. || return 1
    indexer -q -d db docs
}

# The document QUERY finds alone.
one() { # NAME QUERY...
    local name=docs/$1
    shift
    [ "$(ask -l "$@")" = "$name" ]
}

@test "each document gets its language" {
    indexer -d "$DB" --stats | sed -n 's/^language  *//p' >got
    sort >wanted <<END
de: 2 documents
en: 3 documents
es: 1 documents
fr: 2 documents
id: 1 documents
none: 1 documents
ru: 1 documents
th: 1 documents
vi: 1 documents
zh: 1 documents
END
    sort got | diff wanted -
    [ "$(ask -l --lang th -n 0 'รถไฟ')" = docs/th.txt ]
    [ "$(ask -c lang:de -- '-xyz')" = 2 ]
    indexer -d "$DB" --stats | grep -qE '^setting +language=auto$'
    run -0 indexer -d "$DB" --check=full
}

@test "a word is found as each language stems it" {
    one fr.txt réforme
    one fr.txt reforme
    one en2.txt policy
    one en.txt railway
    one de.txt Haus
    one de.txt Hauses
    one es.txt ferrocarril
    one es.txt mercancía
    one id.txt bangun
    one id.txt membangunnya
    one ru.txt порта
    one ru.txt грузом
    one vi.txt 'duong sat'
    one said.md 'national -universités'
    one named.md Zeitung
}

@test "quotes and = ask for words as written, in any language" {
    one fr.txt '"universités sont réformées"'
    one fr.txt '"universites sont reformees"'
    one en2.txt '"university taught"'
    one id.txt '"kereta api itu dibangun"'
    one id.txt '=dibangun'
    one de.txt '=Häuser'
    run -1 ask '"universities taught"'
    run -1 ask '=hauser'
    one id.txt 'dibang*'
    one id.txt 'kereta NEAR/3 membangun'
    one en.txt '"region carry"~3'
}

@test "the stems of a word are one word" {
    # opened: open in English, others elsewhere
    [ "$(ask -c -a 'ministers opened')" = 1 ]
    [ "$(ask -c -a 'ministre universités')" = 1 ]
    run -1 ask -a 'universités railway'
    [ "$(ask -c -- '-universités région')" = "$(ask -c 'région -universités')" ]
    [ "$(ask -c --min-match 2 'universités réformées railway')" = 1 ]
    # no document twice
    [ "$(ask -l -n 0 'regions régions región' | sort | uniq -d)" = "" ]
}

@test "--explain: the terms of a word weigh alike" {
    ask --json --explain -n 0 'regions' |
        jq -c '[.hits[].explain.terms[] | .idf] | unique | length' |
        grep -qx 1
    # and the terms sum to the score
    ask --json --explain -n 0 'regions Minister universités' |
        jq -e '[.hits[] | (.score - ([.explain.terms[].score] | add)) | fabs]
            | max < 1e-6' >/dev/null
}

@test "--analyze: what each language makes of a word" {
    run -0 --separate-stderr ask --analyze 'regions'
    [[ "$output" == *"region[en"* ]]
    ask --analyze=regions --json | jq -e '.[0].stems.en == ["region"]' >/dev/null
}

@test "what goes takes its language with it" {
    mkdir docs
    doc docs/a.txt 'The railways of the region carry freight, and they were opened for trading.'
    doc docs/b.txt 'Die Häuser wurden von dem Minister eröffnet und sind für die Eisenbahnen nicht neu.'
    indexer -q -d own docs
    run -0 --separate-stderr query -d own --analyze Eisenbahnen
    [[ "$output" == *"[de]"* ]]
    rm docs/b.txt
    indexer -q -d own --purge docs
    run -0 --separate-stderr query -d own --analyze Eisenbahnen
    [[ "$output" != *"["* ]]
    run -0 indexer -d own --check=full
    indexer -q -d own --compact
    run -0 indexer -d own --check=full
    doc docs/b.txt 'La ligne a été ouverte par le ministre et les ports sont dans les régions.'
    indexer -q -d own --rebuild
    [ "$(query -d own --lang fr -l ports)" = docs/b.txt ]
    run -0 indexer -d own --check=full
}

@test "two indexes are stemmed in the languages of both" {
    mkdir one two
    cp "$BATS_FILE_TMPDIR"/docs/en*.txt one
    cp "$BATS_FILE_TMPDIR"/docs/{fr,de}.txt two
    mkdir both && cp one/* two/* both
    indexer -q -d db1 one
    indexer -q -d db2 two
    indexer -q -d db3 both
    for q in regions Häuser '"universités sont"' 'the ministers universities'; do
        query -d db1 -d db2 --json -n 0 "$q" |
            jq -c '.hits[] | [(.path | sub(".*/"; "")), .score]' | sort >several
        query -d db3 --json -n 0 "$q" |
            jq -c '.hits[] | [(.path | sub(".*/"; "")), .score]' | sort >joint
        diff joint several
        [ -s joint ]
    done
}

@test "a fixed language stays, and detects nothing" {
    mkdir docs
    doc docs/a.txt 'La ligne a été ouverte par le ministre et les régions sont réformées.'
    indexer -q -d own --lang=english docs
    indexer -q -d own docs
    indexer -d own --stats | grep -qE '^setting +language=english$'
    indexer -d own --stats | grep -qE '^language +none: 1 documents$'
    run -1 query -d own réforme
    indexer -q -d own --rebuild --lang=auto
    [ "$(query -d own -l réforme)" = docs/a.txt ]
}

@test "words of more languages are normalised" {
    mkdir docs
    doc docs/ar.txt 'افتتح الوزير خط السكة الحديدية الذي سينقل البضائع من المينـــاء إلى العاصمة، وكَتَبَ عن الأسواق'
    doc docs/hi.txt 'रेलवे का उद्घाटन मंत्री ने किया और यह सड़कों से माल ले जाएगी, क्‍या यह ज़मीन पर है'
    doc docs/ta.txt 'மத்திய அமைச்சர் புதிய ரயில் பாதைகளைத் திறந்து வைத்தார்'
    doc docs/vi.txt 'Đường sắt đã được khánh thành và sẽ chở hàng từ cảng về thủ đô của nước'
    doc docs/id.txt 'Pemerintah mengatakan bahwa perusahaannya sudah berjalan dan bukunya dibacakan untuk mereka yang datang'
    indexer -q -d own docs
    found() { # NAME WORD...
        local name=docs/$1.txt q
        shift
        for q; do
            [ "$(query -d own -l "$q")" = "$name" ] || {
                echo "$q: $name" >&2
                return 1
            }
        done
    }
    # tatweel, points, hamza on alef, the article
    found ar 'الميناء' 'ميناء' 'كتب' 'اسواق' 'الاسواق' 'وزير'
    # nukta of both encodings, ZWJ, plural
    found hi 'सड़कों' 'सड़कों' 'सड़क' 'क्या' 'ज़मीन' 'मंत्री'
    found ta 'பாதை' 'பாதைகள்' 'அமைச்சர்'
    found vi 'đường' 'duong' 'khanh thanh' 'thu do' 'nước' 'nuoc'
    found id 'perusahaan' 'jalan' 'buku' 'baca' 'membaca' 'perintah'
}
