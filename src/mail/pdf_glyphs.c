/*
 * Letters with accents are put together: "eacute" is "e" and the accent
 * "acute", composed. That leaves only the names that are not built so, and
 * covers what western and central European fonts use; Cyrillic has its own
 * numbering. Names of other scripts come with a map to Unicode in practice.
 *
 * To add one: a row in NAMES, sorted by nothing.
 */
#include "mail/pdf_glyphs.h"

#include <stdint.h>
#include <string.h>

#define NAME_BYTES_MAX    127
#define COMPONENTS_MAX    8
#define AFII_CAPITAL_A    10017
#define AFII_CAPITAL_YA   10049
#define AFII_SMALL_A      10065
#define AFII_SMALL_YA     10097
#define CYRILLIC_A        0x410
#define CYRILLIC_IO       0x401
#define CYRILLIC_SMALL_A  0x430
#define CYRILLIC_SMALL_IO 0x451

static const struct {
    const char *name, *text;
} NAMES[] = {
    {"space", " "},
    {"nbspace", " "},
    {"nonbreakingspace", " "},
    {"exclam", "!"},
    {"quotedbl", "\""},
    {"numbersign", "#"},
    {"dollar", "$"},
    {"percent", "%"},
    {"ampersand", "&"},
    {"quotesingle", "'"},
    {"parenleft", "("},
    {"parenright", ")"},
    {"asterisk", "*"},
    {"plus", "+"},
    {"comma", ","},
    {"hyphen", "-"},
    {"sfthyphen", "-"},
    {"period", "."},
    {"slash", "/"},
    {"zero", "0"},
    {"one", "1"},
    {"two", "2"},
    {"three", "3"},
    {"four", "4"},
    {"five", "5"},
    {"six", "6"},
    {"seven", "7"},
    {"eight", "8"},
    {"nine", "9"},
    {"colon", ":"},
    {"semicolon", ";"},
    {"less", "<"},
    {"equal", "="},
    {"greater", ">"},
    {"question", "?"},
    {"at", "@"},
    {"bracketleft", "["},
    {"backslash", "\\"},
    {"bracketright", "]"},
    {"asciicircum", "^"},
    {"underscore", "_"},
    {"grave", "`"},
    {"braceleft", "{"},
    {"bar", "|"},
    {"braceright", "}"},
    {"asciitilde", "~"},
    {"exclamdown", "¡"},
    {"cent", "¢"},
    {"sterling", "£"},
    {"currency", "¤"},
    {"yen", "¥"},
    {"brokenbar", "¦"},
    {"section", "§"},
    {"dieresis", "¨"},
    {"copyright", "©"},
    {"ordfeminine", "ª"},
    {"guillemotleft", "«"},
    {"logicalnot", "¬"},
    {"registered", "®"},
    {"macron", "¯"},
    {"degree", "°"},
    {"plusminus", "±"},
    {"twosuperior", "²"},
    {"threesuperior", "³"},
    {"acute", "´"},
    {"mu", "µ"},
    {"paragraph", "¶"},
    {"periodcentered", "·"},
    {"middot", "·"},
    {"cedilla", "¸"},
    {"onesuperior", "¹"},
    {"ordmasculine", "º"},
    {"guillemotright", "»"},
    {"onequarter", "¼"},
    {"onehalf", "½"},
    {"threequarters", "¾"},
    {"questiondown", "¿"},
    {"multiply", "×"},
    {"divide", "÷"},
    {"AE", "Æ"},
    {"ae", "æ"},
    {"OE", "Œ"},
    {"oe", "œ"},
    {"Oslash", "Ø"},
    {"oslash", "ø"},
    {"germandbls", "ß"},
    {"Eth", "Ð"},
    {"eth", "ð"},
    {"Thorn", "Þ"},
    {"thorn", "þ"},
    {"Lslash", "Ł"},
    {"lslash", "ł"},
    {"Dcroat", "Đ"},
    {"dcroat", "đ"},
    {"Hbar", "Ħ"},
    {"hbar", "ħ"},
    {"dotlessi", "ı"},
    {"dotlessj", "ȷ"},
    {"kgreenlandic", "ĸ"},
    {"Eng", "Ŋ"},
    {"eng", "ŋ"},
    {"florin", "ƒ"},
    {"circumflex", "ˆ"},
    {"tilde", "˜"},
    {"caron", "ˇ"},
    {"breve", "˘"},
    {"dotaccent", "˙"},
    {"ring", "˚"},
    {"ogonek", "˛"},
    {"hungarumlaut", "˝"},
    {"endash", "–"},
    {"emdash", "—"},
    {"quoteleft", "‘"},
    {"quoteright", "’"},
    {"quotesinglbase", "‚"},
    {"quotedblleft", "“"},
    {"quotedblright", "”"},
    {"quotedblbase", "„"},
    {"dagger", "†"},
    {"daggerdbl", "‡"},
    {"bullet", "•"},
    {"ellipsis", "…"},
    {"perthousand", "‰"},
    {"guilsinglleft", "‹"},
    {"guilsinglright", "›"},
    {"fraction", "⁄"},
    {"Euro", "€"},
    {"euro", "€"},
    {"trademark", "™"},
    {"minus", "-"},
    {"arrowleft", "←"},
    {"arrowright", "→"},
    {"ff", "ff"},
    {"fi", "fi"},
    {"fl", "fl"},
    {"ffi", "ffi"},
    {"ffl", "ffl"},
    {"Alpha", "Α"},
    {"Beta", "Β"},
    {"Gamma", "Γ"},
    {"Delta", "Δ"},
    {"Epsilon", "Ε"},
    {"Zeta", "Ζ"},
    {"Eta", "Η"},
    {"Theta", "Θ"},
    {"Iota", "Ι"},
    {"Kappa", "Κ"},
    {"Lambda", "Λ"},
    {"Mu", "Μ"},
    {"Nu", "Ν"},
    {"Xi", "Ξ"},
    {"Omicron", "Ο"},
    {"Pi", "Π"},
    {"Rho", "Ρ"},
    {"Sigma", "Σ"},
    {"Tau", "Τ"},
    {"Upsilon", "Υ"},
    {"Phi", "Φ"},
    {"Chi", "Χ"},
    {"Psi", "Ψ"},
    {"Omega", "Ω"},
    {"alpha", "α"},
    {"beta", "β"},
    {"gamma", "γ"},
    {"delta", "δ"},
    {"epsilon", "ε"},
    {"zeta", "ζ"},
    {"eta", "η"},
    {"theta", "θ"},
    {"iota", "ι"},
    {"kappa", "κ"},
    {"lambda", "λ"},
    {"nu", "ν"},
    {"xi", "ξ"},
    {"omicron", "ο"},
    {"pi", "π"},
    {"rho", "ρ"},
    {"sigma", "σ"},
    {"sigma1", "ς"},
    {"tau", "τ"},
    {"upsilon", "υ"},
    {"phi", "φ"},
    {"chi", "χ"},
    {"psi", "ψ"},
    {"omega", "ω"},
};

static const struct {
    const char *name;
    gunichar mark; /* combining */
} ACCENTS[] = {
    {"grave", 0x300},        {"acute", 0x301},    {"circumflex", 0x302},
    {"tilde", 0x303},        {"macron", 0x304},   {"breve", 0x306},
    {"dotaccent", 0x307},    {"dieresis", 0x308}, {"ring", 0x30a},
    {"hungarumlaut", 0x30b}, {"caron", 0x30c},    {"commaaccent", 0x326},
    {"cedilla", 0x327},      {"ogonek", 0x328},
};

static bool show_accented(const char *name, GString *out)
{
    if (!g_ascii_isalpha(*name))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(ACCENTS); i++) {
        if (strcmp(name + 1, ACCENTS[i].name) != 0)
            continue;
        g_autoptr(GString) pair = g_string_new_len(name, 1);
        g_string_append_unichar(pair, ACCENTS[i].mark);
        g_autofree char *letter =
            g_utf8_normalize(pair->str, (gssize)pair->len, G_NORMALIZE_NFC);
        g_string_append(out, letter);
        return true;
    }
    return false;
}

static bool show_cyrillic(const char *name, GString *out)
{
    if (!g_str_has_prefix(name, "afii"))
        return false;
    gint64 number = g_ascii_strtoll(name + 4, NULL, 10);
    bool is_small = number >= AFII_SMALL_A;
    gint64 first = is_small ? AFII_SMALL_A : AFII_CAPITAL_A;
    gint64 last = is_small ? AFII_SMALL_YA : AFII_CAPITAL_YA;
    if (number < first || number > last)
        return false;
    gint64 step = number - first;
    gunichar letter = (is_small ? CYRILLIC_SMALL_A : CYRILLIC_A) +
                      (gunichar)step - (step > 6 ? 1 : 0);
    if (step == 6)
        letter = is_small ? CYRILLIC_SMALL_IO : CYRILLIC_IO;
    g_string_append_unichar(out, letter);
    return true;
}

/* "uni20AC", "u1F600". */
static bool show_code(const char *name, GString *out)
{
    size_t skip = g_str_has_prefix(name, "uni") ? 3 : *name == 'u' ? 1 : 0;
    const char *digits = name + skip;
    size_t length = strspn(digits, "0123456789ABCDEF");
    if (skip == 0 || digits[length] || length < 4 ||
        length > (skip == 3 ? 4 : 6))
        return false;
    gunichar c = (gunichar)g_ascii_strtoull(digits, NULL, 16);
    if (c < ' ' || !g_unichar_validate(c))
        return false;
    g_string_append_unichar(out, c);
    return true;
}

static bool show_one(const char *name, GString *out)
{
    if (g_ascii_isalpha(*name) && !name[1]) {
        g_string_append_c(out, *name);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (strcmp(name, NAMES[i].name) == 0) {
            g_string_append(out, NAMES[i].text);
            return true;
        }
    return show_accented(name, out) || show_cyrillic(name, out) ||
           show_code(name, out);
}

bool pdf_glyph_show(const char *name, GString *out)
{
    char whole[NAME_BYTES_MAX + 1];
    g_strlcpy(whole, name, sizeof whole);
    char *variant = strchr(whole, '.');
    if (variant)
        *variant = '\0';
    bool is_known = *whole != '\0';
    char *at = whole;
    for (int i = 0; i < COMPONENTS_MAX && at && is_known; i++) {
        char *joint = strchr(at + (*at != '\0'), '_');
        if (joint)
            *joint = '\0';
        is_known = show_one(at, out);
        at = joint ? joint + 1 : NULL;
    }
    return is_known;
}

/* StandardEncoding from 0xa1 on, and its few letters behind that. */
static const uint16_t STANDARD_HIGH[] = {
    /* A1 */ 0xa1,   0xa2,   0xa3,   0x2044, 0xa5,   0x192,  0xa7,
    /* A8 */ 0xa4,   '\'',   0x201c, 0xab,   0x2039, 0x203a, 0xfb01,
    /* AF */ 0xfb02, 0,      0x2013, 0x2020, 0x2021, 0xb7,   0,
    /* B6 */ 0xb6,   0x2022, 0x201a, 0x201e, 0x201d, 0xbb,   0x2026,
    /* BD */ 0x2030, 0,      0xbf,   0,      '`',    0xb4,   0x2c6,
    /* C4 */ 0x2dc,  0xaf,   0x2d8,  0x2d9,  0xa8,   0,      0x2da,
    /* CB */ 0xb8,   0,      0x2dd,  0x2db,  0x2c7,  0x2014,
};
static const struct {
    uint8_t code;
    uint16_t letter;
} STANDARD_LATE[] = {{0xe1, 0xc6},  {0xe3, 0xaa}, {0xe8, 0x141}, {0xe9, 0xd8},
                     {0xea, 0x152}, {0xeb, 0xba}, {0xf1, 0xe6},  {0xf5, 0x131},
                     {0xf8, 0x142}, {0xf9, 0xf8}, {0xfa, 0x153}, {0xfb, 0xdf}};

gunichar pdf_standard_letter(unsigned code)
{
    if (code == '\'')
        return 0x2019;
    if (code == '`')
        return 0x2018;
    if (code >= ' ' && code < 127)
        return code;
    if (code >= 0xa1 && code - 0xa1 < G_N_ELEMENTS(STANDARD_HIGH))
        return STANDARD_HIGH[code - 0xa1];
    for (size_t i = 0; i < G_N_ELEMENTS(STANDARD_LATE); i++)
        if (STANDARD_LATE[i].code == code)
            return STANDARD_LATE[i].letter;
    return 0;
}

int pdf_usual_width(unsigned code)
{
    static const uint16_t WIDTHS[] = {
        278, 278, 355, 556, 556,  889, 667, 191, 333, 333, 389, 584, 278, 333,
        278, 278, 556, 556, 556,  556, 556, 556, 556, 556, 556, 556, 278, 278,
        584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
        500, 667, 556, 833, 722,  778, 667, 778, 722, 667, 611, 722, 667, 944,
        667, 667, 611, 278, 278,  278, 469, 556, 333, 556, 556, 500, 556, 556,
        278, 556, 556, 222, 222,  500, 222, 833, 556, 556, 556, 556, 333, 500,
        278, 556, 500, 722, 500,  500, 500, 334, 260, 334, 584};
    if (code < ' ' || code - ' ' >= G_N_ELEMENTS(WIDTHS))
        return 556;
    return WIDTHS[code - ' '];
}
