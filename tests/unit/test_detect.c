/* The language of texts: one of each, short and mixed ones, and the effort. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/detect.h"

static struct detector *detector;

static int open_detector(void **state)
{
    (void)state;
    return detector_open(&detector);
}

static int close_detector(void **state)
{
    (void)state;
    detector_free(detector);
    return 0;
}

static void is(const char *text, const char *want)
{
    char code[3];

    detector_ask(detector, view_str(text), code);
    if (strcmp(code, want) != 0)
        fail_msg("'%s' is '%s', not '%s'", text, code, want);
}

static void sentences(void **state)
{
    (void)state;
    is("The railway was opened by the minister and will carry freight.", "en");
    is("Die Bahn wurde von dem Minister eröffnet und wird auch Güter tragen.",
       "de");
    is("La ligne a été ouverte par le ministre et transporte des marchandises.",
       "fr");
    is("La línea fue abierta por el ministro y llevará carga a los puertos.",
       "es");
    is("A linha foi aberta pelo ministro e não leva carga para os portos.",
       "pt");
    is("La linea è stata aperta dal ministro e non porta merci nella regione.",
       "it");
    is("De spoorlijn werd door de minister geopend en is niet voor het vee.",
       "nl");
    is("Järnvägen öppnades av ministern och det är inte den första för gods.",
       "sv");
    is("Jernbanen blev åbnet af ministeren og er ikke den første til gods.",
       "da");
    is("Kereta api ini telah dibuka oleh menteri dan akan membawa barang dari "
       "pelabuhan ke ibu kota.",
       "id");
    is("Đường sắt đã được khánh thành và sẽ chở hàng từ cảng về thủ đô.", "vi");
    is("A vasútvonalat megnyitották, és az nem csak az áruk miatt fontos.",
       "hu");
    is("Demiryolu açıldı ve bu hat yük için çok önemli bir yol olarak "
       "görülüyor.",
       "tr");
    is("Железная дорога была открыта, и по ней пойдут грузы из порта.", "ru");
    is("Залізниця була відкрита, і нею підуть вантажі з порту до міста.", "uk");
    is("Пројекат железнице је отворен и биће од значаја за све.", "sr");
    is("افتتح الوزير خط السكة الحديدية الذي سينقل البضائع من الميناء إلى "
       "العاصمة",
       "ar");
    is("راه آهن که در این سال گشایش یافت کالاها را از بندر به پایتخت می برد",
       "fa");
    is("रेलवे का उद्घाटन मंत्री ने किया और यह बंदरगाह से माल ले जाएगी", "hi");
    is("रेलवे मन्त्रीले उद्घाटन गरेको छ र यो बन्दरगाहबाट सामान लैजान्छ भने", "ne");
    is("மத்திய அமைச்சர் புதிய ரயில் பாதையைத் திறந்து வைத்தார்", "ta");
    is("รถไฟสายใหม่เปิดให้บริการแล้ว", "th");
    is("ທາງລົດໄຟ ລາວ-ຈີນ", "lo");
    is("철도가 개통되었다", "ko");
    is("鉄道が開通しました", "ja");
    is("铁路通车了", "zh");
    is("Ο σιδηρόδρομος άνοιξε", "el");
    is("מסילת הברזל נפתחה", "he");
    is("Երկաթուղին բացվեց", "hy");
    is("რკინიგზა გაიხსნა", "ka");
}

/* English stands without clear evidence; nothing at all is nothing. */
static void little(void **state)
{
    (void)state;
    is("", "");
    is("2022 17.5 %", "");
    is("Gdansk", "en");
    is("Joao de la Cruz and van der Berg", "en");
    is("RCEP tariffs die in committee", "en");
    is("s a i o u v z k s a i o u v z k", "en");
    is("U.S. sells 3-mo bills at 5.47 pct, stop 5.48 pct", "en");
}

static void mixed(void **state)
{
    (void)state;
    is("The word 丝绸之路 means the silk road, and it was the name of a plan.",
       "en");
    is("中国商务部表示，RCEP 协定 covers 关税减让以及原产地规则。", "zh");
    is("日本の RCEP 発効は2022年1月1日", "ja");
    is("Thủ tướng nói về đường sắt", "vi");
    /* decomposed */
    is("Đu\u031bo\u031b\u0300ng sa\u0306\u0301t va\u0300o thi\u0323 "
       "tru\u031bo\u031b\u0300ng Trung Quo\u0302\u0301c va\u0300 "
       "mo\u031b\u0309 cu\u031b\u0309a kha\u0302\u0309u mo\u031b\u0301i "
       "o\u031b\u0309 tha\u0300nh pho\u0302\u0301",
       "vi");
}

/* Only a part of a long text is read: all over it. */
static void long_texts(void **state)
{
    struct buf text = {0};
    char code[3];
    unsigned i;

    (void)state;
    for (i = 0; i < 10; i++)
        buf_adds(&text, "Copyright by the owners of this site. All rights. ");
    for (i = 0; i < 2000; i++)
        buf_adds(&text,
                 "La ligne a été ouverte par le ministre et les ports. ");
    detector_ask(detector, buf_view(&text), code);
    assert_string_equal(code, "fr");
    buf_clear(&text);
    for (i = 0; i < 5000; i++)
        buf_adds(&text, "รถไฟ");
    detector_ask(detector, buf_view(&text), code);
    assert_string_equal(code, "th");
    buf_release(&text);
}

/* Any bytes: a code of two letters or none, and the same again. */
static void random_bytes(void **state)
{
    uint8_t bytes[3000];
    char code[3], again[3];
    unsigned round, i;

    (void)state;
    srandom(5);
    for (round = 0; round < 500; round++) {
        size_t n = (size_t)random() % sizeof bytes;

        for (i = 0; i < n; i++)
            bytes[i] = (uint8_t)(random() % (round % 2 ? 256 : 128));
        detector_ask(detector, view_of(bytes, n), code);
        detector_ask(detector, view_of(bytes, n), again);
        assert_string_equal(code, again);
        assert_true(!code[0] || (code[0] >= 'a' && code[0] <= 'z' &&
                                 code[1] >= 'a' && code[1] <= 'z' && !code[2]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences),    cmocka_unit_test(little),
        cmocka_unit_test(mixed),        cmocka_unit_test(long_texts),
        cmocka_unit_test(random_bytes),
    };

    return cmocka_run_group_tests(tests, open_detector, close_detector);
}
