/*
 * Every shipped letter in every branch: composed, and read by rules that hold
 * for all of them. What a language says in its own words is asked where it is
 * known (WORDS); test_lint.c asks the rest of each text.
 */
#include "letters_digest.h"
#include "templates_dir.h"

#include "reply/letter.h"
#include "reply/lint.h"
#include "reply/sample.h"

#include <string.h>

static Templates *load_shipped(void)
{
    g_autoptr(GError) error = NULL;
    Templates *templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    return templates;
}

static bool is_named(const Template *template, const char *const *names)
{
    return g_strv_contains(names, template->name);
}

/* The desk's own letters name no member. */
static const char *const OF_DESK[] = {"not-ours", "please-send-desk",
                                      "several-members", NULL};

/* These state the times of each case, from the first to the last. */
static const char *const LISTS[] = {"reporters-digest", NULL};

/* No review opens these; the list is written down a second time on purpose.
 */
static const char *const FOR_A_PERSON[] = {"authority",
                                           "data-request",
                                           "dsa-notice",
                                           "lawyer",
                                           "media",
                                           "not-listed",
                                           "not-ours",
                                           "please-send-desk",
                                           "preserve-evidence",
                                           "several-members",
                                           "threats",
                                           "upstream-explain",
                                           "what-is-this",
                                           "why-not-block",
                                           NULL};

/* Sentences of fact and the bits without which they must not stand there. */
static const LetterFact FACTS[] = {
    {"en", "public exit", SAMPLE_EXIT},
    {"de", "öffentliches Exit-Relay", SAMPLE_EXIT},
    {"de", "öffentliche Exit-Relays", SAMPLE_EXIT},
    {"en", "Most likely", SAMPLE_EXIT},
    {"de", "Sehr wahrscheinlich", SAMPLE_EXIT},
    {"en", "let no Tor traffic out", SAMPLE_PORT_CLOSED},
    {"de", "keinen Tor-Verkehr", SAMPLE_PORT_CLOSED},
    {"en", "but not an exit", SAMPLE_NOT_EXIT},
    {"de", "aber kein Exit-Relay", SAMPLE_NOT_EXIT},
    {"en", "name no Tor relay", SAMPLE_NOT_LISTED},
    {"de", "kein Tor-Relay", SAMPLE_NOT_LISTED},
    {"en", "not ours at", SAMPLE_NOT_OURS},
    {"de", "nicht zu uns", SAMPLE_NOT_OURS},
    {"en", "keep no record", SAMPLE_NO_LOGS},
    {"de", "nicht aufzeichnen", SAMPLE_NO_LOGS},
    {"en", "non-profit", SAMPLE_NON_PROFIT},
    {"de", "gemeinnützig", SAMPLE_NON_PROFIT},
    {"en", "no sign of a break-in", SAMPLE_CHECKED},
    {"de", "Spur eines Einbruchs", SAMPLE_CHECKED},
    {"en", "others use the address", SAMPLE_SHARED},
    {"de", "andere die Adresse nutzen", SAMPLE_SHARED},
    {"en", "did not come through Tor", SAMPLE_UDP},
    {"en", "no longer lets traffic out", SAMPLE_REMEDY},
    {"en", "a person read it", SAMPLE_HELD},
    {"de", "ein Mensch hat es gelesen", SAMPLE_HELD},
    {"fr", "relais de sortie public", SAMPLE_EXIT},
    {"fr", "très probablement", SAMPLE_EXIT},
    {"fr", "aucun trafic Tor vers", SAMPLE_PORT_CLOSED},
    {"fr", "mais pas un relais", SAMPLE_NOT_EXIT},
    {"fr", "mais pas des relais", SAMPLE_NOT_EXIT},
    {"fr", "aucun relais Tor", SAMPLE_NOT_LISTED},
    {"fr", "pas à nous", SAMPLE_NOT_OURS},
    {"fr", "aucune trace", SAMPLE_NO_LOGS},
    {"fr", "non lucratif", SAMPLE_NON_PROFIT},
    {"fr", "signe d'intrusion", SAMPLE_CHECKED},
    {"fr", "d'autres utilisent", SAMPLE_SHARED},
    {"fr", "pas passé par Tor", SAMPLE_UDP},
    {"fr", "ne laisse plus passer", SAMPLE_REMEDY},
    {"fr", "une personne l'a lu", SAMPLE_HELD},
    {"es", "repetidor de salida público", SAMPLE_EXIT},
    {"es", "repetidores de salida públicos", SAMPLE_EXIT},
    {"es", "Muy probablemente", SAMPLE_EXIT},
    {"es", "ningún tráfico Tor hacia", SAMPLE_PORT_CLOSED},
    {"es", "pero no un repetidor", SAMPLE_NOT_EXIT},
    {"es", "pero no repetidores", SAMPLE_NOT_EXIT},
    {"es", "no mencionan ningún repetidor", SAMPLE_NOT_LISTED},
    {"es", "no era nuestra", SAMPLE_NOT_OURS},
    {"es", "no eran nuestras", SAMPLE_NOT_OURS},
    {"es", "no guardan constancia", SAMPLE_NO_LOGS},
    {"es", "sin ánimo de lucro", SAMPLE_NON_PROFIT},
    {"es", "indicio de intrusión", SAMPLE_CHECKED},
    {"es", "otros usan también", SAMPLE_SHARED},
    {"es", "no pasó por Tor", SAMPLE_UDP},
    {"es", "ya no deja salir", SAMPLE_REMEDY},
    {"es", "leído por una persona", SAMPLE_HELD},
    {"it", "relay di uscita pubblic", SAMPLE_EXIT},
    {"it", "Con ogni probabilità", SAMPLE_EXIT},
    {"it", "alcun traffico Tor verso", SAMPLE_PORT_CLOSED},
    {"it", "ma non un relay", SAMPLE_NOT_EXIT},
    {"it", "ma non relay", SAMPLE_NOT_EXIT},
    {"it", "non riportano alcun relay", SAMPLE_NOT_LISTED},
    {"it", "non era nostro", SAMPLE_NOT_OURS},
    {"it", "non erano nostri", SAMPLE_NOT_OURS},
    {"it", "non conservano traccia", SAMPLE_NO_LOGS},
    {"it", "senza scopo di lucro", SAMPLE_NON_PROFIT},
    {"it", "segno di intrusione", SAMPLE_CHECKED},
    {"it", "altri usano", SAMPLE_SHARED},
    {"it", "non è passato da Tor", SAMPLE_UDP},
    {"it", "non lascia più uscire", SAMPLE_REMEDY},
    {"it", "letto da una persona", SAMPLE_HELD},
    {"pt", "relay de saída público", SAMPLE_EXIT},
    {"pt", "relays de saída públicos", SAMPLE_EXIT},
    {"pt", "Muito provavelmente", SAMPLE_EXIT},
    {"pt", "nenhum tráfego Tor para", SAMPLE_PORT_CLOSED},
    {"pt", "mas não um relay", SAMPLE_NOT_EXIT},
    {"pt", "mas não relays", SAMPLE_NOT_EXIT},
    {"pt", "não mencionam nenhum relay", SAMPLE_NOT_LISTED},
    {"pt", "não era nosso", SAMPLE_NOT_OURS},
    {"pt", "não eram nossos", SAMPLE_NOT_OURS},
    {"pt", "não guardam dados", SAMPLE_NO_LOGS},
    {"pt", "sem fins lucrativos", SAMPLE_NON_PROFIT},
    {"pt", "sinal de intrusão", SAMPLE_CHECKED},
    {"pt", "outros também usam", SAMPLE_SHARED},
    {"pt", "não passou pelo Tor", SAMPLE_UDP},
    {"pt", "já não deixa sair", SAMPLE_REMEDY},
    {"pt", "lida por uma pessoa", SAMPLE_HELD},
    {"nl", "publieke exit-relay", SAMPLE_EXIT},
    {"nl", "Hoogstwaarschijnlijk", SAMPLE_EXIT},
    {"nl", "geen Tor-verkeer door", SAMPLE_PORT_CLOSED},
    {"nl", "maar geen exit-relay", SAMPLE_NOT_EXIT},
    {"nl", "openbare lijsten vermelden", SAMPLE_NOT_LISTED},
    {"nl", "niet van ons.", SAMPLE_NOT_OURS},
    {"nl", "niet vastleggen", SAMPLE_NO_LOGS},
    {"nl", "zonder winstoogmerk", SAMPLE_NON_PROFIT},
    {"nl", "spoor van een inbraak", SAMPLE_CHECKED},
    {"nl", "ook anderen het adres", SAMPLE_SHARED},
    {"nl", "kwam niet via Tor", SAMPLE_UDP},
    {"nl", "laat geen verkeer meer door", SAMPLE_REMEDY},
    {"nl", "een mens heeft het gelezen", SAMPLE_HELD},
    {"pl", "publicznym węzłem wyjściowym", SAMPLE_EXIT},
    {"pl", "publicznymi węzłami wyjściowymi", SAMPLE_EXIT},
    {"pl", "Najprawdopodobniej", SAMPLE_EXIT},
    {"pl", "nie przepuszczały wtedy ruchu", SAMPLE_PORT_CLOSED},
    {"pl", "ale nie węzłem", SAMPLE_NOT_EXIT},
    {"pl", "ale nie węzłami", SAMPLE_NOT_EXIT},
    {"pl", "nie wymieniają żadnego węzła", SAMPLE_NOT_LISTED},
    {"pl", "do nas,", SAMPLE_NOT_OURS},
    {"pl", "nie zapisują", SAMPLE_NO_LOGS},
    {"pl", "non-profit", SAMPLE_NON_PROFIT},
    {"pl", "śladu włamania", SAMPLE_CHECKED},
    {"pl", "także inni", SAMPLE_SHARED},
    {"pl", "nie przeszedł przez sieć Tor", SAMPLE_UDP},
    {"pl", "nie przepuszcza już ruchu", SAMPLE_REMEDY},
    {"pl", "a człowiek ją przeczytał", SAMPLE_HELD},
    {"cs", "veřejným výstupním uzlem", SAMPLE_EXIT},
    {"cs", "veřejnými výstupními uzly", SAMPLE_EXIT},
    {"cs", "největší pravděpodobností", SAMPLE_EXIT},
    {"cs", "tehdy nepropouštěla žádný provoz", SAMPLE_PORT_CLOSED},
    {"cs", "ale ne výstupním", SAMPLE_NOT_EXIT},
    {"cs", "neuvádějí žádný uzel", SAMPLE_NOT_LISTED},
    {"cs", "nepatřil", SAMPLE_NOT_OURS},
    {"cs", "nezaznamenávají", SAMPLE_NO_LOGS},
    {"cs", "nezisková", SAMPLE_NON_PROFIT},
    {"cs", "stopa po průniku", SAMPLE_CHECKED},
    {"cs", "používají i jiní", SAMPLE_SHARED},
    {"cs", "nepřišel přes Tor", SAMPLE_UDP},
    {"cs", "už nepropouští provoz", SAMPLE_REMEDY},
    {"cs", "a přečetl ji člověk", SAMPLE_HELD},
    {"sv", "publikt exitrelä", SAMPLE_EXIT},
    {"sv", "publika exitreläer", SAMPLE_EXIT},
    {"sv", "Med största sannolikhet", SAMPLE_EXIT},
    {"sv", "släppte då inte ut någon Tor-trafik", SAMPLE_PORT_CLOSED},
    {"sv", "men inget exitrelä", SAMPLE_NOT_EXIT},
    {"sv", "men inga exitreläer", SAMPLE_NOT_EXIT},
    {"sv", "upptar inget Tor-relä", SAMPLE_NOT_LISTED},
    {"sv", "var inte vår", SAMPLE_NOT_OURS},
    {"sv", "inte sparar uppgifter", SAMPLE_NO_LOGS},
    {"sv", "ideell organisation", SAMPLE_NON_PROFIT},
    {"sv", "spår av intrång", SAMPLE_CHECKED},
    {"sv", "även andra använder", SAMPLE_SHARED},
    {"sv", "kom inte genom Tor", SAMPLE_UDP},
    {"sv", "släpper inte längre ut", SAMPLE_REMEDY},
    {"sv", "en människa har läst det", SAMPLE_HELD},
};

static const struct {
    const char *language, *program, *person, *step[5];
} WORDS[] = {
    {"en",
     "A program wrote this for",
     "A person reads your answer",
     {"lease ", "torbulkexitlist", "Tell us", "send us", NULL}},
    {"de",
     "Ein Programm hat dies für",
     "Ihre Antwort liest ein Mensch",
     {"itte", "torbulkexitlist", "Sehen Sie", "enden Sie", NULL}},
    {"fr",
     "Un programme a écrit ce message pour",
     "Une personne lira votre réponse",
     {"erci de", "erci d'", "torbulkexitlist", "nvoyez-nous", NULL}},
    {"es",
     "Mensaje escrito por un programa en nombre de",
     "Una persona leerá su respuesta",
     {"e rogamos", "or favor", "torbulkexitlist", "nvíenos", NULL}},
    {"it",
     "Messaggio scritto da un programma per conto di",
     "Una persona leggerà la vostra risposta",
     {"i preghiamo", "torbulkexitlist", "nviateci", NULL}},
    {"pt",
     "Mensagem escrita por um programa em nome de",
     "Uma pessoa lerá a sua resposta",
     {"or favor", "torbulkexitlist", "nvie-nos", NULL}},
    {"nl",
     "Een programma heeft dit geschreven voor",
     "Uw antwoord wordt door een mens gelezen",
     {"lstublieft", "torbulkexitlist", "tuur ons", NULL}},
    {"pl",
     "napisał program (w imieniu",
     "odpowiedź przeczyta człowiek",
     {"rosimy", "torbulkexitlist", NULL}},
    {"cs",
     "napsal program (jménem",
     "odpověď přečte člověk",
     {"prosím", "torbulkexitlist", NULL}},
    {"sv",
     "Ett program har skrivit detta åt",
     "svar läses av en människa",
     {"kicka oss", "torbulkexitlist", "ber er", "vara gärna", NULL}},
};

static void check_words(const Template *template, const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        if (!g_str_equal(WORDS[i].language, template->language))
            continue;
        g_assert_nonnull(strstr(text, WORDS[i].program));
        g_assert_nonnull(strstr(text, WORDS[i].person));
        bool has_step = false;
        for (guint k = 0; WORDS[i].step[k]; k++)
            has_step |= strstr(text, WORDS[i].step[k]) != NULL;
        if (!has_step)
            g_error("%s: no step to take in:\n%s", template->id, text);
    }
}

static void check_each(const LetterFact *facts, guint count,
                       const char *language, const char *text, uint32_t bits)
{
    for (guint i = 0; i < count; i++)
        if (g_str_equal(facts[i].language, language) &&
            !(bits & facts[i].needs))
            g_assert_null(strstr(text, facts[i].words));
}

static void check_facts(const Template *template, const char *text,
                        uint32_t bits)
{
    const char *language = template->language;
    check_each(FACTS, G_N_ELEMENTS(FACTS), language, text, bits);
    check_each(DIGEST_FACTS, G_N_ELEMENTS(DIGEST_FACTS), language, text, bits);
    bool says_time = strstr(text, "14:02:11") != NULL;
    g_assert_true(!says_time ||
                  ((bits & SAMPLE_TIME) &&
                   (!(bits & SAMPLE_SEVERAL) || is_named(template, LISTS))));
}

/* Where to look up what we say; for all but the greatest rush. */
static void check_source(const char *text)
{
    g_assert_true(strstr(text, "https://metrics.torproject.org/") ||
                  strstr(text, "https://check.torproject.org/") ||
                  strstr(text, "https://collector.torproject.org/") ||
                  strstr(text, "https://support.torproject.org/"));
}

static void check_letter(const Template *template, uint32_t bits)
{
    g_autoptr(GError) error = NULL;
    if (is_named(template, OF_DESK))
        bits |= SAMPLE_DESK;
    g_autoptr(Sample) sample = sample_new(bits, "connection/login_attack");
    g_autoptr(Reply) reply = reply_compose(template, &sample->context, &error);
    g_assert_no_error(error);
    g_autofree char *text = g_strdelimit(g_strdup(reply->text), "\n", ' ');
    g_assert_cmpuint(g_bytes_get_size(reply->bytes), <, LETTER_BYTES_MAX / 2);
    static const char *const AMISS[] = {"{{", "}}",  " .", " ,", "..",
                                        ",,", ". .", "()", " ;"};
    for (guint i = 0; i < G_N_ELEMENTS(AMISS); i++)
        if (strstr(text, AMISS[i]))
            g_error("%s: \"%s\" in:\n%s", template->id, AMISS[i], reply->text);
    check_words(template, text);
    check_facts(template, text, bits);
    check_source(text);
    g_assert_true(!(bits & SAMPLE_DESK) || !strstr(text, "Library"));
    g_assert_null(strstr(text, "§"));
    g_assert_null(strstr(text, "U.S.C"));
    if (reply_claims_hold(reply))
        g_assert_true(bits & (SAMPLE_VERDICTS | SAMPLE_UDP | SAMPLE_REMEDY));
}

static void test_all_branches(void)
{
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(GArray) all = sample_all_branches();
    for (guint i = 0; i < templates_count(templates); i += LETTERS_STEP)
        for (guint k = 0; k < all->len; k++)
            check_letter(templates_at(templates, i),
                         g_array_index(all, uint32_t, k));
}

/* Name servers are asked by UDP: the relay's rules for that port may be open,
 * and no letter says that they were not. */
static void test_no_rules_for_udp(void)
{
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        if (!g_str_equal(template->name, "spoofed"))
            continue;
        const uint32_t bits =
            SAMPLE_PORT_CLOSED | SAMPLE_TIME | SAMPLE_PORT | SAMPLE_UDP;
        g_autoptr(Sample) sample = sample_new(bits, "connection/ddos");
        Incident *incident = sample->findings->incidents->pdata[0];
        incident->target_port = 53;
        g_autoptr(Reply) reply =
            reply_compose(template, &sample->context, NULL);
        g_assert_nonnull(reply);
        g_autofree char *text = g_strdelimit(g_strdup(reply->text), "\n", ' ');
        check_words(template, text);
        check_facts(template, text, bits & ~(SAMPLE_PORT_CLOSED | SAMPLE_UDP));
        g_assert_nonnull(strstr(text, "TCP"));
        g_assert_nonnull(strstr(text, "UDP"));
    }
}

/* A letter rests on a claim in just the verdicts that it answers. */
static void test_what_carries(void)
{
    static const struct {
        const char *id;
        uint32_t verdicts;
    } CASES[] = {
        {"XX/login-attack.en", SAMPLE_EXIT | SAMPLE_PORT_CLOSED},
        {"XX/upstream.en", SAMPLE_EXIT | SAMPLE_PORT_CLOSED},
        {"XX/closing-note.en", SAMPLE_EXIT | SAMPLE_PORT_CLOSED},
        {"XX/port-closed.en", SAMPLE_EXIT | SAMPLE_PORT_CLOSED},
        {"XX/not-exit.en", SAMPLE_NOT_EXIT},
        {"XX/not-listed.en", SAMPLE_NOT_LISTED},
        {"XX/please-send.en", 0},
        {"XX/reporters-digest.en", SAMPLE_EXIT | SAMPLE_PORT_CLOSED |
                                       SAMPLE_NOT_EXIT | SAMPLE_NOT_LISTED},
        {"XX/why-not-block.en", 0},
        {"XX/authority.en", 0},
        {"XX/rule-live.en", 0},
    };
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        for (uint32_t bit = 1; bit <= SAMPLE_VERDICTS; bit <<= 1) {
            if (!(bit & SAMPLE_VERDICTS))
                continue;
            g_autoptr(Sample) sample = sample_new(
                bit | SAMPLE_TIME | SAMPLE_PORT, "connection/login_attack");
            g_autoptr(Reply) reply =
                reply_compose(templates_by_id(templates, CASES[i].id),
                              &sample->context, NULL);
            g_assert_nonnull(reply);
            g_test_message("%s %x", CASES[i].id, bit);
            g_assert_cmpint(reply_claims_hold(reply), ==,
                            (CASES[i].verdicts & bit) != 0);
        }
}

static void test_for_a_person(void)
{
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        g_test_message("%s", template->id);
        g_assert_cmpint(template_is_never_automatic(template), ==,
                        is_named(template, FOR_A_PERSON));
    }
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The claims and blocks of a letter with its blocks, sorted. */
static char *skeleton_of(const Template *template)
{
    g_autoptr(GPtrArray) parts = lint_parts(template);
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < parts->len; i++) {
        const Mustache *part = parts->pdata[i];
        for (guint k = 0; k < part->nodes->len; k++) {
            const MustacheNode *node =
                &g_array_index(part->nodes, MustacheNode, k);
            bool is_claim = node->kind == NODE_SECTION &&
                            g_str_has_prefix(node->text, "claim.");
            if (is_claim || node->kind == NODE_BLOCK)
                g_ptr_array_add(words, g_strdup(node->text));
        }
    }
    g_ptr_array_sort(words, compare_texts);
    g_ptr_array_add(words, NULL);
    return g_strjoinv(" ", (char **)words->pdata);
}

/* What one language claims every other does: same claims, same blocks. */
static void test_languages_agree(void)
{
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        const Template *english =
            templates_choose(templates, template->country, template->name,
                             (const char *const[]){"en", NULL});
        g_test_message("%s", template->id);
        g_assert_nonnull(english);
        g_autofree char *one = skeleton_of(template);
        g_autofree char *two = skeleton_of(english);
        g_assert_cmpstr(one, ==, two);
    }
}

/* Law comes by its block, never typed in. */
static void test_law(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Policies) policies =
        policies_load((const char *const[]){POLICY_DIR, NULL}, &error);
    g_assert_no_error(error);
    static const struct {
        const char *country, *id, *law;
    } CASES[] = {
        {"DE", "XX/copyright.en", "DDG"},
        {"DE", "XX/copyright.de", "DDG"},
        {"DE", "XX/copyright.fr", "DDG"},
        {"DE", "XX/copyright.es", "DDG"},
        {"DE", "XX/copyright.it", "DDG"},
        {"DE", "XX/copyright.pt", "DDG"},
        {"US", "XX/copyright.en", "U.S.C"},
        {"US", "XX/copyright-isp.en", "U.S.C"},
        {"DE", "XX/login-attack.en", NULL},
    };
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Sample) sample =
            sample_new(SAMPLE_USUAL | SAMPLE_HELD, "copyright/p2p");
        g_free(sample->member->country);
        sample->member->country = g_strdup(CASES[i].country);
        sample->context.policies = policies;
        g_autoptr(Reply) reply = reply_compose(
            templates_by_id(templates, CASES[i].id), &sample->context, &error);
        g_assert_no_error(error);
        g_test_message("%s %s\n%s", CASES[i].country, CASES[i].id, reply->text);
        if (CASES[i].law)
            g_assert_nonnull(strstr(reply->text, CASES[i].law));
        else
            g_assert_null(strstr(reply->text, "DDG"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/letters/all-branches", test_all_branches);
    g_test_add_func("/reply/letters/no-rules-for-udp", test_no_rules_for_udp);
    g_test_add_func("/reply/letters/what-carries", test_what_carries);
    g_test_add_func("/reply/letters/for-a-person", test_for_a_person);
    g_test_add_func("/reply/letters/languages-agree", test_languages_agree);
    g_test_add_func("/reply/letters/law", test_law);
    return g_test_run();
}
