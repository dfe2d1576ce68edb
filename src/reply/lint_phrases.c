/*
 * Sentences of fact in plain words: "was a public exit", "keep no record".
 *
 * Where such words stand in a letter, their claim must hold; the letter is
 * looked at as it would be read, so it does not matter through which blocks
 * the words come. Only words that cannot mean anything else are listed, as
 * they stand in the shipped letters and as people like to write them; a
 * denial that uses them ("was no public exit") is told as well, and better
 * said otherwise.
 *
 * To add one: a row; a language's words go with its letters.
 */
#include "reply/lint.h"

#include <string.h>

static const struct {
    const char *claim, *language, *words; /* small letters */
} PHRASES[] = {
    {"exit-then", "en", "public exit of"},
    {"exit-then", "en", "public exits of"},
    {"exit-then", "en", "was a tor exit"},
    {"exit-then", "de", "öffentliches exit-relay"},
    {"exit-then", "de", "öffentliche exit-relays"},
    {"exit-then", "de", "war ein tor-exit"},
    {"port-closed", "en", "let no tor traffic out"},
    {"port-closed", "de", "keinen tor-verkehr"},
    {"not-exit-then", "en", "but not an exit"},
    {"not-exit-then", "de", "aber kein exit-relay"},
    {"not-listed-then", "en", "name no tor relay at"},
    {"not-listed-then", "de", "nennen kein tor-relay"},
    {"no-logs", "en", "keep no record"},
    {"no-logs", "en", "keeps no record"},
    {"no-logs", "en", "no logs"},
    {"no-logs", "de", "nicht aufzeichnen"},
    {"no-logs", "de", "keine protokolle"},
    {"no-logs", "de", "keine verbindungsdaten"},
    {"non-profit", "en", "non-profit"},
    {"non-profit", "en", "nonprofit"},
    {"non-profit", "de", "gemeinnützig"},
    {"host-checked", "en", "no sign of a break-in"},
    {"host-checked", "de", "keine spur eines einbruchs"},
    {"destination-blocked", "en", "no longer lets traffic"},
    {"destination-blocked", "de", "lässt keinen verkehr mehr"},
    {"spoof-likely", "en", "did not come through tor"},
    {"spoof-likely", "de", "kam nicht durch tor"},
    {"relay-gone", "en", "relay any more"},
    {"relay-gone", "de", "kein relay mehr"},
    {"exit-then", "fr", "relais de sortie public"},
    {"exit-then", "es", "repetidor de salida público"},
    {"exit-then", "es", "repetidores de salida públicos"},
    {"exit-then", "it", "relay di uscita pubblico"},
    {"exit-then", "it", "relay di uscita pubblici"},
    {"exit-then", "pt", "relay de saída público"},
    {"exit-then", "pt", "relays de saída públicos"},
    {"port-closed", "fr", "aucun trafic tor vers"},
    {"port-closed", "es", "ningún tráfico tor hacia"},
    {"port-closed", "it", "alcun traffico tor verso"},
    {"port-closed", "pt", "nenhum tráfego tor para"},
    {"not-exit-then", "fr", "pas un relais de sortie"},
    {"not-exit-then", "fr", "pas des relais de sortie"},
    {"not-exit-then", "es", "no un repetidor de salida"},
    {"not-exit-then", "es", "no repetidores de salida"},
    {"not-exit-then", "it", "non un relay di uscita"},
    {"not-exit-then", "it", "non relay di uscita"},
    {"not-exit-then", "pt", "não um relay de saída"},
    {"not-exit-then", "pt", "não relays de saída"},
    {"not-listed-then", "fr", "ne mentionnent aucun relais tor"},
    {"not-listed-then", "es", "no mencionan ningún repetidor tor"},
    {"not-listed-then", "it", "non riportano alcun relay tor"},
    {"not-listed-then", "pt", "não mencionam nenhum relay tor"},
    {"no-logs", "fr", "aucune trace de qui"},
    {"no-logs", "fr", "aucun journal de connexion"},
    {"no-logs", "es", "no guardan constancia de quién"},
    {"no-logs", "es", "no guardamos registros"},
    {"no-logs", "it", "non conservano traccia di chi"},
    {"no-logs", "it", "nessun log"},
    {"no-logs", "pt", "não guardam dados sobre quem"},
    {"no-logs", "pt", "não guardamos logs"},
    {"non-profit", "fr", "but non lucratif"},
    {"non-profit", "es", "sin ánimo de lucro"},
    {"non-profit", "es", "sin fines de lucro"},
    {"non-profit", "it", "senza scopo di lucro"},
    {"non-profit", "pt", "sem fins lucrativos"},
    {"host-checked", "fr", "signe d'intrusion"},
    {"host-checked", "es", "indicio de intrusión"},
    {"host-checked", "it", "segno di intrusione"},
    {"host-checked", "pt", "sinal de intrusão"},
    {"destination-blocked", "fr", "ne laisse plus passer"},
    {"destination-blocked", "es", "ya no deja salir"},
    {"destination-blocked", "it", "non lascia più uscire"},
    {"destination-blocked", "pt", "já não deixa sair"},
    {"spoof-likely", "fr", "n'est pas passé par tor"},
    {"spoof-likely", "es", "no pasó por tor"},
    {"spoof-likely", "it", "non è passato da tor"},
    {"spoof-likely", "pt", "não passou pelo tor"},
    {"relay-gone", "fr", "il n'y a plus de relais tor"},
    {"relay-gone", "es", "ya no hay ningún repetidor tor"},
    {"relay-gone", "it", "non c'è più alcun relay tor"},
    {"relay-gone", "pt", "já não há nenhum relay tor"},
    {"exit-then", "nl", "publieke exit-relay"},
    {"exit-then", "nl", "was een tor-exit"},
    {"port-closed", "nl", "lieten toen geen tor-verkeer door"},
    {"not-exit-then", "nl", "maar geen exit-relay"},
    {"not-listed-then", "nl", "openbare lijsten vermelden"},
    {"no-logs", "nl", "niet vastleggen wie"},
    {"no-logs", "nl", "geen logboeken"},
    {"no-logs", "nl", "geen logbestanden"},
    {"non-profit", "nl", "zonder winstoogmerk"},
    {"host-checked", "nl", "spoor van een inbraak"},
    {"destination-blocked", "nl", "laat geen verkeer meer door"},
    {"spoof-likely", "nl", "kwam niet via tor"},
    {"relay-gone", "nl", "geen tor-relay meer"},
    {"exit-then", "pl", "publicznym węzłem wyjściowym"},
    {"exit-then", "pl", "publicznymi węzłami wyjściowymi"},
    {"port-closed", "pl", "nie przepuszczały wtedy ruchu"},
    {"not-exit-then", "pl", "ale nie węzłem wyjściowym"},
    {"not-exit-then", "pl", "ale nie węzłami wyjściowymi"},
    {"not-listed-then", "pl", "nie wymieniają żadnego węzła"},
    {"no-logs", "pl", "nie zapisują, kto"},
    {"no-logs", "pl", "nie przechowujemy logów"},
    {"non-profit", "pl", "organizacja non-profit"},
    {"host-checked", "pl", "śladu włamania"},
    {"destination-blocked", "pl", "nie przepuszcza już ruchu"},
    {"spoof-likely", "pl", "nie przeszedł przez sieć tor"},
    {"relay-gone", "pl", "nie ma tam już"},
    {"exit-then", "cs", "veřejným výstupním uzlem"},
    {"exit-then", "cs", "veřejnými výstupními uzly"},
    {"port-closed", "cs", "tehdy nepropouštěla žádný provoz"},
    {"not-exit-then", "cs", "ale ne výstupním"},
    {"not-listed-then", "cs", "neuvádějí žádný uzel"},
    {"no-logs", "cs", "nezaznamenávají, kdo"},
    {"no-logs", "cs", "neuchováváme logy"},
    {"non-profit", "cs", "nezisková organizace"},
    {"host-checked", "cs", "stopa po průniku"},
    {"destination-blocked", "cs", "už nepropouští provoz"},
    {"spoof-likely", "cs", "nepřišel přes tor"},
    {"relay-gone", "cs", "už žádný uzel"},
    {"exit-then", "sv", "publikt exitrelä"},
    {"exit-then", "sv", "publika exitreläer"},
    {"port-closed", "sv", "släppte då inte ut någon tor-trafik"},
    {"not-exit-then", "sv", "men inget exitrelä"},
    {"not-exit-then", "sv", "men inga exitreläer"},
    {"not-listed-then", "sv", "upptar inget tor-relä"},
    {"no-logs", "sv", "inte sparar uppgifter om vem"},
    {"no-logs", "sv", "inga loggar"},
    {"non-profit", "sv", "ideell organisation"},
    {"host-checked", "sv", "spår av intrång"},
    {"destination-blocked", "sv", "släpper inte längre ut"},
    {"spoof-likely", "sv", "kom inte genom tor"},
    {"relay-gone", "sv", "inte längre något tor-relä"},
};

char *lint_phrases_fold(const char *body)
{
    g_autoptr(GString) folded = g_string_sized_new(strlen(body) + 1);
    for (const char *at = body + strspn(body, " \t\n"); *at;) {
        if (strchr(" \t\n", *at)) {
            g_string_append_c(folded, ' ');
            at += strspn(at, " \t\n");
        } else if ((unsigned char)*at < 0x80) {
            g_string_append_c(folded, g_ascii_tolower(*at++));
        } else {
            g_string_append_unichar(folded,
                                    g_unichar_tolower(g_utf8_get_char(at)));
            at = g_utf8_next_char(at);
        }
    }
    return g_string_free(g_steal_pointer(&folded), FALSE);
}

/* told has a bit for each row of the language; beyond 32 a row is told once
 * for each branch, which is only longer. */
void lint_phrases(Lint *lint, const char *folded, LintClaim claim_is_true,
                  const void *data, uint32_t *told)
{
    const Template *template = lint->template;
    uint32_t bit = 1;
    for (guint i = 0; i < G_N_ELEMENTS(PHRASES); i++) {
        if (!g_str_equal(PHRASES[i].language, template->language))
            continue;
        bool is_new = !(*told & bit);
        if (is_new && strstr(folded, PHRASES[i].words) &&
            !claim_is_true(data, PHRASES[i].claim)) {
            *told |= bit;
            LINT_ERROR(lint, template->file, template->body_line, 1,
                       "says \"%s\" where {{#claim.%s}} does not hold",
                       PHRASES[i].words, PHRASES[i].claim);
        }
        bit <<= 1;
    }
}

void lint_phrases_all(const char *folded, LintPhrase *tell, void *data)
{
    for (guint i = 0; i < G_N_ELEMENTS(PHRASES); i++)
        if (strstr(folded, PHRASES[i].words))
            tell(data, PHRASES[i].claim, PHRASES[i].words);
}
