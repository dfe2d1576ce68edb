/* Dutch, Swedish, Danish, Norwegian, Finnish. How to add to it stands in
 * sensitive_words.h. */
#include "report/sensitive_words.h"

static const SensitiveRow ROWS[] = {
    {ANNOUNCED, 0,
     "doen wij aangifte | doen we aangifte | doe ik aangifte | "
     "aangifte doen bij | aangifte bij de politie | schakelen wij | "
     "polisanmäler vi | polisanmäla | anmäler vi | anmelder vi | "
     "anmäler jag | polisanmäler jag | anmelder jeg | politianmelder jeg | "
     "politianmelder | anmeldes til | teemme rikosilmoituksen"},
    /* --- police, prosecutors, regulators --- */
    {AUTHORITY_PLAIN, 4,
     "politie | politieagent* | polisen | polisens | polis | politi | "
     "politiet | politiets | poliisi | poliisin | poliisilta"},
    {AUTHORITY, 4,
     "wijkagent | wijkagente | opsporing verzocht | bankhelpdeskfraude | "
     "bedrägeriärende* | brottsanmälan | brottmål* | poliskonstapel | "
     "polisassistent* | brottsplats | politibetjent* | straffesak* | "
     "straffesag* | konstaapeli | ylikonstaapeli | rikosilmoitus | "
     "rikosasia* | burgemeester beveelt | inspectie van | "
     "politie eenheid | politiebureau* | team cybercrime | "
     "rechercheur* | hoofdagent* | inspecteur van politie | brigadier | "
     "officier van justitie | de officier verzoekt | openbaar ministerie | "
     "parket van | parketnummer | procureur* des konings | procureur* | "
     "op grond van artikel 126* | 126na | 126nd | 126n sv | 126ni | "
     "vorder ik | vordering verstrekking | vordert | "
     "wetboek van strafvordering | artikel 46bis | 46bis | fccu | "
     "federal computer crime unit | rccu | strafrechtelijk | "
     "opsporingsdienst* | opsporingsambtenaar* | fiod | "
     "inlichtingen en opsporing* | belastingdienst vordert | "
     "douane onderzoek | bewaring van gegevens | bevriezingsbevel | "
     "gegevens te bevriezen | gebruikersgegevens | naw gegevens | "
     "proces verbaal | pl0600* | persoonsgegevens heeft | "
     "persoonsgegevens start | gegevensbeschermingsautoriteit | "
     "consument en markt | autoriteit financiële | kansspelautoriteit | "
     "atkm | terroristische inhoud | ministerie van | "
     "koninklijke marechaussee | rechtshulpverzoek | rechtshulp | "
     "polisregion | polisen region | it brott* | utredare vid | "
     "polismyndigheten | polisinspektör* | kriminalinspektör* | "
     "förundersök* | åklagar* | kammaråklagare* | ekobrottsmyndigheten | "
     "säkerhetspolisen | säpo | abonnentuppgift* | bevarande av uppgifter | "
     "bevarandeföreläggande | skatteverket | kontrolluppgift* | "
     "tullverket | tullkriminal* | integritetsskyddsmyndigheten inled* | "
     "inleder tillsyn | post och telestyrelsen | finansinspektionen | "
     "brottsutred* | rättslig hjälp | misstänkt för brott | brottsplats* | "
     "politikreds | rigspoliti* | politiets | nationale enhed for | "
     "anklagemyndighed* | efterforskning* | politiassistent* | "
     "kriminalassistent* | datatilsynet har indledt | skattestyrelsen | "
     "toldstyrelsen | retshjælp | politidistrikt* | etterforsk* | "
     "politioverbetjent* | påtalemyndighet* | kripos | økokrim | datakrim | "
     "abonnementsopplysning* | sikring av data | rettsanmodning | "
     "poliisilaito* | rikoskomisario* | rikosylikonstaapel* | "
     "keskusrikospoliisi* | krp | esitutkint* | rikosnimike* | syyttäjä* | "
     "tutkinnanjohtaja* | verohallin* | traficom määrää | "
     "tietosuojavaltuute* | tulli tutkii | suojelupoliisi* | pakkokeinolaki"},
    {AUTHORITY_WHO, 0,
     "oplichting | aangifte | strafbaar feit | verdachte | opsporing* | "
     "utredare | utredning | brott | bedrägeri | myndighet* | efterforsk* | "
     "rikos* | viranomai* | tutkinta | sagsnummer | inspecteur"},
    {AUTHORITY_WHAT, 0,
     "gegevens te verstrekken | verstrekken | van wie is | identificatie | "
     "gebruiker van | vraagt inlichtingen | inlichtingen | abonnent* | "
     "vem använde | begär | begäran | uppgifter | anmoder | oplysninger | "
     "hvem brugte | opplysninger | tilaajan | tiedot | pyydän | pyydämme"},
    /* --- courts --- */
    {COURT, 4,
     "rechtbank* heeft | de rechtbank | rechtbank | gerechtshof | vonnis | "
     "voorzieningenrechter | kort geding | kantonrechter | "
     "rechter commissaris | de rechter | deurwaarder* | "
     "gerechtsdeurwaarder* | betekende | betekening | exploot | dagvaard* | "
     "gedagvaard | ter zitting | zitting van | "
     "opgeroepen om te verschijnen | dwangsom | huiszoeking* | "
     "doorzoeking | beslag gelegd | machtiging afgegeven | tingsrätt* | "
     "hovrätt* | förvaltningsrätt* | högsta domstolen | domstolen har | "
     "domstolens | *domstolsbeslut | patent och marknads* | "
     "informationsföreläggande | föreläggande från | interimistisk* | "
     "huvudförhandling* | kallas som | kallelse till | som vittne | "
     "kronofogd* | utmätning* | delgivning* | stämningsansökan | "
     "husrannsakan | vite om | byret* | landsret* | højesteret* | "
     "sø og handelsretten | kendelse* | fogedret* | foged | stævning* | "
     "retsmøde | dommer* | tingret* | lagmannsret* | høyesterett | "
     "kjennelse* | namsmann* | begjæring om midlertidig | rettsmøte | "
     "ransaking* | käräjäoike* | hovioike* | markkinaoike* | "
     "korkein oikeus | oikeuden määräys | tuomio* | ulosot* | kotietsintä | "
     "tuomioistui*"},
    {COURT_WHO, 0,
     "rechter | rechtbank* | domstol* | rätten | retten | dommer | oikeus"},
    {COURT_WHAT, 0,
     "bepaald | bevolen | uitspraak | beslut* | beslutat | dom | dømt | "
     "afsagt | avsagt | määräy* | päätö*"},
    /* --- lawyers --- */
    {LAWYER, 4,
     "sommeren u | sommeren wij | sommeer u | "
     "raadslieden | raadsman | houden u aansprakelijk | u aansprakelijk | "
     "benadeelde | treden op als | treedt op als | "
     "advocaat te | mijn advocaat | onze advocaat | advocaten | "
     "advocate* van | een advocaat | naar de rechter | mijn cliënt* | "
     "onze cliënt* | namens cliënt* | belangen te behartigen | "
     "rechtsmaatregelen | juridische stappen | rechtszaak | "
     "bij gebreke van | aansprakelijkstell* | "
     "aansprakelijk gesteld | stel u aansprakelijk | "
     "stellen u aansprakelijk | schadevergoeding | smaad | "
     "ingebrekestelling | gerechtelijke stappen | jurist | "
     "juridische afdeling | dagen u voor | raadsman | raadsvrouw* | "
     "som ombud | ombud för | juristbyrå* | advokat* | min advokat* | "
     "vår advokat* | stämmer er | stämma er | stämning | skadestånd* | "
     "rättsliga åtgärder | vidta rättsliga | målsäganden | varningsbrev* | "
     "företräder | juridiskt ombud | förtal | biträdande jurist | "
     "min klient | vores klient | vår klient* | min huvudman | erstatning | "
     "søksmål | saksøke | sagsøge* | retlige skridt | rettslige skritt | "
     "erstatningskrav | injurier | ærekrenkelse* | asianaja* | lakimies* | "
     "juristimme | päämiehe* | oikeustoimi* | haastamme | haastan | "
     "vahingonkorvau* | kunnianloukkau*"},
    /* --- threats to life --- */
    {LIFE, 4,
     "pillen geslikt | neemt afscheid | afscheidsbrief* | "
     "afscheid neemt | zichzelf iets aan | met een mes | avskedsbrev* | "
     "avskjedsbrev* | afskedsbrev* | skada sig själv | med kniv | "
     "med ett vapen | jäähyväiskirje* | "
     "einde aan haar leven | einde aan zijn leven | einde aan mijn leven | "
     "van het leven beroven | niet meer leven | wil dood | zelfdoding | "
     "*zelfmoord* | springen van de | vermoord* | gaat vermoorden | "
     "dood te maken | mij doden | te doden | doodsbang | "
     "keel door* | doodsteken | neersteken | neerschieten | doodsbedreig* | "
     "met de dood | schietpartij* | aanslag* | een bom | bom ligt | "
     "bom in | bommelding* | explosief* | explosieven | gijzel* | "
     "ontvoer* | losgeld | verkracht* | in brand steken | brandstichting | "
     "zuur in | levensgevaar* | swatting | ta livet av* | tar livet av | "
     "vill dö | vill inte leva | inte leva längre | begå självmord | "
     "självmord* | ska döda | döda mig | döda oss | döda henne | "
     "döda honom | döda barn* | mörda | mördar | mord på | skjuta mig | "
     "skära halsen | knivhugga | våldta | en bomb | bomb i | bomben | "
     "bombhot* | sprängmedel | spränga | skolskjut* | skottlossning* | "
     "terrordåd* | attentat* | kidnapp* | gisslan | lösensumma för | "
     "bränna ner | tända eld på | mordhot* | dödshot* | rädd för mitt liv | "
     "fruktar för | livshotande | slå mig ihjel | slå ihjel | "
     "slår mig ihjel | dræbe | dræber | myrde | selvmord* | "
     "tage sit eget liv | tage livet af | skyde mig | bombetruss* | "
     "trusler på livet | dødstrus* | drepe | dreper | drapstrus* | "
     "ta sitt eget liv | ta livet av seg | bombe i | en bombe | voldtage | "
     "voldta | gidsel* | gissel* | skoleskyd* | skoleskyt* | itsemurh* | "
     "tappaa | tappavan* | tappamis* | tapan | tappaisi | murha* | pommi* | "
     "pommiuhk* | kouluampu* | ampua | puukot* | tappouhka* | hengenvaar* | "
     "sieppa* | panttivan* | raiska*"},
    {LIFE, -4, "mailbom* | fork bom | e postbomb* | brevbomb av mail"},
    /* --- illegal images --- */
    {CHILD, 4,
     "kinderporn* | kindermisbruik* | misbruik van kinderen | "
     "misbruik van minderjarigen | seksuele uitbuiting van kinderen | "
     "kp materiaal | pedofiel* | pedo | pedo* | naakte kinderen | "
     "naaktfoto's van | naaktfoto's van kind* | blote kinderen | grooming | "
     "afbeeldingen van minderjarigen | seksuele afbeeldingen | barnporn* | "
     "övergrepp mot barn | sexuella övergrepp | övergreppsmaterial* | "
     "övergreppsbild* | nakna barn | pedofil* | utnyttjande av barn | "
     "barnpornografibrott* | gromning | børneporn* | overgreb mod børn | "
     "seksuelt misbrug af børn | nøgne børn | nøgenbilleder af | "
     "barneporn* | overgrepsmateri* | overgrepsbild* | overgrep mot barn | "
     "seksuelle overgrep | nakne barn | lapsiporno* | lapsen seksuaali* | "
     "lasten seksuaali* | pedofiil* | alastomia lapsia | lapsikuva* | "
     "hyväksikäyttömateriaali*"},
    {CHILD_WHO, 0,
     "kind | kinderen | kinderfoto* | minderjarig* | meisje* | jongetje* | "
     "dochter | zoon | barn | flicka* | pojke* | dotter | minderårig* | "
     "børn | pige* | datter | søn | jente* | gutt* | lapsi | lapsia | "
     "lapsen | lasten | tyttö* | poika* | alaikäi*"},
    {CHILD_WHAT, 0,
     "naakt* | seksueel* | seksuele | porno* | intieme | bloot* | blote | "
     "nakna | naken* | sexuell* | nøgen* | nøgne | seksuel* | nakne | "
     "alaston* | alastom* | seksuaali*"},
};

const SensitiveTable SENSITIVE_NORDIC = {ROWS, G_N_ELEMENTS(ROWS),
                                         SPELLING_UMLAUTS};
