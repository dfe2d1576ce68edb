/* Polish, Czech, Slovak, Bulgarian, Ukrainian, Russian. Russian is found in
 * Latin letters, too. How to add to it stands in sensitive_words.h. */
#include "report/sensitive_words.h"

static const SensitiveRow LATIN_ROWS[] = {
    {ANNOUNCED, 0,
     "zawiadomimy | zawiadomię | zgłosimy | zgłoszę | powiadomimy | "
     "podáme trestní | podám trestní | oznámíme | nahlásíme | "
     "podáme trestné | obrátíme se na | obrátím se na | "
     "budeme kontaktovat | nahlásím | oznámím"},
    /* --- police, prosecutors, regulators --- */
    {AUTHORITY_PLAIN, 4,
     "policja | policji | policję | policjant* | policie | policii | "
     "policista | policisté | polícia | polície | políciu"},
    {AUTHORITY, 4,
     "naczelnik wydziału | naczelnika wydziału | "
     "na potrzeby postępowania | potrzeby prowadzonego | orgány činné | "
     "součinnosti ve věci | poskytnutí součinnosti | "
     "sierż. | kpp | kmp | kwp | komu przydzielono | nadkom. | "
     "podinsp. | mł. insp. | šetříme | šetření krádeže | pachatel* | "
     "obvodní oddělení | nprap. | prap. | pprap. | mjr. | skpv | "
     "zjistit pachatele | "
     "komenda * policji | komenda miejsk* | komenda powiat* | "
     "komenda wojew* | komenda stołeczn* | komisariat policji | "
     "posterunek policji | komisariat* | wydział do walki | "
     "walki z cyberprzestępczością | zwalczania cyberprzestępczości | "
     "cbzc | cbśp | abw | agencja bezpieczeństwa | agencji bezpieczeństwa | "
     "podkom. | st. sierż* | sierż. | mł. asp* | rsd | l.dz. | "
     "postępowani* przygotowawcz* | postępowani* karn* | "
     "prowadzonym postępowaniem | prowadzone postępowanie | "
     "prowadzonego postępowania | dochodzeni* | śledztw* | prokurator* | "
     "prokuratur* | kpk | kodeksu postępowania karnego | art. 15 kpk | "
     "art. 20c | zabezpieczenie logów | zabezpieczenie danych | "
     "dane abonent* | danych abonent* | wskazanie abonenta | żąda wydania | "
     "żąda informacji | ustalenie sprawcy | danych osobowych sprawcy | "
     "sprawcy | podejrzan* | pokrzywdzon* przestępstw* | straż graniczn* | "
     "straż miejsk* | żandarmeri* | urząd celno* | urzędu celno* | "
     "celno skarbow* | krajowa administracja skarbowa | urząd skarbowy | "
     "uodo wszczął | osobowych wszczął | wszczął postępowanie | "
     "wszczęto postępowanie | wzywa do złożenia | "
     "komisja nadzoru finansowego | urząd komunikacji elektronicznej | "
     "rada radiofonii | uokik | treści o charakterze terrorystycznym | "
     "pomoc prawna | pomocy prawnej w sprawach | policie čr | "
     "policie české | policejní* | policejního orgánu | odbor kyber* | "
     "kyberkriminalit* | kriminální polici* | krajské ředitelství | "
     "městské ředitelství | obvodní oddělení | kpt. | npor. | por. mgr | "
     "čj. krp* | č. j. krp* | krpa* | trestního řádu | trestní řád* | "
     "trestní věc* | trestním řízení | trestní řízení | trestného činu | "
     "§ 8 odst. 1 | dožádání | žádost o součinnost | státní zastupitel* | "
     "státního zastupitel* | celní úřad | celní správ* | "
     "finanční úřad požaduje | úřad pro ochranu osobních údajů zahájil | "
     "zahájil kontrolu | český telekomunikační úřad | čtú | čnb | "
     "bis žádá | nckb | prověřujeme | prověřování | podezřel* | "
     "vyšetrovateľ* | vyšetrovatel* | policajn* zbor* | policajného zboru | "
     "okresn* riaditeľstv* | krajsk* riaditeľstv* | trestnej veci | "
     "trestného poriadku | trestné konanie | prokuratúr* | prokurátor* | "
     "colný úrad | poverený príslušník"},
    {AUTHORITY_WHO, 0,
     "oszustwo | oszustwa | przestępst* | funkcjonariusz* | urząd | organ | "
     "trestn* | podvod* | vyšetřov* | orgán činn* | úřad"},
    {AUTHORITY_WHAT, 0,
     "abonent* | użytkownik* | kto korzystał | nadesłanie danych | "
     "udostępnienie danych | przekazanie danych | proszę o wskazanie | "
     "sdělení uživatele | uživatele ip | zaslání údajů | "
     "poskytnutie údajov | vyžaduje údaje | žiada o | kdo používal"},
    /* --- courts --- */
    {COURT, 4,
     "terminie posiedzenia | posiedzeni* sądu | posiedzenia | "
     "wydziału karnego | wydziału cywilnego | wydział karny | "
     "wydział cywilny | soudní jednání | nařízené jednání | jednací síň | "
     "sąd okręgowy | sąd rejonowy | sąd apelacyjny | sąd najwyższy | "
     "sąd administracyjny | sądu okręgowego | sądu rejonowego | sąd w | "
     "sądu w | w sądzie | przez sąd | sygn. akt | sygnatura akt | "
     "postanowił zobowiązać | postanowienie sądu | postanowieniem sądu | "
     "nakaz sądow* | nakaz zapłaty | wezwanie na rozprawę | rozpraw* | "
     "stawienia się | wzywa się świadka | świadka do | komornik* | "
     "egzekucj* | prawomocny | prawomocn* wyrok* | wyrok* | "
     "zabezpieczenie powództwa | przeszukani* | sądow* nakaz* | "
     "usnesení soud* | městský soud | okresní soud | krajský soud | "
     "vrchní soud | nejvyšší soud | obvodní soud | soud vydal | "
     "soud rozhodl | předběžné opatření | předvolání | předvoláváme | "
     "svědka k soudu | k soudu | soudu | soudní příkaz* | "
     "soudní rozhodnutí | soudní exekutor* | exekutor* | exekuc* | "
     "rozsudek | rozsudk* | příkaz k prohlídce | domovní prohlídk* | "
     "soudce | soudkyně | okresný súd | krajský súd | uznesenie súdu | "
     "súdny exekútor | rozsudok | neodkladné opatrenie"},
    {COURT_WHO, 0, "sąd | sądu | sędzia | soud | soudce | súd | súdu"},
    {COURT_WHAT, 0,
     "postanowi* | wyda* | zobowiąza* | nakaz* | orzek* | usnesení | "
     "rozhod* | nařídil | vydal"},
    /* --- lawyers --- */
    {LAWYER, 4,
     "żądam zapłaty | rygorem skierowania | pod rygorem | "
     "adwokat* | radca prawny | radcy prawn* | kancelari* prawn* | "
     "kancelari* adwokac* | mojego mocodawcy | mocodawc* | mojego klienta | "
     "naszego klienta | pełnomocnik* | działając w imieniu | "
     "w imieniu klienta | przedsądow* | mój prawnik | nasz prawnik | "
     "prawnik* | pozew | pozwu | pozwę | pozwiemy | złożę pozew | "
     "drogę sądową | kieruję sprawę do sądu | sprawę do sądu | do sądu | "
     "dóbr osobistych | zniesławieni* | odszkodowani* | zadośćuczynieni* | "
     "kroki prawne | wzywam do zaprzestania | wzywam do usunięcia | "
     "advokát* | advokátní | právní zástupce | právního zástupce | "
     "právní zastoupení | v zastoupení klienta | našeho klienta | "
     "mého klienta | klienta vás vyzývám | předžalobní | žalob* | "
     "podám žalobu | právník* | právníkovi | náhrad* škody | "
     "soudní cestou | právní kroky | pomluv* | ochrana osobnosti | "
     "advokátska kancelári* | právny zástupca | našeho mandanta | "
     "predžalobn* | náhrada škody"},
    /* --- threats to life --- */
    {LIFE, 4,
     "list pożegnalny | listu pożegnalnego | skoczy z | skoczyć z | "
     "dopis na rozloučenou | dopis na rozlouč* | skočí z | s nožem | "
     "z nożem | "
     "chce się zabić | się zabić | się zabije | zabić się | "
     "odebrać sobie życie | skończyć ze sobą | nie chce żyć | "
     "nie chcę żyć | samobójst* | samobójcz* | targnąć się | zabije mnie | "
     "mnie zabije | zabić mnie | zabić moj* | zabić nas | zamordow* | "
     "zamordować | poderżnie | poderżnąć | zgwałc* | spali dom | "
     "spalić dom | podpali | podpalić | bombę | bomba w | bomba na | "
     "podłożono | podłożył* | ładunek wybuchow* | alarm bombow* | "
     "materiały wybuchow* | wysadz* w | strzelanin* | zamach* | masakr* | "
     "porwan* | porwał* | okup* za | zakładnik* | groźby śmierci | "
     "grozi śmiercią | groźb* karaln* | zagrożenie życia | "
     "zagrożenia życia | obawiam się o życie | boję się o życie | "
     "oblać kwasem | se zabije | zabije | zabít se | zabije se | chce se zabít "
     "| "
     "sebevra* | vzít si život | nechce žít | nechci žít | skočit z mostu | "
     "mě zabije | mne zabije | zabije mě | zabít mě | zabije nás | "
     "zavražd* | podřízne | podřezat | podříznout | znásiln* | je bomba | "
     "bomba v | bomby v | uložil bombu | nastražen* | výbušnin* | střelb* | "
     "zastřel* | masakr | teroristick* útok | útok na školu | únos | "
     "unesen* | výkupné za | rukojmí | výhrůžk* smrt* | vyhrožuje zabitím | "
     "ohrožení života | bojím se o život | podpálí | samovražd* | zabiť ma | "
     "zabiť nás | "
     "zabije ma | bomba je"},
    {LIFE, -4,
     "bomba mailow* | bomba pocztow* | bomba pocztowa | e mailová bomba | "
     "mailová bomba | emailová bomba"},
    /* --- illegal images --- */
    {CHILD, 4,
     "dzieciom zdjęcia | zdjęcia genitali* | dětem fotky | "
     "pornografi* dzieci* | dziecięc* pornografi* | porn* z udziałem | "
     "pornografi* z udziałem | z udziałem małoletnich | z udziałem dzieci | "
     "wykorzystywani* dzieci | wykorzystywani* małoletnich | "
     "seksualne wykorzyst* | dyżurnet* | nagich dzieci | nagie dzieci | "
     "nagimi dziećmi | pedofil* | art. 202 kk | uwodzenie małoletni* | "
     "dětsk* porn* | dětské porno | zneužívání dětí | zneužívání dítěte | "
     "zneužívání nezletil* | nahých dětí | nahé děti | nahými dětmi | "
     "stoponline | detsk* porno* | zneužívanie detí | nahé deti | "
     "zneužívání mladistv*"},
    {CHILD_WHO, 0,
     "dzieci | dziecko | dziecka | dziecięc* | małoletni* | nieletni* | "
     "dziewczynk* | chłopc* | córk* | syna | dětí | děti | dítě | dítěte | "
     "nezletil* | holčič* | dcer* | syn | mladistv* | deti | detí"},
    {CHILD_WHAT, 0,
     "nagich | nagie | nago | seksualn* | porno* | intymn* | rozebran* | "
     "nahých | nahé | nahá | sexuáln* | intimní | erotick*"},
};

static const SensitiveRow CYRILLIC_ROWS[] = {
    {ANNOUNCED, 0,
     "обратимся в | обращусь в | сообщим в | заявим в | заявлю в | "
     "подадим заявление | напишу заявление | звернемося до | "
     "будем вынуждены обратиться | ще сигнализираме"},
    {AUTHORITY_PLAIN, 4,
     "полиция | полиции | полицию | полицией | полицейск* | милиция | "
     "милиции | поліція | поліції | поліцією | полицията"},
    {AUTHORITY, 4,
     "в производстве отдел* | в производстве следств* | "
     "по факту кражи | по факту хищения | по факту вымогательства | "
     "находится материал | зарегистрирован материал | "
     "экономической безопасности | обэп | оэбипк | убэп | бстм | "
     "участковый | старший лейтенант | подполковник | полковник | "
     "проводится проверка по | проверка по заявлению | "
     "по заявлению граждан* | хищени* денег | хищени* денежн* | "
     "материал* проверки | "
     "гу мвд | умвд | мвд | увд | овд | омвд | отдел «к» | отдел к | "
     "отдел полиции | управлен* полиции | уголовн* розыск* | угро | "
     "киберполици* | киберпреступност* | борьбе с кибер* | бск | "
     "следовател* | дознавател* | следственн* комитет* | следствен* | "
     "следственных действий | поручение о производстве | "
     "оперативн* уполномоченн* | оперуполномоченн* | майор полиции | "
     "капитан полиции | лейтенант полиции | майор юстиции | "
     "капитан юстиции | кусп | упк рф | упк | ук рф | уголовн* дел* | "
     "по факту мошенничества | по признакам преступления | "
     "предварительн* следств* | доследственн* | проводимой проверк* | орд | "
     "ордн | оперативно разыскн* | оперативно розыскн* | прокуратур* | "
     "прокурор* | роскомнадзор* | реестр* запрещенн* | фз 149 | 149 фз | "
     "запрещенной информации | фсб | управление фсб | кгб | "
     "комитет* национальной безопасности | госбезопасност* | "
     "налогов* служб* | налогов* инспекц* | ифнс | истребует | "
     "истребовани* документ* | таможенн* | росфинмониторинг* | "
     "антимонопольн* | фас россии | роспотребнадзор* | "
     "министерств* внутренних дел | министерств* юстиции | росгвард* | "
     "интерпол* | правовой помощи | международн* следственн* | "
     "подозреваемо* | потерпевш* от | кіберполіц* | слідч* | "
     "досудов* розслідуван* | кримінальн* проваджен* | єрдр | сбу | "
     "служба безпеки | прокуратура | дбр | бюро розслідувань | "
     "міністерств* внутрішніх | департамент кібер* | тимчасов* доступ* | "
     "національна полиция | национална полиция | гдбоп | гднп | "
     "киберпрестъпност* | досъдебно производство | дознание по | "
     "следовател | окръжна прокуратура | районна прокуратура | "
     "разследващ* | комисия за защита на личните"},
    {AUTHORITY_WHO, 0,
     "следствие | сотрудник* | мошенничеств* | преступлени* | проверк* | "
     "шахрайств* | злочин* | престъплени* | инспекц* | департамент* | "
     "управлени* | ведомств*"},
    {AUTHORITY_WHAT, 0,
     "предоставить сведения | прошу предоставить | сообщить данные | "
     "просит сообщить | прошу сообщить | просим сообщить | "
     "кому принадлежит | кто пользовался | данные пользовател* | "
     "сведения о пользовател* | сохранить логи | требует предоставить | "
     "надати інформацію | надати дані | зберегти дані | моли за данни | "
     "данни за потребителя | предоставите данни"},
    /* --- courts --- */
    {COURT, 4,
     "слушанию дела | слушание дела | судебное дело | "
     "суд просит | суд требует | "
     "определени* суда | решени* суда | постановлени* суда | суд вынес | "
     "суд решил | суд постановил | по решению суда | арбитражн* суд* | "
     "районн* суд* | городск* суд* | областн* суд* | "
     "верховн* суд* постанов* | мировой судья | мирового судьи | судья | "
     "судебн* пристав* | судебное заседание | судебного заседания | "
     "судебн* приказ* | судебн* решени* | судебн* запрос* | повестк* | "
     "вызываетесь | исполнительн* лист* | исполнительн* производств* | "
     "постановление об обыске | об обыске | обыск* | выемк* | "
     "постановление о | иск подан | рішення суду | ухвал* | "
     "слідчого судді | судді | суддя | позов до суду | повістк* | "
     "виконавч* | обшук* | районен съд | окръжен съд | софийски съд | "
     "съдебно решение | съдът | съдия* | съдебен изпълнител | призовк* | "
     "заповед за обиск"},
    {COURT, -4, "судебная, | ул. судебная | улица судебная"},
    {COURT_WHO, 0, "суд | суда | суде | судья | суду | съд | съда"},
    {COURT_WHAT, 0,
     "вынес | постанов* | решени* | определени* | ухвал* | рішенн* | "
     "блокировк* | заседани* | разкриване"},
    /* --- lawyers --- */
    {LAWYER, 4,
     "обратимся в арбитраж | в арбитраж | возместить убытки | "
     "будем судиться | судиться | у юриста | к юристу | "
     "адвокат* | адвокатск* | юрист | юристы | наш юрист | "
     "юридическ* компани* | юридическ* бюро | юридическ* отдел | "
     "юридическ* фирм* | в интересах доверителя | доверител* | "
     "представля* интересы | досудебн* | претензи* | исков* | иск | "
     "подам в суд | подадим в суд | подаст в суд | подадим на вас | "
     "подам на вас | подаст на вас | в суд на вас | через суд | "
     "судиться с | компенсаци* морального | возмещени* ущерба | клевет* | "
     "чести и достоинства | в інтересах клієнта | адвокатськ* | "
     "подамо до суду | позов | позовн* | юрисконсульт* | відшкодуванн* | "
     "адвокатска | съдебен иск | ще ви съдим | обезщетени*"},
    /* --- threats to life --- */
    {LIFE, 4,
     "порежет | порежу | с ножом | придет с ножом | с топором | "
     "с пистолетом | "
     "ружье в школу | оружие в школу | принесет в школу | "
     "прощальную записку | предсмертн* | прощальное письмо | "
     "покончит* с собой | покончить с собой | самоубийств* | суицид* | "
     "не хочет жить | не хочу жить | убить себя | убьет себя | "
     "наложить на себя руки | прыгн* с крыши | порезать вены | "
     "повес* себя | убьет меня | меня убьет | убьет нас | убьет мою | "
     "убить меня | убить мою | убить моих | убить нас | обещает убить | "
     "хочет убить | грозит* убить | угрожает убить | угрожают убить | "
     "убьет мен* | убийство | угроз* убийств* | сожжет | сожгут | зарежет | "
     "зарезать | изнасил* | перереж* горло | боюсь за свою жизнь | "
     "опасаюсь за свою жизнь | угроз* жизни | заминир* | минировани* | "
     "взрывчатк* | взорвать | взорвет | взорвут | бомба в | бомбу в | "
     "заложена бомба | заложили бомбу | бомба заложена | теракт* | "
     "терроризм* | террорист* | расстрел* | застрел* | стрельб* | "
     "похитил* | похищен* реб* | похищена | выкуп за | заложник* | "
     "серная кислот* | облить кислотой | накладе на себе | "
     "накласти на себе | самогубств* | вб'є мене | вбити мене | уб'є | "
     "мене вб'є | вбивств* | замінуван* | замінован* | вибухівк* | "
     "підірв* | погрожує вбити | погроз* вбивств* | заручник* | "
     "самоубийство | ще ме убие | заплаха за живота | бомба в училищ* | "
     "смъртн* заплах*"},
    {LIFE, -4,
     "почтовая бомба | почтовую бомбу | логическая бомба | процесс убит | "
     "убит ядром"},
    /* --- illegal images --- */
    {CHILD, 4,
     "дочери * лет голые | голые фото ребен* | раздеться перед | "
     "детск* порно* | детское порно | порнографи* с несовершеннолетн* | "
     "порно с детьми | порно с малолетн* | эксплуатаци* детей | "
     "сексуальн* эксплуатаци* | сексуальн* насили* | растлени* | "
     "голых детей | голые дети | обнаженных детей | педофил* | "
     "домогательств* к детям | изображени* несовершеннолетн* | "
     "дитяч* порно* | сексуальн* експлуатаці* дітей | голих дітей | "
     "педофіл* | детска порнография | сексуална експлоатация на деца"},
    {CHILD_WHO, 0,
     "дети | детей | детьми | ребенок | ребенка | несовершеннолетн* | "
     "малолетн* | девочк* | мальчик* | дочь | дочери | сын | сына | дітей | "
     "діти | дитин* | неповнолітн* | деца | дете | момичета"},
    {CHILD_WHAT, 0,
     "голых | голые | голая | голый | обнаженн* | сексуальн* | порно* | "
     "интимн* | голих | оголен* | гол* снимки | сексуалн*"},
};

/* What Russian letters become when typed in Latin ones by habit, beyond the
 * two regular ways of writing them. */
static const SensitiveRow TYPED_ROWS[] = {
    {AUTHORITY, 4, "politsiya | politsii | otdel po borbe s | ugolovnoe delo"},
    {LIFE, 4,
     "ubyot menya | ubet menya | ubyu | ub'yu | boyus za svoyu zhizn | "
     "pokonchit s soboy"},
    {COURT, 4, "reshenie suda | sud vynes"},
    {LAWYER, 4, "podast v sud | podam v sud | podast na vas | v sud"},
    {CHILD, 4, "detskoe porno | detskoye porno"},
};

const SensitiveTable SENSITIVE_SLAVIC = {LATIN_ROWS, G_N_ELEMENTS(LATIN_ROWS),
                                         SPELLING_PLAIN};
const SensitiveTable SENSITIVE_CYRILLIC = {
    CYRILLIC_ROWS, G_N_ELEMENTS(CYRILLIC_ROWS), SPELLING_CYRILLIC};
const SensitiveTable SENSITIVE_TYPED = {TYPED_ROWS, G_N_ELEMENTS(TYPED_ROWS),
                                        SPELLING_PLAIN};
