/*
 * A little machine: operands are collected until a word comes, which is the
 * operator. Matrices are kept because the place of a piece is a product of
 * three; whoever leaves one out reads tables in the wrong order.
 *
 * A form (a drawing with a name, used again and again) is content of its own.
 * The stream that draws it is put aside on a stack of few frames.
 *
 * Hostile content: operands beyond MAX are dropped, q without Q stops
 * counting at MAX, operators and forms are counted for the page, and numbers
 * are bounded by the lexer; what overflows nonetheless is not finite and shows
 * no text.
 */
#include "mail/pdf_content.h"

#include "mail/pdf_lex.h"

#include <math.h>
#include <string.h>

#define OPERANDS_MAX 8
#define STATES_MAX   64
#define KERN_MAX     100 /* thousandths: letters are not moved further */
#define TEXT_MAX     (4u * 1024 * 1024) /* of one page */

static const PdfMatrix IDENTITY = {1, 0, 0, 1, 0, 0};

/* What q keeps and Q brings back. */
typedef struct {
    PdfMatrix matrix;
    const PdfFont *font;
    double size, spacing, word_spacing, scale, leading, rise;
} State;

typedef struct {
    PdfLexer lexer;
    GBytes *bytes;
    int resources;
    size_t states; /* how many there were when it began */
} Frame;

typedef struct {
    const PdfResources *resources;
    PdfPage *page;
    PdfGlyphs *count;
    State state;
    GArray *states; /* of State */
    PdfMatrix text, line;
    Frame frames[PDF_FORMS_DEPTH_MAX];
    int depth;
    size_t operators, forms;
    double operands[OPERANDS_MAX];
    size_t numbers;
    GString *token, *string, *name;
    bool is_over; /* something was left out */
    bool is_done; /* the rest is left out */
} Machine;

/* First a, then b. */
static PdfMatrix multiply(const PdfMatrix *a, const PdfMatrix *b)
{
    return (PdfMatrix){
        .a = a->a * b->a + a->b * b->c,
        .b = a->a * b->b + a->b * b->d,
        .c = a->c * b->a + a->d * b->c,
        .d = a->c * b->b + a->d * b->d,
        .e = a->e * b->a + a->f * b->c + b->e,
        .f = a->e * b->b + a->f * b->d + b->f,
    };
}

static double operand(const Machine *machine, size_t from_end)
{
    return machine->numbers > from_end
               ? machine->operands[machine->numbers - 1 - from_end]
               : 0;
}

static PdfMatrix operand_matrix(const Machine *machine)
{
    return (PdfMatrix){operand(machine, 5), operand(machine, 4),
                       operand(machine, 3), operand(machine, 2),
                       operand(machine, 1), operand(machine, 0)};
}

/* --- text --- */

static void move_text(Machine *machine, double by)
{
    PdfMatrix move = {1, 0, 0, 1, by, 0};
    machine->text = multiply(&move, &machine->text);
}

static void move_line(Machine *machine, double x, double y)
{
    PdfMatrix move = {1, 0, 0, 1, x, y};
    machine->line = multiply(&move, &machine->line);
    machine->text = machine->line;
}

/* Turn the page so that text of this matrix runs from left to right. */
static void place(const PdfMatrix *at, double *x, double *y, int *turn)
{
    if (fabs(at->a) >= fabs(at->b)) {
        *turn = at->a >= 0 ? 0 : 2;
        *x = at->a >= 0 ? at->e : -at->e;
        *y = at->a >= 0 ? at->f : -at->f;
    } else {
        *turn = at->b >= 0 ? 1 : 3;
        *x = at->b >= 0 ? at->f : -at->f;
        *y = at->b >= 0 ? -at->e : at->e;
    }
}

static void add_piece(Machine *machine, const PdfMatrix *from, size_t text_at)
{
    PdfPage *page = machine->page;
    PdfMatrix begin = multiply(from, &machine->state.matrix);
    PdfMatrix end = multiply(&machine->text, &machine->state.matrix);
    PdfPiece piece = {.text_at = text_at,
                      .text_length = page->text->len - text_at,
                      .order = page->pieces->len};
    double end_y;
    int end_turn;
    place(&begin, &piece.x, &piece.y, &piece.turn);
    place(&end, &piece.end_x, &end_y, &end_turn);
    piece.size = fabs(machine->state.size) * hypot(begin.c, begin.d);
    if (page->pieces->len >= PDF_PIECES_MAX || page->text->len > TEXT_MAX) {
        machine->is_over = machine->is_done = true;
        return;
    }
    bool is_finite = isfinite(piece.x) && isfinite(piece.y) &&
                     isfinite(piece.end_x) && isfinite(piece.size);
    if (piece.text_length == 0 || !is_finite || piece.size <= 0)
        return;
    g_array_append_val(page->pieces, piece);
}

static void show(Machine *machine, const GString *string)
{
    State *state = &machine->state;
    PdfMatrix from = machine->text;
    size_t text_at = machine->page->text->len;
    if (!state->font || string->len == 0)
        return;
    if (state->rise != 0) {
        PdfMatrix rise = {1, 0, 0, 1, 0, state->rise};
        from = multiply(&rise, &from);
    }
    for (size_t at = 0; at < string->len;) {
        double width;
        size_t taken =
            pdf_font_show(state->font, string->str + at, string->len - at,
                          machine->page->text, &width, machine->count);
        double move = width / 1000 * state->size + state->spacing;
        if (taken == 1 && string->str[at] == ' ')
            move += state->word_spacing;
        move_text(machine, move * state->scale);
        at += taken;
    }
    add_piece(machine, &from, text_at);
}

static void show_moved(Machine *machine, double *kern)
{
    const State *state = &machine->state;
    show(machine, machine->string);
    g_string_truncate(machine->string, 0);
    move_text(machine, -*kern / 1000 * state->size * state->scale);
    *kern = 0;
}

/* Strings with corrections between them. Small ones move letters together;
 * behind a large one a new piece begins, since it may stand for a blank. */
static void show_array(Machine *machine, PdfLexer *lexer)
{
    double kern = 0;
    PdfTokenKind kind;
    g_string_truncate(machine->string, 0);
    while ((kind = pdf_lex(lexer)) == PDF_STRING || kind == PDF_NUMBER) {
        if (kind == PDF_STRING) {
            g_string_append_len(machine->string, machine->token->str,
                                (gssize)machine->token->len);
            continue;
        }
        kern += lexer->number;
        if (fabs(lexer->number) >= KERN_MAX)
            show_moved(machine, &kern);
    }
    show_moved(machine, &kern);
}

/* --- operators --- */

static void save(Machine *machine)
{
    if (machine->states->len < STATES_MAX * PDF_FORMS_DEPTH_MAX)
        g_array_append_val(machine->states, machine->state);
}

static void restore(Machine *machine, size_t floor)
{
    GArray *states = machine->states;
    if (states->len <= floor)
        return;
    machine->state = g_array_index(states, State, states->len - 1);
    g_array_set_size(states, states->len - 1);
}

static void push(Machine *machine, const PdfStream *stream)
{
    gsize length;
    const char *bytes = g_bytes_get_data(stream->bytes, &length);
    Frame *frame = &machine->frames[machine->depth++];
    save(machine);
    *frame = (Frame){.lexer = pdf_lexer(bytes, length, machine->token),
                     .bytes = stream->bytes,
                     .resources = stream->resources,
                     .states = machine->states->len};
    machine->state.matrix = multiply(&stream->matrix, &machine->state.matrix);
}

static void pop(Machine *machine)
{
    Frame *frame = &machine->frames[--machine->depth];
    while (machine->states->len > frame->states)
        restore(machine, frame->states);
    restore(machine, 0);
    g_bytes_unref(frame->bytes);
}

static void draw(Machine *machine, int resources)
{
    PdfStream form = {.matrix = IDENTITY};
    const PdfResources *from = machine->resources;
    if (machine->forms >= PDF_FORMS_MAX ||
        machine->depth >= PDF_FORMS_DEPTH_MAX) {
        machine->is_over = true;
        return;
    }
    machine->forms++;
    if (from->form(resources, machine->name->str, &form, from->data))
        push(machine, &form);
}

/* The data of an inline image ends with EI between blanks. */
static void skip_image(PdfLexer *lexer)
{
    const char *at = lexer->bytes + lexer->at;
    const char *end = lexer->bytes + lexer->length;
    while (at < end && (at = memmem(at, (size_t)(end - at), "EI", 2))) {
        bool is_first = at > lexer->bytes && g_ascii_isspace(at[-1]);
        bool is_last = at + 2 == end || g_ascii_isspace(at[2]);
        at += 2;
        if (is_first && is_last) {
            lexer->at = (size_t)(at - lexer->bytes);
            return;
        }
    }
    lexer->at = lexer->length;
}

static void set_matrix(Machine *machine)
{
    machine->text = machine->line = operand_matrix(machine);
}

static void concatenate(Machine *machine)
{
    PdfMatrix matrix = operand_matrix(machine);
    machine->state.matrix = multiply(&matrix, &machine->state.matrix);
}

static void set_font(Machine *machine, int resources)
{
    const PdfResources *from = machine->resources;
    machine->state.font = from->font(resources, machine->name->str, from->data);
    machine->state.size = operand(machine, 0);
}

/* Operators of text that move or set. */
static bool run_text_state(Machine *machine, const char *word, int resources)
{
    State *state = &machine->state;
    if (strcmp(word, "Tf") == 0)
        set_font(machine, resources);
    else if (strcmp(word, "Tm") == 0)
        set_matrix(machine);
    else if (strcmp(word, "Td") == 0)
        move_line(machine, operand(machine, 1), operand(machine, 0));
    else if (strcmp(word, "TD") == 0) {
        state->leading = -operand(machine, 0);
        move_line(machine, operand(machine, 1), operand(machine, 0));
    } else if (strcmp(word, "T*") == 0)
        move_line(machine, 0, -state->leading);
    else if (strcmp(word, "TL") == 0)
        state->leading = operand(machine, 0);
    else if (strcmp(word, "Tc") == 0)
        state->spacing = operand(machine, 0);
    else if (strcmp(word, "Tw") == 0)
        state->word_spacing = operand(machine, 0);
    else if (strcmp(word, "Tz") == 0)
        state->scale = operand(machine, 0) / 100;
    else if (strcmp(word, "Ts") == 0)
        state->rise = operand(machine, 0);
    else
        return false;
    return true;
}

/* Operators that show text, and those of the page. */
static void run_other(Machine *machine, const char *word, Frame *frame)
{
    if (strcmp(word, "Tj") == 0) {
        show(machine, machine->string);
    } else if (strcmp(word, "'") == 0 || strcmp(word, "\"") == 0) {
        if (*word == '"') {
            machine->state.word_spacing = operand(machine, 1);
            machine->state.spacing = operand(machine, 0);
        }
        move_line(machine, 0, -machine->state.leading);
        show(machine, machine->string);
    } else if (strcmp(word, "BT") == 0) {
        machine->text = machine->line = IDENTITY;
    } else if (strcmp(word, "q") == 0) {
        save(machine);
    } else if (strcmp(word, "Q") == 0) {
        restore(machine, frame->states);
    } else if (strcmp(word, "cm") == 0) {
        concatenate(machine);
    } else if (strcmp(word, "Do") == 0) {
        draw(machine, frame->resources);
    } else if (strcmp(word, "ID") == 0) {
        skip_image(&frame->lexer);
    }
}

static void add_number(Machine *machine, double number)
{
    if (machine->numbers == OPERANDS_MAX) {
        memmove(machine->operands, machine->operands + 1,
                (OPERANDS_MAX - 1) * sizeof machine->operands[0]);
        machine->numbers--;
    }
    machine->operands[machine->numbers++] = number;
}

static void run_word(Machine *machine, Frame *frame)
{
    char word[8];
    g_strlcpy(word, machine->token->str, sizeof word);
    if (++machine->operators > PDF_OPERATORS_MAX)
        machine->is_over = machine->is_done = true;
    else if (!run_text_state(machine, word, frame->resources))
        run_other(machine, word, frame);
    machine->numbers = 0;
    g_string_truncate(machine->string, 0);
}

static void step(Machine *machine, Frame *frame)
{
    switch (pdf_lex(&frame->lexer)) {
    case PDF_END:
        pop(machine);
        break;
    case PDF_NUMBER:
        add_number(machine, frame->lexer.number);
        break;
    case PDF_NAME:
        g_string_assign(machine->name, machine->token->str);
        break;
    case PDF_STRING:
        g_string_truncate(machine->string, 0);
        g_string_append_len(machine->string, machine->token->str,
                            (gssize)machine->token->len);
        break;
    case PDF_MARK:
        if (*machine->token->str == '[')
            show_array(machine, &frame->lexer);
        break;
    case PDF_WORD:
        run_word(machine, frame);
        break;
    }
}

bool pdf_content_read(const PdfStream *stream, const PdfResources *resources,
                      PdfPage *page, PdfGlyphs *count)
{
    Machine machine = {.resources = resources,
                       .page = page,
                       .count = count,
                       .state = {.matrix = IDENTITY, .scale = 1},
                       .text = IDENTITY,
                       .line = IDENTITY,
                       .states = g_array_new(FALSE, FALSE, sizeof(State)),
                       .token = g_string_new(NULL),
                       .string = g_string_new(NULL),
                       .name = g_string_new(NULL)};
    g_bytes_ref(stream->bytes);
    push(&machine, stream);
    while (machine.depth > 0 && !machine.is_done)
        step(&machine, &machine.frames[machine.depth - 1]);
    while (machine.depth > 0)
        pop(&machine);
    g_array_unref(machine.states);
    g_string_free(machine.token, TRUE);
    g_string_free(machine.string, TRUE);
    g_string_free(machine.name, TRUE);
    return !machine.is_over;
}
