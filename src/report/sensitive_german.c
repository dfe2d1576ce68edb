/* German of Germany, Austria, Switzerland. Umlauts are found as ae, oe, ue,
 * too. How to add to it stands in sensitive_words.h. */
#include "report/sensitive_words.h"

static const SensitiveRow ROWS[] = {
    /* --- police, prosecutors, regulators --- */
    {AUTHORITY_PLAIN, 4,
     "polizei | polizist* | kriminalpolizei* | kripo | polizeilich* | "
     "polizeibeamt*"},
    {ANNOUNCED, 0,
     "werden wir anzeige | wir anzeige | anzeige erstatten | "
     "erstatte anzeige | zur anzeige | anzeige gegen unbekannt | "
     "melden wir | melde ich | informieren wir | einschalten | "
     "schalte ich | schalten wir | gehen wir zur | gehe ich zur | "
     "verständigen | erstatte ich | erstatten wir | "
     "strafanzeige erstatten | wende ich mich an die | polizei ein"},
    {ANNOUNCED, 0,
     "artikel über | im namen der | gibt sich als | gefälschte seite* | "
     "phishing seite* | benutzer: | benutzername*"},
    {AUTHORITY, 4,
     "bezirksregierung* | untersagungsverfügung* | "
     "rechtsbehelfsbelehrung* | rechtsmittelbelehrung* | "
     "ergeht gegen sie | suchen den nutzer | enkeltrick* | "
     "schockanruf* | regierungspräsidium* | landratsamt | "
     "bezirkshauptmannschaft* | magistrat der stadt | phm | khm | "
     "ekhk | ekhk'in | "
     "wir ermitteln | ermitteln hier | ermittelt wegen | "
     "ermitteln wegen | polizeiwache | aus der wache | auf der wache | "
     "wachtmeister* | ermittlungsgruppe* | sonderkommission* | soko | "
     "revierinspektor* | bezirksinspektor* | chefinspektor* | "
     "gruppeninspektor* | kontrollinspektor* | fahnder | fahndung* | "
     "*datenschutzbehörde* | aufsichtstätigkeit | aufsichtsrechtlich* | "
     "landesamt für | bundesamt für justiz | jugendamt | "
     "ausländerbehörde | militärpolizei | feldjäger* | justizanstalt | "
     "justizministerium | innenministerium | staatsschutz | eilt sehr | "
     "strafantrags | mitteilung in strafsachen | "
     "*polizeipräsidi* | polizeidirektion* | polizeirevier* | "
     "polizeiposten | polizeiabschnitt* | polizeikommando* | "
     "landespolizeidirektion* | stadtpolizei* | *polizeiinspektion* | "
     "*kriminalinspektion* | kriminaldauerdienst* | kriminaldienst* | "
     "fachkommissariat* | kriminalhauptmeister* | kriminalober* | "
     "kriminalhaupt* | polizeiober* | polizeihaupt* | polizeimeister* | "
     "phk | pok'in | phk'in | khk | khk'in | kok'in | bka | lka | lka nrw | "
     "kk 11 | kk 24 | zentrale ansprechstelle cybercrime | zac nrw | "
     "schwerpunktstaatsanwalt* | generalstaatsanwalt* | bundesanwalt* | "
     "generalbundesanwalt* | amtsanwalt* | vorgangsnummer | vorgangsnr* | "
     "tagebuchnummer | tgb.nr* | tgb. nr* | tgb nr* | "
     "ermittlungsverfahren* | strafverfahren* | ermittlungsakte* | "
     "ermittlungssache* | ermittlungsersuchen | strafsache* | "
     "strafanzeige wegen | betrugsverfahren | auskunftsersuch* | "
     "sicherungsersuch* | amtshilfe* | rechtshilfe* | "
     "sicherungsanordnung* | herausgabeanordnung* | um auskunft gemäß | "
     "um auskunft nach § | "
     "wird ersucht | bestandsdatenauskunft* | "
     "stammdaten bekannt* | 174 tkg | 113 tkg | sicherheitspolizeigesetz | "
     "stpo | art. 143 stgb | strafgesetzbuch | kantonspolizei* | fedpol | "
     "bundesamt für polizei* | staatsanwält* | zeugenfragebogen | "
     "zeugenanhörung* | anhörungsbogen | zeugenvernehmung | vernehmung | "
     "vorladung zur | beschuldigte* | tatverdächtig* | tatverdacht | "
     "geschädigten konto | gefahr im verzug | hausdurchsuchung* | "
     "steuerfahnd* | zollfahnd* | zollkriminal* | hauptzollamt* | "
     "finanzamt für | steuerstraf* | 93 abgabenordnung | "
     "finanzkontrolle schwarzarbeit | finanztransaktion* | "
     "landesbeauftragte* für | bundesbeauftragte* für | "
     "datenschutzaufsicht* | aufsichtsbehörde hat | anhörung nach § 28 | "
     "landesanstalt für | medienanstalt* | medienstaatsvertrag | "
     "sperrverfügung* | bundesnetzagentur | koordinator für digitale | "
     "bundeskartellamt | bafin | bundesanstalt für finanz* | "
     "finanzmarktaufsicht* | gewerbeaufsicht* | ordnungsamt | "
     "ordnungswidrigkeit* | bußgeldverfahren* | bußgeldbescheid* | "
     "bußgeldstelle | verfassungsschutz* | militärischer abschirm* | "
     "bundesnachrichtendienst* | entfernungsanordnung* | "
     "terroristische* inhalt* | strafantrag gestellt | strafantrag bei | "
     "anzeige erstattet, aktenzeichen | strafanzeige gestellt | "
     "bei der polizei gestellt | dienststelle | jugendschutzbehörde* | "
     "kjm | bzkj | meldebehörde* | vermisstensache"},
    {AUTHORITY, 4,
     "100j stpo | 161 stpo | 161a stpo | 163 stpo | 95 stpo | "
     "76a stpo | 135 stpo | 53 spg | 93 ao | 30 gwg"},
    {AUTHORITY_WHO, 0,
     "kommissar* | sachbearbeiter* | hiesige* | dienststelle* | behörde* | "
     "ermittler* | kriminal* | straftat* | warenkreditbetrug* | "
     "computerbetrug* | verfahren | geschädigte* | täter* | staatsanwält* | "
     "ministerium* | finanzamt* | zollamt* | amtshilfe | cybercrime | "
     "polizeiinspektor* | anzeige wegen"},
    {AUTHORITY_WHAT, 0,
     "anschlussinhaber* | bestandsdaten | kundendaten | nutzerdaten | "
     "verkehrsdaten | personalien | stammdaten | auskunft | "
     "protokolldaten | aktenzeichen | bitte um mitteilung | um mitteilung | "
     "um nachricht | um rückmeldung | nutzer der ip | inhaber der ip | "
     "identität des | identifizierung | stellungnahme nach art | "
     "wird geführt | ein verfahren wegen | sichern sie | gegen unbekannt | "
     "rufen sie mich | zeuge* | edition der"},
    /* --- courts --- */
    {COURT, 4,
     "mündliche* verhandlung | terminsladung* | ladung zum termin | "
     "termin zur mündlichen | termin zur verhandlung | "
     "güteverhandlung | klagepartei | beklagte* | "
     "ausfertigung des | ausfertigung | *urteils | zivilkammer | "
     "strafkammer | handelskammer des | zivilsenat | strafsenat | "
     "geschäftsstelle der | geschäftsstelle des | gerichtlich | "
     "rechtspfleger* | urkundsbeamt* | zustellung gemäß | "
     "prozesskosten* | streitverkündung | aktenzeichen des gericht* | "
     "beschluss des | beschlusses des | gerichtsbeschluss* | "
     "beschlagnahme* | *durchsuchungsbeschluss* | durchsuchungsanordnung* | "
     "ermittlungsrichter* | einstweilige* verfügung* | "
     "einstweilige* anordnung* | im parteibetrieb | ordnungsgeld* | "
     "ordnungshaft | zwangsgeld* | rechtsstreit* | klageschrift* | "
     "klage eingereicht | klage erhoben | verteidigungsbereitschaft | "
     "klageerwiderung | versäumnisurteil | gerichtsvollzieher* | "
     "zwangsvollstreckung* | vollstreckungsbescheid | pfändung* | "
     "exekutionsbewilligung | mahnbescheid* | gerichtlicher | "
     "gerichtliche* verfügung* | gerichtliche* vorladung | "
     "zeuge* zum termin | als zeuge* | vor dem landgericht | "
     "vor dem amtsgericht | vor das gericht | vor gericht | "
     "friedensrichter* | schlichtungsverhandlung | schlichtungsbehörde | "
     "beweisbeschluss* | sachverständigengutachten | "
     "gestattungsanordnung* | gestattungsbeschluss* | 101 abs. 9 urhg | "
     "handelsgericht* | verwaltungsgericht* | landesgericht* | "
     "kammergericht | oberlandesgericht* | olg | bezirksgericht* | "
     "kantonsgericht* | strafgericht* | arbeitsgericht* | "
     "landgericht köln | lg köln | urteil des | urteil vom | verurteilt | "
     "im namen des volkes | zustellungsurkunde | förmliche zustellung | "
     "hauptverhandlung | gerichtstermin | sperranordnung | richterliche*"},
    {COURT, -4, "gerichtsstr* | gerichtstr* | gerichtsplatz | gerichtsstand*"},
    {COURT_WHO, 0,
     "gericht | gerichts | gerichte | richter | richterin | amtsgericht* | "
     "landgericht*"},
    {COURT_WHAT, 0,
     "beschluss | beschlusses | urteil | verfügung | angeordnet | "
     "anordnung | ladung | geladen | termin | klage | verklag* | erlassen | "
     "zugestellt | zustellung | verhandlung | stattgegeben"},
    /* --- lawyers --- */
    {LAWYER, 4, "rae | ra'in"},
    {LAWYER, 4,
     "ansprüche auf unterlassung | anspruchsschreiben | "
     "namens unseres | ersatz der kosten | "
     "mandant | mandanten | mandantin* | mandantschaft | "
     "den anwalt | ohne gericht | rechtsschutz* | "
     "rechtsschutzversicherung | klage erheben | klage einreichen | "
     "dr. jur. | mandantin | namens unserer | syndikus* | "
     "fordere ich sie letztmalig | anspruchsteller* | "
     "unterlassungsklage | "
     "wir uns vor gericht | uns vor gericht wieder | *rechtsanwält* | "
     "*rechtsanwalt* | rechtsanwälte | anwältin | "
     "anwaltskanzlei* | anwalts* | anwaltlich* | unsere anwält* | "
     "mein anwalt* | zu meinem anwalt | einem anwalt | den anwalt | "
     "anwalt ein* | meinem rechtsanwalt | patentanwalt* | patentanwält* | "
     "*mandantschaft* | abmahn* | abgemahnt* | "
     "unterlassungserklärung* | unterlassungsanspruch* | strafbewehrt* | "
     "zur unterlassung | unterlassung und | zeigen wir die vertretung | "
     "zeigen an, dass | zeige ich an, dass | vertretung des | "
     "vertretung der geschädigten | vertretung an | bevollmächtigung | "
     "vollmacht wird | vollmacht liegt | rechtsvertret* | rechtsbeistand | "
     "rechtliche* interessen | rechtliche* vertretung | störerhaftung | "
     "als störer | besitzstörung* | klage eingebracht | klage einreichen | "
     "klage einbringen | einklagen | verklage* | verklagen | "
     "sehen uns vor gericht | kostennote | aufforderungsschreiben | "
     "rechtliche* schritte | zivilrechtlich* | strafrechtliche* schritte | "
     "schmerzensgeld* | schadensersatzanspr* | gegendarstellung* | "
     "rechtsabteilung der | persönlichkeitsrecht* | verleumdet | "
     "in vorbezeichneter | namens und | widrigenfalls klage | "
     "gerichtlich vorgehen | rechtsweg | kanzlei"},
    {LAWYER_WHO, 0,
     "kanzlei* | anwalt* | anwält* | justiziar* | rechtsabteilung* | "
     "mandant* | legal counsel"},
    {LAWYER_WHAT, 0,
     "frist | schadenersatz* | schadensersatz* | vertrete* | beauftragt | "
     "unterlass* | haften | haftung | klage* | rechtsverletzung* | "
     "fordern wir | fordere ich | aufzufordern | rechtliche"},
    /* --- threats to life --- */
    {LIFE, 4,
     "abzustechen | umbringen will | strick gekauft | "
     "alles vorbereitet, morgen | es vorbei, er | einen strick | "
     "zu erstechen | zu erschießen | zu verbrennen | aufhängen will | "
     "erhängen | "
     "macht uns kalt | mach dich kalt | mache dich kalt | "
     "gewaltandrohung* | gewaltdrohung* | androhung von gewalt | "
     "mit dem messer | mit einem messer | mit dem gewehr | "
     "ist verschwunden | seit gestern verschwunden | ritzt sich | "
     "sich etwas an* | etwas antun | antun will | sich was antun | "
     "drohbrief* | bedroht mich | bedroht uns | folter* | "
     "umbringt | umbringe* | umgebracht | umzubringen | bringt sich um | "
     "bringe mich um | bringen sich um | sich heute umbringen | "
     "nicht mehr leben | will sterben | möchte sterben | mache schluss | "
     "schluss mit dem leben | leben beenden | leben zu nehmen | "
     "das leben nehmen | von der brücke | vor den zug | pulsadern | "
     "tabletten genommen | *suizid* | *selbstmord* | selbsttötung* | "
     "freitod | selbst töten | selbst zu töten | abschiedsbrief* | "
     "laufe* amok | amok | amok* | amoklauf* | massaker | blutbad | "
     "bombendroh* | eine bombe | bombe liegt | bombe im | bombe in der | "
     "bombe gelegt | bombenalarm | sprengstoff* | sprengsatz* | sprengen | "
     "*anschlag auf | terroranschlag* | die kehle | kehle durch* | "
     "morddroh* | *morddrohung* | *todesdrohung* | todesangst | "
     "bedroht mein leben | mit dem tod* | mit dem tode | ermorden | "
     "ermordet | wird mich töten | töten will | mich töten | uns töten | "
     "sie töten | töte dich | töte euch | töten werde | erstechen | "
     "erstich* | erschiess* | erschieß* | erschlagen | erwürgen | "
     "enthaupten | köpfen | vergewaltig* | entführ* | lösegeld* | "
     "geiselnahme* | geisel* | verschleppt | swatting | sek mit | "
     "waffen vor der tür | falscher notruf | schießerei* | schiesserei* | "
     "schusswaffe* | lebensgefahr* | leib und leben | um mein leben | "
     "säure ins gesicht | vergift* das | alle sterben | alle töten | "
     "alle umbringen | haus anzünden | anzünden mit | akute gefahr | "
     "fremdgefährdung | selbstgefährdung | eigengefährdung"},
    {LIFE_WHO, 0,
     "schule | schüler* | lehrer* | mitschüler* | kinder | bürgermeister* | "
     "meine frau | mein mann | moschee | synagoge | kirche | bahnhof | "
     "flughafen | rathaus | krankenhaus"},
    {LIFE_WHAT, 0,
     "messer | waffe | waffen | pistole | gewehr | abstechen | sterben | "
     "bombe | töten | erschießen | umbringen | anschlag | verbrennen | blut"},
    {LIFE, -4, "bombensicher* | mordsmäßig*"},
    /* --- illegal images --- */
    {CHILD, 4,
     "kindern in unterwäsche | kinder in unterwäsche | "
     "eindeutigen posen | aufreizenden posen | "
     "missbrauch kleiner | missbrauch von kleinen | "
     "missbrauch an kindern | sexuellen missbrauch | kleiner jungen | "
     "kleiner mädchen | "
     "missbrauchs von kindern | missbrauch von kindern | "
     "missbrauch von minderjährig* | *missbrauchsabbildung* | "
     "*missbrauchsdarstellung* | *missbrauchsmaterial* | missbrauchsbild* | "
     "missbrauchsvideo* | sexuelle* gewalt gegen kinder | "
     "sexualisierte* gewalt gegen kinder | "
     "sexuelle ausbeutung von kindern | kinderporn* | kinder porn* | "
     "jugendporn* | kipo | kindesmissbrauch* | kindesmißbrauch* | 184b | "
     "184c | posendarstellung* | cybergrooming | pädokrim* | pädoporn* | "
     "pädosex* | pädo | pädophil* | "
     "nacktfoto* von kind* | nackte* kind* | kinder nackt | "
     "nacktbilder von | beschwerdestelle hat"},
    {CHILD_WHO, 0,
     "kind | kinder | kindern | kindes | minderjährig* | mädchen | jungen | "
     "*jährige* | schülerin* | tochter | sohn | säugling* | baby | babys | "
     "kleinkind*"},
    {CHILD_WHAT, 0,
     "nackt* | *nackt | nacktfoto* | nacktbild* | porno* | sexuell* | "
     "missbraucht | intime* | angefasst | intimfoto* | sex mit | "
     "unbekleidet* | vergewaltigt"},
};

const SensitiveTable SENSITIVE_GERMAN = {ROWS, G_N_ELEMENTS(ROWS),
                                         SPELLING_UMLAUTS};
