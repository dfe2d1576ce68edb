/* What such letters do in every language: a crime is named and somebody asks
 * whose the address was; somebody takes leave and has the means; somebody
 * asks a child to undress. Each pair of rows is a table of its own, so that
 * languages mix here. How to add to it stands in sensitive_words.h. */
#include "report/sensitive_words.h"

/* Whoever names a crime and asks for the person gets no form letter. */
static const SensitiveRow IDENTITY[] = {
    {AUTHORITY_WHO, 0,
     "fraud* | theft* | stolen money | stole money | robbery | burglary | "
     "extortion | blackmail* | stalking | offender* | suspect | suspects | "
     "our suspect | perpetrator* | petitioner | culprit* | money laundering | "
     "crimes | homicide | warrant | "
     "betrug* | betrüg* | diebstahl* | erpress* | nachstellung | stalking | "
     "unterschlag* | geldwäsche | tatverdächtig* | täter* | straftat* | "
     "geschädigte* | ermitteln | bedrohung | "
     "escroqueri* | vol de | extorsion | chantage | harcèlement | auteur des "
     "faits | "
     "blanchiment | usurpation | procédure ouverte | abus de confiance | "
     "estafa* | robo de | hurto | sextorsión | extorsión | chantaje | "
     "acoso | blanqueo | suplantación | autor del | "
     "burla* | furto | roubo | extorsão | estelionato | golpe | "
     "crimes virtuais | lavagem de | "
     "truffa* | furto | rapina | estorsione | reat* | "
     "riciclaggio | colpevole | "
     "oplichting | diefstal | afpersing | *fraude | witwassen | dader* | "
     "verdachte* | "
     "oszust* | kradzież* | kradzieży | wyłudz* | wymuszeni* | sprawc* | "
     "podvod* | krádež* | vydírání | pachatel* | odcizen* | "
     "хищени* | краж* | мошенник* | мошеннич* | вымогател* | "
     "злоумышленник* | похищени* денег | крадіж* | шахра* | "
     "bedrägeri* | stöld* | utpressning | gärningsman* | "
     "bedrageri* | tyveri | afpresning | gjerningsmann* | petos | varkaus | "
     "dolandırıcılı* | hırsızlı* | şantaj* | "
     "furt | înșelăciune | șantaj | csalás* | lopás* | zsarol* | elkövető* | "
     "απάτη* | κλοπή* | εκβιασ* | *احتيال* | *سرقة* | *ابتزاز*"},
    {AUTHORITY_WHAT, 0,
     "who used | who is using | who was using | who is the user | "
     "who is behind | who is he | who had the | to whom | "
     "belonging of the | belongs to whom | identity of | identify the | "
     "identifying the | full physical address | physical address | "
     "mobile number of | name and address | subscriber* | account holder | "
     "customer details | disclosure of personal | send a warrant | "
     "serve a warrant | serve the warrant | kept information | "
     "whose ip | personal details of | "
     "zuordnung der ip | zuordnung | wer hat | wer war | wem gehört | "
     "welchem kunden | welcher kunde | namhaft | personalien | "
     "daten des | daten der | name und anschrift | "
     "à qui | transmettre les logs | identité de | coordonnées de | "
     "qui est | qui utilisait | "
     "a quién | de quién | quién usó | quién es | identidad | datos de la "
     "persona | "
     "a quem pertence | de quem é | quem é | identidade do | "
     "chi usava | chi utilizzava | a chi | di chi è | identità | "
     "wie is de klant | wie de klant | van wie | wie gebruikte | wie er | "
     "do kogo | kto używał | czyj | dane osoby | "
     "komu byl* | zjistit pachatele | kdo byl | kdo je | "
     "данные лица | кому | чей | на кого | кем использ* | личность | "
     "кому належить | дані особи | "
     "vem som hade | vem hade | vem är | hvem hadde | hvem havde | hvem er | "
     "kuka käytti | kenelle | "
     "kimlik bilgi* | kime ait | kim kullan* | cui aparține | cui îi | "
     "kié | ki használta | ποιος | σε ποιον | *من يملك* | *صاحب العنوان*"},
};

/* Taking leave, or being gone; and how. */
static const SensitiveRow LEAVE[] = {
    {LIFE_WHO, 0,
     "goodbye | good bye | said bye | bye to | farewell | nobody will miss | "
     "no one will miss | miss me | last message | final message | "
     "manifesto | livestream | countdown | never see him | never see her | "
     "hurt himself | hurt herself | hurt themselves | hurt myself | "
     "verschwunden | nie wieder sehen | abschied* | verabschied* | "
     "leb wohl | lebt wohl | niemand wird mich | "
     "adieu | lettre d'adieu | disparue | disparu | "
     "despedida | se despidió | desaparecida | desaparecido | hacerse daño | "
     "carta de despedida | adeus | desaparecid* | machucar se | "
     "addio | lettera d'addio | scomparsa | farsi del male | "
     "afscheid* | vermist | afscheidsbrief* | "
     "pożegnalny | pożegna* | zaginęł* | "
     "rozlouč* | na rozloučenou | pohřešov* | "
     "прощальн* | прощайте | попрощал* | пропал* без | "
     "avsked* | farväl | avskjed* | försvunn* | "
     "elveda | veda mektub* | kayıp | búcsú* | rămas bun"},
    {LIFE_WHAT, 0,
     "gun | guns | rifle | pills | rope | roof | knife | "
     "parade | as many | razor | overdose | himself | herself | daughter | "
     "son | he has his | leave this world | "
     "tabletten | brücke | dach | seil | messer | waffe | gleise | tochter | "
     "sohn | "
     "médicaments | cachets | pont | corde | toit | arme | fille | fils | "
     "pastillas | puente | cuerda | tejado | hija | hijo | "
     "comprimidos | remédios | ponte | corda | telhado | filha | filho | "
     "pastiglie | pillole | tetto | figlia | figlio | "
     "pillen | touw | brug | dak | dochter | zoon | geslikt | "
     "dachu | tabletk* | mostu | córk* | skoczy | "
     "prášk* | mostu | střech* | provaz* | dcer* | "
     "таблет* | крыш* | мост* | веревк* | дочь | сын | "
     "tabletter | dotter | son | "
     "köprü | çatı | kızım | oğlum"},
};

/* A weapon or a way to kill, and whom or where. */
static const SensitiveRow WEAPONS[] = {
    {LIFE_WHO, 0,
     "bullet | bullets | dads gun | with a gun | his gun | "
     "a gun | rifle | shotgun | pistol | knife | "
     "machete | detonate* | explosive* | nail bomb | grenade* | "
     "in the ground | six feet | body bag | coffin | "
     "messer | pistole | gewehr | kugel* | axt | handgranate* | sprengen | "
     "macht uns kalt | kalt machen | kaltmachen | "
     "balle | balles | couteau | pistolet | fusil | hache | "
     "cuchillo | pistola | navaja | machete | fusil | "
     "faca | facão | revólver | "
     "coltello | proiettil* | pistola | fucile | "
     "kogel* | geweer | pistool | bijl | "
     "nóż | nożem | broń | pistolet* | siekier* | kul* w | "
     "nůž | nožem | pistol* | zbra* | sekyr* | "
     "ружье | ружьё | ружь* | нож | ножом | пистолет* | оружи* | топор* | пул* "
     "в | "
     "kniv* | pistol* | gevär* | gevær* | puukko | "
     "bıçak* | silah* | tabanca* | kés* | fegyver* | cuțit* | armă"},
    {LIFE_WHAT, 0,
     "school | parade | church | mosque | synagogue | lobby | "
     "receptionist | my head | his head | her head | your head | "
     "my house | our house | my door | my children | my kids | wife | "
     "husband | boyfriend | girlfriend | if i leave | put me in | put you in | "
     "vorbei | schule | kopf | "
     "la tête | l'école | chez moi | ma femme | "
     "la cabeza | la escuela | el colegio | mi casa | en casa | "
     "a cabeça | a escola | minha casa | "
     "sotto casa | la testa | la gola | la scuola | a scuola | "
     "zijn hoofd | haar hoofd | mijn hoofd | school | mijn huis | voor de deur "
     "| "
     "głow* | szkoł* | szkole | gardł* | "
     "hlav* | škol* | krk | "
     "в школу | школ* | голов* | дом | горло | "
     "skolan | huvud* | hodet | hovedet | koulu* | "
     "okul* | kafa* | evime | iskol* | fej* | școal*"},
};

/* What is done to a child, without a word for it. */
static const SensitiveRow UNDRESSED[] = {
    {CHILD_WHO, 0,
     "child | children | kid | kids | minor | minors | my daughter | "
     "my son | year old | years old | little girl* | little boy* | toddler* | "
     "baby | babies | infant* | prepubescent | preteen* | schoolgirl* | "
     "young boys | young girls | "
     "kind | kinder | kindern | mädchen | jungen | tochter | sohn | "
     "minderjährig* | baby | babys | "
     "enfant* | bébé* | fillette* | mineur* | ma fille | mon fils | "
     "niño* | niña* | menor de edad | menores | bebé* | mi hija | mi hijo | "
     "criança* | menina* | menino* | minha filha | meu filho | bebê* | "
     "bambin* | minorenn* | mia figlia | mio figlio | neonat* | "
     "kinderen | meisje* | jongetje* | mijn dochter | mijn zoon | "
     "dzieci* | dziewczynk* | chłopc* | córk* | małoletni* | "
     "děti | dětí | dětem | dítě | dcer* | holčič* | "
     "дет* | ребен* | девочк* | мальчик* | дочер* | дочь | сын* | "
     "flicka* | pojke* | dotter | børn | datter | lapsi | lapsen | "
     "lapsille | "
     "çocuk* | kızım* | oğlum* | gyerek* | gyermek* | kislány* | copii* | "
     "copil* | fetiț* | fiica | παιδι* | κόρη | *طفل* | *أطفال*"},
    {CHILD_WHAT, 0,
     "clothes off | take off her | take off his | undress* | strip for | "
     "showed himself | exposed himself | his penis | genital* | private parts "
     "| "
     "sexualis* | sexualiz* | depiction* of | masturbat* | "
     "ausziehen | ausgezogen | entblöß* | missbrauch kleiner | "
     "den missbrauch | des missbrauchs | geschlechtsteil* | "
     "déshabill* | parties intimes | viols de | viol d'enfant* | violé* | "
     "desnudarse | desvestir* | quitarse la ropa | abusad* | genitales | "
     "tirar a roupa | despir* | genitais | abusad* | "
     "spogliar* | genitali | parti intime | abusat* | stuprat* | "
     "uitkleden | kleren uit | geslachtsde* | misbruikt | "
     "rozebrać | rozebra* | genitali* | molestow* | "
     "svlék* | svléknout | genitál* | zneuží* | "
     "раздеть* | раздев* | голые фото | гениталии | половы* орган* | растл* | "
     "klä av | klæde sig af | kle av | könsorgan* | kønsorgan* | riisu* | "
     "soyunma* | soyun* | cinsel organ* | vetkőz* | dezbrac* | γδυ*"},
};

const SensitiveTable SENSITIVE_IDENTITY = {IDENTITY, G_N_ELEMENTS(IDENTITY),
                                           SPELLING_PLAIN};
const SensitiveTable SENSITIVE_LEAVE = {LEAVE, G_N_ELEMENTS(LEAVE),
                                        SPELLING_PLAIN};
const SensitiveTable SENSITIVE_WEAPONS = {WEAPONS, G_N_ELEMENTS(WEAPONS),
                                          SPELLING_PLAIN};
const SensitiveTable SENSITIVE_UNDRESSED = {UNDRESSED, G_N_ELEMENTS(UNDRESSED),
                                            SPELLING_PLAIN};
