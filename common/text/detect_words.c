/* What a language is known by: words that most texts hold many of, and the
 * letters beyond a-z that it uses. Written from knowledge of the languages, and
 * tried on texts in them. */
#include "text/detect_words.h"

/* clang-format off */
const struct detect_language detect_languages[] = {
{"en", DETECT_LATIN, "",
 "the of and to in is that for it was on with as are be by at this have from "
 "or had not but they which you were their one all we can her has there been "
 "if more when will would who so no she he his its an our than them these "
 "into only other some could about may any such what also after first two "
 "most then under between during each over where while both many those being "
 "through because before against should since your my do did said very how "
 "does use used using must within without however upon same new up out i a"},
{"de", DETECT_LATIN, "äöüß",
 "der die und das den von zu mit sich des auf für ist im dem nicht ein eine "
 "als auch es an werden aus er hat dass sie nach wird bei einer um am sind "
 "noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr "
 "durch man sein wurde sei ich kann gegen vom können schon wenn habe seine "
 "ihre dann unter wir soll eines jahr zwei jahren diese dieser wieder keine "
 "diesem dieses wurden mich ihm ihn ihr sehr alle zwischen immer worden "
 "wegen während ohne sondern jedoch bereits beim damit seit müssen was muss "
 "hier datei keinen in datum nun da"},
{"nl", DETECT_LATIN, "ëïé",
 "de van het een en in is dat op te zijn voor met die niet aan er om ook als "
 "dan maar bij nog uit wordt door naar heeft of worden hij deze was over "
 "werd meer hun kan geen tot dit al zich waren tussen onder wel veel zo "
 "moeten jaar twee zou kunnen zijn men haar ze hebben had nieuwe andere "
 "tegen eerste omdat na wat waar sinds volgens toen echter alleen tijdens "
 "moet niets mijn wij ik je u bestand geeft gebruikt deel heel"},
{"af", DETECT_LATIN, "ëêôîû",
 "die van en in het is nie te vir dat om met op wat was word as aan by sy "
 "hulle deur ook of maar ons hy ek kan moet uit daar nog sal jy wees een tot "
 "na hierdie geen alle meer tussen onder toe so dit gebruik jou lêer kon "
 "baie oor teen binne slegs ander eerste jaar"},
{"lb", DETECT_LATIN, "äéëü",
 "de an déi den vun op mat ass fir dat net ze och eng si gëtt war huet een um "
 "ginn zu bei als aus nach wéi sinn dass méi awer hunn gouf am dës dëst "
 "ëmmer iwwer duerch tëscht"},
{"da", DETECT_LATIN, "æøå",
 "og i at det er en til af på for med den som ikke der de et har var fra han "
 "om sig kan vil jeg blev men over ved også skal efter hun have være ud hvor "
 "mod blive eller alle mange dette man ind op nu så sin hvis mere når vi du "
 "hvad kun dem meget andre mellem denne disse kunne skulle ville under uden "
 "siden bliver hvilket deres hans selv været noget nogle år dig mig hos både "
 "efterhånden filen bruges"},
{"no", DETECT_LATIN, "æøå",
 "og i det er på som en til av for med at den å har de ikke et om fra han var "
 "men seg kan vil jeg ble også skal etter hun være ut hvor mot eller alle "
 "mange dette man inn opp nå så sin hvis mer når vi du hva bare dem andre "
 "mellom denne disse kunne skulle ville under uten siden blir deres hans "
 "selv vært noe noen år deg meg hos både ikkje eg ein eit frå blei vart vere "
 "dei kva korleis filen brukes der over ved"},
{"sv", DETECT_LATIN, "åäö",
 "och i att det som en på är av för med den till inte de ett om har från han "
 "var men sig kan vid jag så under också efter ut eller nu sin där vi man "
 "hade skulle när mot än blev över alla ska kommer hur mycket kunde upp mer "
 "dessa denna detta vara varit blir utan andra något några mellan sedan "
 "deras hans hon henne du vad bara många år finns fick enligt både även in "
 "dig mig hos filen används måste inom"},
{"is", DETECT_LATIN, "áðéíóúýþæö",
 "og að í á er sem um við til það fyrir var af með ekki eru en hann því þá "
 "frá hefur þess upp þar eftir verið ef út eða hafa verður hún þetta þeir "
 "svo verði síðan hafi þegar einnig voru mjög sé vegna ég"},
{"fr", DETECT_LATIN, "éèêàùâîôûçëïœ",
 "de la le et les des en un du une que est pour qui dans a par plus pas au "
 "sur ne se ce il sont avec son cette aux mais ont ou comme elle nous vous "
 "ses sa leur été être deux même fait ces tout bien sans peut tous qu je aussi entre après leurs dont on si ainsi très avait où depuis "
 "encore autres avoir contre faire sous était ils elles moins peu ans donc "
 "non selon lors plusieurs fichier vers chez notre votre"},
{"es", DETECT_LATIN, "ñáéíóúü¿¡",
 "de la que el en y a los se del las un por con no una su para es al lo como "
 "más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser "
 "son dos también fue había era muy años hasta desde está mi porque qué "
 "sólo han yo hay vez puede todos así nos ni parte tiene él uno donde bien "
 "tiempo mismo ese ahora cada otro después te otros aunque esa eso hace "
 "otra durante ella fueron estos contra mientras según fichero archivo"},
{"pt", DETECT_LATIN, "ãõçáéíóúâêôà",
 "de a o que e do da em um para é com não uma os no se na por mais as dos "
 "como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está "
 "eu também só pelo pela até isso ela entre era depois sem mesmo aos ter "
 "seus quem nas me esse eles estão você tinha foram essa num nem suas meu às "
 "minha têm numa pelos havia seja qual será nós lhe este ainda anos sobre "
 "são pode outros onde apenas desde ficheiro arquivo ano"},
{"gl", DETECT_LATIN, "ñáéíóúü",
 "de a o que e do da en un para é con non unha os no se na por máis as dos "
 "como pero foi ao el das ten á seu súa ou ser cando moito hai nos xa está "
 "tamén só pola polo ata isto ela entre era despois sen mesmo aos ter seus "
 "nas este ainda anos sobre son pode outros onde dende unhas uns ó"},
{"ca", DETECT_LATIN, "àçèéíïòóúü·",
 "de la i el que a en els del un una les per amb es al és no va dels se ha "
 "com més són seva per seu però aquest aquesta o si hi ser també va "
 "fer entre molt sobre fins està tot van era han les anys sense on als "
 "perquè quan pel altres cap després dos dues qual així encara pot aquests "
 "aquestes mateix tots hem fitxer ens seus des nou podeu"},
{"it", DETECT_LATIN, "àèéìòù",
 "di che e la il un a per in una è del non si da con i le della sono dei al "
 "nel come più ma anche alla gli lo se ha delle o ai suo dalla questo hanno "
 "sua dal era stato nella essere due degli tra fra ancora ad ed su "
 "dopo sul anni prima molto quando quello così loro stata perché cui tutti "
 "può alle fatto senza dall nell ogni parte contro poi anche dove già "
 "solo tutto questa sulla dagli tale devono file durante verso viene"},
{"ro", DETECT_LATIN, "ăâîșțşţ",
 "de și în a la cu pe că nu din o care se un mai pentru este să sau au fi "
 "ce al prin ca dar are după fost lui ale între cel sunt unei unui cea "
 "până doar acest această acesta fără când foarte vor prima ei te ar avea "
 "asupra ani despre toate tot fiind dintre către decât celor cât unde lor "
 "poate trebuie fișierul prea şi să"},
{"la", DETECT_LATIN, "",
 "et in est non ad ut cum quod qui de ex sed si ab quae esse autem per enim "
 "ac sunt nec quam atque pro a hoc id eius aut etiam quo quidem nam ita "
 "erat quid ipse tamen eum neque sic nunc haec hic ille ergo inter ante "
 "post omnes omnia quia fuit"},
{"sq", DETECT_LATIN, "ëç",
 "të e në dhe me një për nga që i së u është nuk si ka më por do kjo kur ky "
 "janë pas ose ishte shumë edhe mund duke tij tyre tek nëse kanë kishte "
 "mbi deri para gjithë vetëm"},
{"pl", DETECT_LATIN, "ąćęłńóśźż",
 "w i na z się do nie że to jest o od po jak za przez a dla ale co są tak "
 "oraz przed czy już tylko był jego było jej być ma ich tym przy które może "
 "był była który która lub bardzo tego gdy pod ze jako więcej lat ten tej te "
 "także bez aby można między nad jeszcze będzie został kiedy gdzie również "
 "roku pliku plik nich"},
{"cs", DETECT_LATIN, "áčďéěíňóřšťúůýž",
 "a v se na je že s z do o to i k ve pro za by ale si po jako tak jsou od "
 "které jeho které který byl jen nebo už při aby co až podle bylo není "
 "která také jsem byla ze před může mezi jejich další ještě než bude však "
 "tím této tento této pokud jeho i kde kdy roku být pouze soubor tohoto"},
{"sk", DETECT_LATIN, "áäčďéíĺľňóôŕšťúýž",
 "a v sa na je že s z do o to i k vo pre za by ale si po ako tak sú od ktoré "
 "jeho ktorý bol len alebo už pri aby čo až podľa bolo nie ktorá tiež som "
 "bola zo pred môže medzi ich ďalšie ešte než bude však tým tejto tento ak "
 "kde keď roku byť iba súbor"},
{"sl", DETECT_LATIN, "čšž",
 "in je v na da se za so z ki pa ne s po bi tudi kot od pri o do ali še bo "
 "iz to kar med sta bil bila bilo ker lahko le že njegov po več tem pred če "
 "nad zaradi ko ga jih bolj biti samo kako kjer leta kateri ni nas vse ima"},
{"hr", DETECT_LATIN, "čćđšž",
 "i u je na se da su za s od a o kao iz koji ne to koja ili koje bio što po "
 "biti samo može bila još kako između nije više te sve tako njegov prema "
 "nakon bez također godine ali ima do gdje tijekom prije kada uz vrijeme "
 "tko uvijek svih ovaj ova ovo bi ako kroz tim datoteka sam tisuća riječ"},
{"sr", DETECT_LATIN, "čćđšž",
 "i u je na se da su za od a o kao iz koji ne to koja ili koje bio što po "
 "biti samo može bila još kako između nije više te sve tako prema nakon bez "
 "takođe godine ali ima do gde tokom pre kada uz vreme ko uvek svih ovaj "
 "ova ovo bi ako kroz datoteka sam hiljada reč posle"},
{"hu", DETECT_LATIN, "áéíóöőúüű",
 "a az és hogy nem is egy meg ez de csak volt már mint el ha még lehet van "
 "kell azt vagy sem minden ki után csak ami én fel pedig ezt itt azok olyan "
 "között akkor nagyon arra most akik amely majd szerint több lesz nincs "
 "voltak be le így mert ott miatt amelyek mely által illetve ezért egyik "
 "alatt két új első azonban során fájl"},
{"fi", DETECT_LATIN, "äöå",
 "ja on ei se että oli hän joka ovat mutta myös kun kuin sen ole ne tai jos "
 "niin vain nyt sitä mukaan voi jo ovat olla jotka mitä hänen tämä vielä "
 "kanssa sekä ollut vuonna jälkeen siitä sitten olivat eli kaikki hyvin "
 "enemmän noin tämän koko joiden siihen itse ennen myöhemmin eivät olisi "
 "kuitenkin minä sinä me te he asti lähes noin uusi tiedosto"},
{"et", DETECT_LATIN, "äõöü",
 "ja on ei et kui oli see ka ta mis seda aga või oma kes nii siis mida ning "
 "selle pärast üks juba veel mitte siin nad olid välja kus tema olla üle "
 "nende pole enam minu ainult kuid vaid siiski võib kuni eest sest aastal "
 "kõik peab need sellest olnud ma saab tuleb "
 "fail faili puudub vaja kasuta"},
{"lv", DETECT_LATIN, "āčēģīķļņšūž",
 "un ir no ar par uz kas kā bet tas to arī vai nav pie pēc tika bija savu "
 "ka tā viņš gan kad līdz lai ja starp tiek ļoti visi vēl jau būt šī kur "
 "tikai vairāk gada bez es var tie nevar kuru nekā"},
{"lt", DETECT_LATIN, "ąčęėįšųūž",
 "ir kad yra iš į su tai bet kaip buvo ne apie dėl nuo jis po tik už ar jo "
 "savo jau taip labai dar prie per jie jų kurie kuris metų metais tačiau "
 "gali iki arba pagal būti jei būtų kai bei nei pat kiti tarp visi turi "
 "kur taip šis ši šio tam nėra failas"},
{"eu", DETECT_LATIN, "ñ",
 "eta da ez ere du dira bat baina zen egin izan dute beste bere hori dela "
 "izango zuen egiten dago ziren zuten hau baino edo oso gabe baita honek "
 "dituzte bezala arte ondoren horrek batean hala duen euskal urte egun "
 "gehiago behar den dituen zituen haiek batzuk guztiak nola"},
{"ga", DETECT_LATIN, "áéíóú",
 "agus an na a ar ag is le go i do bhí sé ní tá sa go as ach gur bhfuil sin "
 "seo é leis mar nó atá faoi sí raibh ann iad chun idir nuair féin bheith "
 "aon den gach aige siad ina ó gan am bliain san mé tú sibh muid eile nach"},
{"cy", DETECT_LATIN, "âêîôûŵŷ",
 "y yn a i o ar yr mae ei ac am wedi oedd fod gan ond eu hyn un bod nid fel "
 "hefyd gyda roedd cael rhwng sydd wrth nad sy ni fy chi mewn hwn hon iawn "
 "gwneud blwyddyn drwy dros ol ôl"},
{"tr", DETECT_LATIN, "çğıöşüâ",
 "ve bir bu da de için ile olarak çok daha olan gibi en kadar o ne sonra "
 "olduğu var ise değil her ya ancak veya tarafından ilk göre olduğunu diye "
 "iki ki bana onun yok şey hem mi mı nasıl oldu yeni büyük ama zaman "
 "üzerinde önce bunun şekilde bütün ben sen siz biz arasında edilen "
 "birlikte yıl eğer dosya hiçbir bile"},
{"az", DETECT_LATIN, "əçğıöşü",
 "və bir bu da üçün ilə olan kimi çox daha o də ki var sonra hər ən olaraq "
 "isə deyil ya onun qədər tərəfindən edilir edir il ildə idi olub görə "
 "amma öz yeni böyük bütün"},
{"id", DETECT_LATIN, "",
 "yang dan di untuk dengan dari pada ini dalam tidak akan itu adalah juga "
 "ke oleh bisa ada atau telah saat karena para seperti lebih sebagai dapat "
 "kami mereka sudah secara hanya tersebut harus bahwa antara saya kita "
 "menjadi masih hingga tahun dia orang namun serta bagi satu kata setelah "
 "ia sangat belum tetapi banyak lain kepada melalui terhadap yaitu baru "
 "pun beberapa sejak kalau anda jika menurut sedang ketika maupun lagi "
 "sehingga dua negara pemerintah indonesia sampai berkas bahwa persen "
 "provinsi kabupaten mengatakan merupakan memiliki januari maret agustus "
 "desember bisnis uang mobil"},
{"ms", DETECT_LATIN, "",
 "yang dan di untuk dengan dari pada ini dalam tidak akan itu adalah juga "
 "ke oleh boleh ada atau telah ketika kerana para seperti lebih sebagai "
 "dapat kami mereka sudah secara hanya tersebut harus bahawa antara saya "
 "kita menjadi masih sehingga tahun beliau orang namun serta bagi satu "
 "selepas ia sangat belum tetapi banyak lain kepada melalui terhadap iaitu "
 "baharu pun beberapa sejak kalau anda jika menurut sedang turut manakala "
 "lagi dua negara kerajaan malaysia ialah sekiranya daripada bagaimanapun "
 "tiada mesti sahaja berkata merupakan memiliki mac ogos disember "
 "perniagaan wang peratus negeri datuk seri semasa mengenai kata"},
{"tl", DETECT_LATIN, "",
 "ang ng sa na mga at ay si ito para hindi may kung ni nang mula kanyang "
 "niya siya ngunit kay isang din ako ko ka kami tayo sila nila o "
 "bilang upang dahil lamang naman noong wala ating kanilang dito doon "
 "rin ba lahat iba pang kaya habang"},
{"vi", DETECT_LATIN, "\u031B\u0323\u0309ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ",
 "và của là có cho không được trong với một các những này đã người từ khi "
 "ra đến về vào tại như để cũng nhiều năm trên sẽ phải theo thì đó lại còn "
 "bị sau nước cùng do hay nhưng chỉ nếu anh tôi việc đang hai hơn rất nên "
 "bằng vì qua giữa đường mà ông bà thể mới"},
{"sw", DETECT_LATIN, "",
 "ya na wa kwa katika ni la za kuwa cha hiyo huo watu pia au hii baada "
 "yake kama alikuwa ambao ambayo wake hata bila ili lakini moja mwaka "
 "hivyo yao wao sasa vya hilo kati sana zaidi kila nchi huku wakati yeye "
 "mimi wengine tu si"},
{"eo", DETECT_LATIN, "ĉĝĥĵŝŭ",
 "la de kaj en al estas ne kiu por ke estis per ĝi li sed kun el mi oni pri "
 "ĉi tiu kiel da pli sur inter ankaŭ dum aŭ ili esti kiuj jaro post nur se "
 "nun unu tio tre povas"},
{"so", DETECT_LATIN, "",
 "oo iyo ka in uu ay ku la ee waa soo si ugu u waxaa aan kale ayaa leh "
 "isagoo waxay aad kuwa badan laga lagu dadka markii"},

{"ru", DETECT_CYRILLIC, "ыэёъщю",
 "и в не на что с он как это по к но из у за от так же то для было о бы "
 "его был или все она ещё уже при до также только мы они их есть была если "
 "может который которые после более были чем во со этого год лет между "
 "под года её когда этот через где нет того со файл является быть"},
{"uk", DETECT_CYRILLIC, "іїєґщю",
 "і в на не що з у та до це за як від по для але його або також є був про "
 "при він вона було під час які який яка її їх щоб вже ще років року після "
 "між так через бути були лише тому може якщо цього такі над й із зі файл"},
{"be", DETECT_CYRILLIC, "іўыэё",
 "і ў на не што з у да гэта за як ад па для але яго або таксама быў пра пры "
 "ён яна было пад які якая яе іх каб ўжо яшчэ гадоў года пасля паміж так "
 "праз быць былі толькі таму можа калі"},
{"bg", DETECT_CYRILLIC, "ъщю",
 "на и в да за се от с е не че по са като до но при си а или към след това "
 "той които който която през може има ще бъде само също така без във със "
 "между около тя те го му един една как когато година били беше повече "
 "още тези всички"},
{"mk", DETECT_CYRILLIC, "ѓќѕџљњј",
 "на и во да се за од е со не што ќе по тоа ги како го но или при кои која "
 "кој исто има само до сите помеѓу години година беше биле може овој оваа "
 "низ кога нивните меѓу"},
{"sr", DETECT_CYRILLIC, "ђћџљњј",
 "и у је на се да су за од а о као из који не то која или које био што по "
 "бити само може била још како између није више те све тако према након "
 "без такође године али има до где током пре када уз време ко увек ово"},
{"kk", DETECT_CYRILLIC, "әғқңөұүһіыэъщю",
 "және мен бұл бір үшін деп де да ол осы болып болды бойынша жылы қазақстан "
 "арасында емес сол туралы кейін бар қарай"},
{"ky", DETECT_CYRILLIC, "ңөүыэъщю",
 "жана менен бул бир үчүн деп да ал ошол болуп болгон боюнча жылы кыргыз "
 "эмес кийин бар жаткан тууралуу"},
{"mn", DETECT_CYRILLIC, "өүыэёъщю",
 "нь юм бол байна гэж болон энэ тэр нэг дээр их ч ба монгол улсын байсан "
 "хийх оны гэсэн мөн"},
{"tg", DETECT_CYRILLIC, "ғӣқӯҳҷ",
 "ва дар аз ба ки бо ин барои ҳам то як он аст буд худ дигар тоҷикистон сол"},

{"ar", DETECT_ARABIC, "ةىأإؤئءذظ",
 "في من على إلى أن عن هذا هذه التي الذي كان مع ما لا هو هي بين بعد كما قد "
 "أو كل ذلك أي لم حيث غير عام كانت منذ حتى خلال عند و ثم تم وقد أكثر لكن إن "
 "يكون قبل بعض أما فيها الى وفي ومن وهو أنه لها له بها"},
{"fa", DETECT_ARABIC, "پچژگیک",
 "و در به از که این را با است برای آن یک می تا بر خود های شده بود نیز هم "
 "کرد شد یا ما اما دو هر ها سال پس باید دیگر بین کند ایران وی کرده باشد"},
{"ur", DETECT_ARABIC, "ٹڈڑےںہھگچپ",
 "کے کی میں ہے اور سے کا کو نے پر اس کہ ہیں یہ تھا ایک بھی کر جو تھے وہ ان "
 "لیے گیا نہیں ہو تھی یا بعد تک ساتھ اپنے کیا"},
{"ps", DETECT_ARABIC, "ټډړږښڅځېۍڼ",
 "په د او چې کې له ته یې دی شي هم دا سره وو پر یو هغه"},
{"ug", DETECT_ARABIC, "ەۇۆۈېڭۋىئچپگ",
 "ۋە بىلەن بىر بۇ ئۇ ئۈچۈن دەپ بولۇپ"},

{"hi", DETECT_DEVANAGARI, "",
 "के में की है और से का को पर ने हैं यह कि इस एक भी नहीं था तो हो ही कर लिए "
 "या अपने थे जो वह साथ उन गया बाद थी तक द्वारा किया उस हुए जा"},
{"ne", DETECT_DEVANAGARI, "",
 "र छ को मा पनि यो एक भएको गरेको छन् लागि हो गर्न थियो तथा भने यस गरी छैन "
 "उनी नेपाल लाई बाट हुन् हुने गर्ने"},
{"mr", DETECT_DEVANAGARI, "ळ",
 "आहे आणि या व हे ते होते तो ही की त्या असे आहेत केली केले नाही मध्ये होता "
 "साठी एक झाले करण्यात"},

{"he", DETECT_HEBREW, "",
 "של את על לא הוא עם כי זה גם היא או אל כל אשר היה אך בין כמו אם יותר רק "
 "אבל זו אחד שנת לאחר"},
{"yi", DETECT_HEBREW, "ײװױ",
 "און די איז אין פון דער צו א דאס מיט האט נישט אויף זיך ער וואס פאר מען זענען"},
};
/* clang-format on */

const unsigned detect_nlanguages =
    sizeof detect_languages / sizeof *detect_languages;
