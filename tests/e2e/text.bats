# What happens to text, seen from outside: each test is a row of a table, left
# what stands in the documents, right by what they are found; and then the
# other way round, the documents' own words as questions.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    DB=$BATS_FILE_TMPDIR/db
}

# text NAME TEXT: a document for the tests below.
text() {
    printf '%b\n' "$2" >"texts/$1.txt"
}

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir texts
    text people1 'title\n\nthe people-to-people exchange'
    text people2 'title\n\nthe people\u2011to\u2011people exchange'
    text people3 'title\n\nthe people\u2013to\u2013people exchange'
    text laos1 'title\n\na China-Laos train'
    text laos2 'title\n\na China\u2013Laos train'
    text laos3 'title\n\na China\u2014Laos train'
    text figure 'title\n\nU.S. COVID-19 measures, G20, 5G, Article 7 and RMB500m'
    text dollar 'title\n\nit cost US$1.7 billion'
    text number 'title\n\n1,000 men, 25 per cent, 72.93% in 2021\u201322'
    text china1 'title\n\nChina\u2019s bank'
    text china2 'title\n\nChina\u0027s bank'
    text china3 'title\n\nADB\u0027s loan'
    text china4 'title\n\nthe states\u2019 loan'
    text trap 'title\n\na \u201cdebt trap\u201d it was'
    text abbr1 'title\n\nthe U.S. spoke'
    text abbr2 'title\n\na U.K.-led group'
    text abbr3 'title\n\nmetals, e.g. nickel'
    text abbr4 'title\n\nthey told us so'
    text abbr5 'title\n\nthe US spoke'
    text accent1 'title\n\nXi Jinping came'
    text accent2 'title\n\nXi\u2019an and L\u00fc'
    text accent3 'title\n\n\u00dcr\u00fcmqi'
    text accent4 'title\n\n\u0110\u00e0 N\u1eb5ng'
    text accent5 'title\n\nl\u2019\u00e9conomie'
    text glued1 'title\n\nmany exports.The end'
    text glued2 'title\n\nsee file_name here'
    text glued3 'title\n\nas title:foo said'
    text han1 'title\n\n习近平主席'
    text han2 'title\n\n中老铁路RCEP协定'
    text han3 'title\n\n香港亞洲研究中心'
    text thai 'title\n\nรถไฟความเร็วสูง'
    text wide1 'title\n\n\ufb01nance'
    text wide2 'title\n\n\uff32\uff23\uff25\uff30'
    text wide3 'title\n\ninfra\u00adstructure rail\u200bway'
    text wide4 'title\n\nhigh\u00a0speed'
    text wide5 '\ufeffdurian\r\n\r\nmango season\r\nrubber'
    text stem1 'title\n\nthe organisation of universities'
    text stem2 'title\n\nthe organization of a university'
    text stem3 'title\n\nsomething universal'
    text url 'title\n\nread https://www.aiib.org/en/a.html or ask info@adb.org'
    text line1 'title\n\nnew infra-\nstructure exports'
    text line2 'title\n\nclose co-\r\noperation'
    text line3 'title\n\na debt-\ntrap it was'
    text line4 'title\n\nregional inte- \n\f  gration goal'
    text line5 'title\n\nthe infra\u2010\nstructure-led growth'
    text line6 'title\n\nin 2019-\n2020 a China-\nLaos train'
    text line7 'title\n\nits re-\n\nform and its tra\u2013\nffic'
    text line8 'title\n\nthe transport depart-\nment said no'
    text note1 'title\n\nafter the war.2In spring'
    text note2 'title\n\na policy12 of \u201cpeace\u201d3 and HSR7 trains'
    text note3 'title\n\nthe growth;4China\u2019s own, over.”15The rest'
    text note4 'title\n\nin the refor-\nmation9 age'
    {
        printf 'title\n\nalpha beta\n\n'
        for i in 1 2 3 4 5 6; do
            printf 'Zm9vYmFy/zEyMzQ1Njc4OTA+YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=\n'
        done
        printf 'gamma data:image/png;base64,'
        head -c 1000000 /dev/zero | tr '\0' x | sed 's/xxxxxxx/aB\/cD+e/g'
        printf ' delta\n'
        head -c 1000000 /dev/zero | od -An -v -tx1 | tr -d ' \n'
        printf '\nepsilon\n'
    } >texts/coded.txt
    indexer -d "$BATS_FILE_TMPDIR/db" texts
}

# These find all of the documents named before the colon.
t() {
    local docs=()
    while [ "$1" != : ]; do
        docs+=("texts/$1.txt")
        shift
    done
    shift
    local q
    for q; do finds "$q" "${docs[@]}"; done
}

# … and these none of them.
never() {
    local docs=()
    while [ "$1" != : ]; do
        docs+=("texts/$1.txt")
        shift
    done
    shift
    local q
    for q; do misses "$q" "${docs[@]}"; done
}

@test "people-to-people, with any hyphen" {
    t people1 people2 people3 : people-to-people 'people to people' \
        '"people to people"' people‑to‑people people–to–people \
        '"people-to-people"' '"people‑to‑people exchange"' peopletopeople
    never people1 people2 people3 : '"to people to"' '"people people"'
}

@test "China-Laos, also with dashes" {
    t laos1 laos2 laos3 : China-Laos China–Laos China—Laos Laos '"china laos"' \
        '"china-laos"' '"china—laos train"' '"a china laos train"'
    t laos1 laos2 : chinalaos '"chinalaos train"'
    # China-Laos is no "China NOT Laos"
    finds 'China-Laos train' texts/laos1.txt
}

@test "COVID-19, G20, 5G, Article 7, RMB500m" {
    t figure : covid-19 'covid 19' g20 5g '"article 7"' COVID-19 G20 5G \
        'Article 7' RMB500m '"COVID-19 measures"' covid19
}

@test 'US$1.7 billion' {
    t dollar : 'US$1.7 billion' '1.7 billion' '"1.7 billion"' 1.7 \
        '"US$1.7 billion"'
    never dollar : '"1.7 million"' '"17 billion"' 17
}

@test "1,000; 25 per cent; 72.93%; 2021–22" {
    t number : 1000 1,000 '"25 per cent"' 72.93 2021 72.93% 2021–22 2021-22 \
        '"1,000 men"' '"1000 men"'
    never number : 000
}

@test "possessives" {
    t china1 china2 : china "china's" china’s '"china’s"' "\"china's\"" \
        "\"China's bank\"" '"China’s bank"'
    never china1 china2 : '"china bank"'
    t china3 : adb ADB’s "ADB's"
    t china4 : states state states’ "states'"
    never china1 china2 china3 china4 : s
}

@test "curly quotes" {
    t trap : '"debt trap"' '“debt trap”' 'debt' 'trap' '„debt trap“'
}

@test "U.S., U.K.-led, e.g." {
    t abbr1 : U.S. u.s. us US '"the U.S. spoke"' =U.S.
    t abbr2 : UK U.K. U.K.-led led
    t abbr3 : e.g. eg '"e.g. nickel"'
    never abbr4 : =US =U.S. =Us
    t abbr4 : =us
    finds_only =US texts/abbr5.txt texts/dollar.txt
    finds_only =U.S. texts/abbr1.txt texts/figure.txt
}

@test "names with apostrophes and accents" {
    t accent1 : xi jinping 'Xi Jinping' '"xi jinping"'
    t accent2 : xian "xi'an" Xi’an lu Lü lü '"xi’an and lü"' '"xian and lu"'
    t accent3 : urumqi Ürümqi ürümqi =Ürümqi '"urumqi"'
    never accent3 : =Urumqi =ürümqi
    t accent4 : 'da nang' 'Đà Nẵng' '"da nang"' 'đà nẵng' '+da +nang'
    t accent5 : économie economie "l'économie" l’économie '"économie"'
}

@test "exports.The, file_name, title:foo" {
    t glued1 : exports export the '"exports the end"' exports.The
    t glued2 : file name '"file name"' file_name
    t glued3 : foo '"title foo"' '"title:foo said"'
    # the field title: of a question is not the word of the text
    misses title:foo texts/glued3.txt
}

@test "Han: parts of runs, mixed scripts, single characters" {
    t han1 : 习近平 主席 习近平主席 '"近平"' 席 习
    t han2 : 铁路 RCEP 中老铁路RCEP协定 协定 中 路 rcep
    t han3 : 香港 研究 亞洲研究中心 香港亞洲研究中心 '"香港亞洲"'
    never han1 han2 han3 : '"港香"' '"习平"'
    never han3 : '"香洲"'
}

@test "Thai" {
    t thai : รถไฟ รถไฟความเร็วสูง '"ความเร็ว"'
}

@test "compatibility forms and invisible characters" {
    t wide1 : finance ﬁnance '"finance"'
    t wide2 : rcep ＲＣＥＰ RCEP '"rcep"' =ＲＣＥＰ
    t wide3 : infrastructure railway '"infrastructure railway"'
    never wide3 : infra rail way '"infra structure"'
    t wide4 : '"high speed"' high speed
    t wide5 : durian mango '"mango season rubber"'
}

@test "stems are Snowball's; quoted words are not stemmed" {
    t stem1 stem2 : university universities
    t stem1 : organisation organisations
    t stem2 : organization organizations
    t stem1 stem2 stem3 : universal university
    t stem2 : '"university"'
    never stem1 stem3 : '"university"'
    never stem1 stem2 : '"universal"'
    t stem3 : '"universal"'
}

@test "addresses" {
    t url : aiib aiib.org '"https://www.aiib.org/en/a.html"' info@adb.org adb \
        https://www.aiib.org/en/a.html '"info@adb.org"'
}

@test "a hyphen at a line end: infra-structure, co-operation, debt-trap" {
    t line1 : infrastructure infra-structure '"infrastructure exports"' \
        '"new infrastructure exports"' '"new infra structure exports"' \
        =infrastructure '"infra-structure"' '+infrastructure exports'
    t line2 : cooperation co-operation '"close cooperation"'
    t line3 : debt-trap 'debt trap' trap '"debt trap"' '"a debt-trap it"' debttrap
    t line4 : integration '"regional integration goal"' '"integration goal"' \
        '"regional inte-gration goal"'
    t line5 : infrastructure infrastructure-led '"infrastructure-led growth"' \
        '"the infrastructure led"' led infrastructureled
    t line6 : 2019 2020 2019-2020 china laos china-laos '"China-Laos train"'
    never line1 : '"new exports"' '"infrastructure structure"'
    never line7 : reform traffic
    t line7 : form ffic
    # a part may have the stem of the whole
    t line8 : department departments '"department"' =department \
        '"transport department said"' depart-ment
    finds_only '"infrastructure exports"' texts/line1.txt
}

@test "a match is the whole of a word that a line's end divides" {
    run -0 located '"new infrastructure"' "$BATS_FILE_TMPDIR"
    [ "$(tr -s '\n' ' ' <<<"$output")" = "new infra- structure " ]
    run -0 located cooperation "$BATS_FILE_TMPDIR"
    [ "$(tr -s '\r\n' ' ' <<<"$output")" = "co- operation " ]
    run -0 ask --kwic integration
    [[ $output == *"regional [inte- gration] goal"* ]]
    run -0 ask integration
    [[ $output == *"regional inte- gration goal"* ]]
}

@test "a footnote's number glued to a word: war.2In, policy12, ”3" {
    t note1 : war in '"war in spring"' 2in
    t note2 : policy policy12 '"a policy of peace"' '"policy12 of peace"' \
        =policy =policy12 peace '"HSR trains"' hsr hsr7
    t note3 : growth china '"the growth china’s own"' the
    t note4 : reformation reformation9 '"the reformation age"'
    never note2 : 12 7 policy1
    never figure : g rmb covid1
    # a question means what it says
    misses policy7 texts/note2.txt
    misses HSR8 texts/note2.txt
    run -0 located '"a policy of"' "$BATS_FILE_TMPDIR"
    [ "$output" = "a policy12 of" ]
}

@test "base64 and hexadecimal runs are a token each" {
    t coded : alpha beta gamma delta epsilon '"beta"' base64
    never coded : ab cd zm9vymfy
    # title, alpha, beta, lines, gamma, data, image, png, base64 and base, run,
    # delta, hex, epsilon
    indexer -q -d "$BATS_TEST_TMPDIR/coded" "$BATS_FILE_TMPDIR/texts/coded.txt"
    run -0 query -d "$BATS_TEST_TMPDIR/coded" --terms ''
    [ "${#lines[@]}" = 14 ]
    run -0 located gamma "$BATS_FILE_TMPDIR"
    run -0 located delta "$BATS_FILE_TMPDIR"
    run -0 indexer -d "$DB" --check=full
}

@test "a phrase with a word that is longer than terms are" {
    long=$(printf 'x%.0s' $(seq 70))
    DB=$BATS_TEST_TMPDIR/db
    echo "a $long b" >long.txt
    index long.txt
    run -0 ask -c "\"a ${long^^} b\""
    [ "$output" = 1 ]
}
