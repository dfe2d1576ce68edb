#include "intake/handling.h"

#include "base/errors.h"

/* Between the words of a request: no name holds one (casework.c). */
#define BETWEEN "\t"
#define WORDS   5

/* One request on its way to the store. */
typedef struct {
    Store *store;
    char **words; /* as in HandlingOrder; "": not said */
    CaseHand hand;
    char **text;
} Handling;

static const char *word_at(const Handling *handling, guint index)
{
    const char *word = handling->words[index];
    return *word ? word : NULL;
}

static const char *id_of(const Handling *handling)
{
    return handling->words[1];
}

char *handling_order_new_text(const HandlingOrder *order)
{
    return g_strjoin(
        BETWEEN, order->verb, order->id, order->by ? order->by : "",
        order->other ? order->other : "", order->from ? order->from : "", NULL);
}

char *handling_mail_of(const char *order)
{
    g_auto(GStrv) words = g_strsplit(order, BETWEEN, -1);
    bool is_split =
        g_strv_length(words) == WORDS && g_str_equal(words[0], "split");
    return is_split ? g_strdup(words[1]) : NULL;
}

static const char *stopped_text(guint stopped)
{
    return stopped ? " Its letter is stopped." : "";
}

/* ---- one function a verb ------------------------------------------------ */

typedef bool Handle(Handling *handling, GError **error);

static bool do_note(Handling *handling, GError **error)
{
    CaseHand hand = handling->hand;
    hand.why = NULL; /* it is the note */
    *handling->text =
        g_strdup("Noted. Only staff see it: it is in no letter, brief or "
                 "export.");
    return store_case_note(handling->store, id_of(handling), handling->hand.why,
                           &hand, error);
}

static bool do_assign(Handling *handling, GError **error)
{
    const char *to = word_at(handling, 3);
    if (to && g_str_equal(to, HANDLING_NOBODY))
        to = NULL;
    *handling->text = g_strdup_printf("%s is given to %s.", id_of(handling),
                                      to ? to : "nobody");
    return store_case_assign(handling->store, id_of(handling), to,
                             word_at(handling, 4), &handling->hand, error);
}

static bool do_close(Handling *handling, GError **error)
{
    guint stopped = 0;
    if (!store_case_close(handling->store, id_of(handling), &handling->hand,
                          &stopped, error))
        return false;
    *handling->text =
        g_strdup_printf("Closed.%s Open it again with: exitdesk case reopen %s",
                        stopped_text(stopped), id_of(handling));
    return true;
}

static bool do_reopen(Handling *handling, GError **error)
{
    *handling->text = g_strdup("Open again: it waits for staff. A letter that "
                               "was stopped stays so.");
    return store_case_reopen(handling->store, id_of(handling), &handling->hand,
                             error);
}

static bool do_join(Handling *handling, GError **error)
{
    const char *into = word_at(handling, 3);
    guint stopped = 0;
    if (!into) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "the request does not say which case to join");
        return false;
    }
    if (!store_case_join(handling->store, id_of(handling), into,
                         &handling->hand, &stopped, error))
        return false;
    *handling->text = g_strdup_printf(
        "Joined to %s and closed.%s Later mails of %s go there. Undo it with: "
        "exitdesk case reopen %s",
        into, stopped_text(stopped), id_of(handling), id_of(handling));
    return true;
}

static bool do_split(Handling *handling, GError **error)
{
    g_autofree char *from = NULL;
    if (!store_mail_split(handling->store, id_of(handling), &handling->hand,
                          &from, error))
        return false;
    *handling->text = g_strdup_printf(
        "Split off from %s. The mail is read and decided anew: exitdesk case "
        "show %s",
        from, id_of(handling));
    return true;
}

static bool do_done(Handling *handling, GError **error)
{
    bool has_text;
    if (!store_case_entered(handling->store, id_of(handling), &handling->hand,
                            &has_text, error))
        return false;
    *handling->text =
        g_strdup_printf("Noted: the answer is in the form%s.",
                        has_text ? ", with the text of the draft" : "");
    return true;
}

static const struct {
    const char *verb;
    Handle *handle;
} VERBS[] = {
    {"note", do_note},     {"assign", do_assign}, {"close", do_close},
    {"reopen", do_reopen}, {"join", do_join},     {"split", do_split},
    {"done", do_done},
};

bool handling_do(Store *store, const char *order, const char *note,
                 const char *login, Instant now, char **text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(order, BETWEEN, -1);
    g_autofree char *told = NULL;
    Handling handling = {
        .store = store, .words = words, .text = &told, .hand = {0}};
    bool is_whole = g_strv_length(words) == WORDS;
    for (guint i = 0; is_whole && i < G_N_ELEMENTS(VERBS); i++) {
        if (!g_str_equal(words[0], VERBS[i].verb))
            continue;
        const char *by = word_at(&handling, 2);
        handling.hand = (CaseHand){
            .by = by ? by : login, .login = login, .why = note, .now = now};
        if (!VERBS[i].handle(&handling, error))
            return false;
        *text = g_steal_pointer(&told);
        return true;
    }
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "the request about a case is not whole");
    return false;
}
