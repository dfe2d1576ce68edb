/* Turkish, Hungarian, Greek, Arabic, Hebrew, Japanese, Chinese, Korean. How to
 * add to it stands in sensitive_words.h. */
#include "report/sensitive_words.h"

static const SensitiveRow ROWS[] = {
    {ANNOUNCED, 0,
     "şikayetçi olacağız | polise bildireceğiz | polise gideceğiz | "
     "savcılığa suç duyurusunda | başvuracağ* | şikayet edece* | feljelentést "
     "teszünk"},
    /* --- police, prosecutors, regulators --- */
    {AUTHORITY_PLAIN, 4,
     "polis memuru | polis | polisi | emniyet | rendőr* | αστυνομ*"},
    {AUTHORITY, 4,
     "5651 sayılı | emniyet müdürlü* | il emniyet | siber suç* | siber "
     "suçlarla | "
     "cumhuriyet savcı* | cumhuriyet başsavcı* | başsavcılı* | savcılı* | "
     "savcı* | soruşturma no* | soruşturma* | soruşturma kapsam* | "
     "jandarma* | komiser* | bilgi teknolojileri ve iletişim | btk | "
     "usom bildir* | kişisel verileri koruma kurul* | inceleme başlat* | "
     "vergi dairesi* | vergi müfettiş* | gümrük müdürlü* | masak | rtük | "
     "içişleri bakanlı* | adalet bakanlı* | ceza muhakemesi | "
     "müfettiş* | suç duyurusu no | şüpheli* şahıs | içeriğin çıkarılması | "
     "rendőrkapitánys* | rendőr főkapitánys* | főkapitánys* | kiberbűnöz* | "
     "nyomozó* | nyomozás* | büntetőeljár* | büntető eljár* | ügyészs* | "
     "ügyész | előfizető adat* | adatok megőrzés* | készenléti rendőrs* | "
     "nemzeti nyomozó | nemzeti adó | "
     "adatvédelmi és információszabads* hatóság eljár* | naih eljárás* | "
     "nmhh | megkeresés* | jogsegély* | belügyminisztér* | "
     "δίωξη* ηλεκτρονικού | ηλεκτρονικού εγκλήματος | ελληνική αστυνομία | "
     "ελ.ασ. | εισαγγελ* | προκαταρκτική* | προανάκριση* | ποινική* | "
     "δικογραφία* | αρχή προστασίας δεδομένων | αδαε | εεττ | υπουργείο* | "
     "ανακριτ* | *الشرطة* | *الجرائم الإلكترونية* | *الجرائم المعلوماتية* | "
     "*النيابة* | *المباحث* | *وزارة الداخلية* | *الأمن العام* | "
     "*الأمن الوطني* | *الدرك* | *التحقيق الجنائي* | *هيئة الاتصالات* | "
     "*משטרת* | *משטרה* | *יחידת הסייבר* | *להב 433* | *פרקליטות* | "
     "*חוקר* | *הרשות להגנת הפרטיות* | *捜査* | *警察* | *県警* | *警視庁* | "
     "*検察* | "
     "*刑事訴訟法* | *サイバー犯罪* | *国税* | *税関* | *個人情報保護委員会* | "
     "*総務省* | *ログの保全* | "
     "*契約者情報* | *公安* | *民警* | *警方* | *网警* | *刑警* | *刑侦* | "
     "*侦查* | *偵查* | "
     "*刑事局* | *检察* | *檢察* | *地檢署* | *调查函* | *調查局* | *調查站* | "
     "*调取证据* | "
     "*协助调查* | *協助調查* | *网信办* | *网络安全保卫* | *市场监督管理局* | "
     "*海关* | *税务局* | "
     "*警务* | *廉政* | *通訊傳播委員會* | *警察局* | *경찰* | *검찰* | *수사* "
     "| *통신자료* | "
     "*형사소송법* | *국세청* | *관세청* | *개인정보보호위원회* | "
     "*방송통신심의위원회* | *국정원*"},
    {AUTHORITY_WHO, 0,
     "dolandırıcılı* | suç | bakanlı* | kurulu | kurumu | bűncselekmény* | "
     "csalás | hatóság | απάτη* | αρχή | διεύθυνση"},
    {AUTHORITY_WHAT, 0,
     "kullanıcı bilgi* | kullanıcısını | bildiriniz | rica olunur | "
     "bilgi talebi | bilgi istemektedir | araştırmaktadır | közölje | "
     "adatait | στοιχεία | κατόχου"},
    /* --- courts --- */
    {COURT, 4,
     "mahkeme* | hakimliğ* | hakimi | hâkim* | sulh ceza | asliye ceza | "
     "asliye hukuk | ağır ceza | müzekkere* | tebligat | celp* | duruşma* | "
     "icra müdürlü* | icra dairesi* | erişimin engellenmesi* | "
     "ihtiyati tedbir | arama kararı | yargıtay | törvényszék* | "
     "járásbíróság* | bíróság* | ítélőtábla | kúria | végzés* | "
     "végrehajtó* | ideiglenes intézkedés* | ítélet* | idézés* | "
     "házkutatás | δικαστήρι* | δικαστηρί* | πρωτοδικεί* | εφετεί* | "
     "δικαστ* | κλήση σε δίκη | δικαστικ* επιμελητ* | ασφαλιστικά μέτρα | "
     "απόφαση δικαστηρίου | *المحكمة* | *محكمة* | *القاضي* | *أمر قضائي* | "
     "*قرار قضائي* | *حكم قضائي* | *בית משפט* | *בית המשפט* | *צו שיפוטי* | "
     "*צו חיפוש* | *שופט* | *הוצאה לפועל* | *裁判* | *仮処分* | *令状* | "
     "*開示命令* | "
     "*訴状* | *判決* | *執行官* | *法院* | *传票* | *傳票* | *裁定* | "
     "*判决书* | *判決書* | "
     "*法官* | *搜查令* | *搜索票* | *起诉状* | *强制执行* | *법원* | *영장* | "
     "*판결* | *가처분* | "
     "*압수수색* | *소환장* | *집행관*"},
    /* --- lawyers --- */
    {LAWYER, 4,
     "avukat* | müvekkil* | hukuk büro* | hukuk bürom* | ihtar* | "
     "ihtarname* | vekaleten | vekil* sıfat* | dava aç* | dava edece* | "
     "tazminat* | yasal yollara | hukuki işlem* | yasal işlem başlat* | "
     "hukuk müşavir* | noter aracılı* | ügyvéd* | ügyfelem | ügyfelünk | "
     "jogi képvisel* | jogi lépés* | jogi út* | beperel* | pert indít* | "
     "keresetet | kártérítés* | rágalmaz* | δικηγόρο* | δικηγορικ* | "
     "εξώδικ* | αγωγή* | μήνυση* | νομικά μέτρα | κινηθεί νομικά | "
     "νομικός σύμβουλος | εντολέα* | *محامي* | *المحامي* | *مكتب محاماة* | "
     "*دعوى* | *سنقاضي* | *الإجراءات القانونية* | *עורך דין* | "
     "*עורכי דין* | *עו\"ד* | *תביעה* | *נתבע* | *הלקוח שלי* | *弁護士* | "
     "*代理人* | *法的措置* | *訴訟* | *提訴* | *訴えます* | *損害賠償* | "
     "*開示請求* | *内容証明* | "
     "*律师* | *律師* | *起诉你* | *起诉贵* | *起訴* | *诉讼* | *律师函* | "
     "*存證信函* | *法律责任* | "
     "*法律責任* | *名誉侵权* | *변호사* | *법무법인* | *내용증명* | *소송* | "
     "*고소* | *손해배상* | "
     "*법적 조치*"},
    /* --- threats to life --- */
    {LIFE, 4,
     "intihar* | kendini öldür* | canına kıy* | yaşamak istem* | "
     "öldüreceğ* | öldüreceg* | öldürür* | öldürmek* | öldüreceğini | "
     "ölümle tehdit | ölüm tehdi* | öldürme tehdi* | canıma kast* | "
     "evimi yak* | yakacağ* | yakacag* | bomba ol* | bomba var* | "
     "okulda bomba | bomba yerleştir* | bomba ihbar* | bomba koy* | "
     "patlat* | patlayıcı* | tarayacağ* | vuracağ* | vuracag* | bıçakla* | "
     "boğazını kes* | kaçırıldı | fidye iste* | rehin* alındı | katliam* | "
     "terör saldırı* | silahla gel* | tecavüz et* | can güvenliğim | "
     "hayatımdan endişe* | öngyilkos* | megöli magát | megölöm magam | "
     "véget vet az életének | nem akar élni | meg akar ölni | megöl | "
     "megölni | megfenyegetett, hogy | bombát | bomba van | bombariad* | "
     "bombafenyeget* | robban* szerkezet* | robbantás* | merénylet* | "
     "lövöldöz* | elrabol* | váltságdíj* | túsz* | halálos fenyeget* | "
     "életveszél* | rágyújtja | felgyújt* | megerőszakol* | αυτοκτον* | "
     "θα με σκοτώσει | σκοτώσ* | σκοτώνω | να πεθάνω | βόμβα* | έκρηξη σε | "
     "απειλές κατά της ζωής | απειλή θανάτου | όμηρ* | απαγωγή* | "
     "λύτρα για | δολοφον* | βιάσει | *انتحار* | *سينتحر* | *ينتحر* | "
     "*سيقتل* | *سأقتل* | *القتل* | *قتلي* | *قنبلة* | *تفجير* | *اختطاف* | "
     "*خطف* | *رهائن* | *تهديد بالقتل* | *ذبح* | *أقتلك* | *להתאבד* | "
     "*התאבדות* | *יתאבד* | *ירצח* | *לרצוח* | *אהרוג* | *יהרוג* | *פצצה* | "
     "*פיגוע* | *חטיפה* | *בני ערובה* | *איום ברצח* | *自殺* | *死にたい* | "
     "*爆破* | *爆弾* | *殺して* | *殺す* | *殺され* | *殺害* | *誘拐* | "
     "*人質* | *刺す* | "
     "*無差別* | *放火* | *身の危険* | *命を絶* | *自杀* | *輕生* | *轻生* | "
     "*不想活* | *跳楼* | "
     "*炸弹* | *炸彈* | *炸学校* | *爆炸物* | *杀了* | *殺了* | *杀死* | "
     "*杀害* | *杀人* | "
     "*殺死* | *殺人* | *砍死* | *捅死* | *绑架* | *綁架* | *人质* | *枪击* | "
     "*槍擊* | "
     "*恐怖袭击* | *死亡威胁* | *死亡威脅* | *割腕* | *자살* | *극단적 선택* | "
     "*죽고 싶* | *폭탄* | "
     "*폭발물* | *테러* | *살해* | *죽이* | *죽여* | *납치* | *인질* | "
     "*칼부림* | *총기 난사* | "
     "*방화*"},
    {LIFE, -4, "posta bombası | e posta bombası | *メール爆弾* | *邮件炸弹*"},
    /* --- illegal images --- */
    {CHILD, 4,
     "çocuk porno* | çocukların cinsel | çocuk istismar* | "
     "cinsel istismar* | çıplak çocuk* | çocukların çıplak | pedofil* | "
     "sübyancı* | müstehcen çocuk | gyermekporn* | gyermekek szexuális | "
     "szexuális kizsákmányol* | meztelen gyerek* | meztelen kisl* | "
     "kiskorúak | παιδική* πορνογραφία* | παιδικής πορνογραφίας | "
     "παιδόφιλ* | σεξουαλική* κακοποίηση* | γυμνά παιδιά | γυμνών παιδιών | "
     "*إباحية للأطفال* | *إباحية الأطفال* | *استغلال الأطفال* | "
     "*اعتداء جنسي على* | *أطفال عراة* | *פדופיל* | *פורנוגרפיית ילדים* | "
     "*ניצול מיני* | *ילדים עירומים* | *児童ポルノ* | *児童買春* | "
     "*未成年者のわいせつ* | "
     "*未成年のわいせつ* | *児童の裸* | *子供の裸* | *性的虐待* | *ロリコン* | "
     "*わいせつ画像* | *儿童色情* | "
     "*兒童色情* | *未成年色情* | *儿童性* | *兒童性* | *兒少性* | *恋童* | "
     "*戀童* | *幼女* | "
     "*童裸* | *性剝削* | *性剥削* | *아동 성* | *아동성* | *아동음란* | *아동 "
     "음란* | *아동 포르노* | "
     "*아동포르노* | *미성년자 성* | *미성년자 음란* | *아청물* | *소아성애*"},
    {CHILD_WHO, 0,
     "çocuk* | küçük kız* | reşit olmayan* | gyerek* | gyermek* | "
     "kiskorú* | παιδι* | ανήλικ*"},
    {CHILD_WHAT, 0,
     "çıplak | cinsel* | müstehcen* | porno* | meztelen* | szexuális* | "
     "γυμν* | σεξουαλικ* | πορνο*"},
};

const SensitiveTable SENSITIVE_OTHERS = {ROWS, G_N_ELEMENTS(ROWS),
                                         SPELLING_PLAIN};
