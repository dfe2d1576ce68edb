#include "base/errors.h"
#include "ticket/ticket.h"

#include <string.h>

#define DIGITS 9 /* of a year and a number of five */

static void write_digits(char digits[DIGITS + 1], int year, uint32_t number)
{
    g_snprintf(digits, DIGITS + 1, "%04d%05u", year, number);
}

static char letter_of(const char *digits)
{
    int year = 0;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (digits[i] - '0');
    uint32_t number = (uint32_t)g_ascii_strtoull(digits + 4, NULL, 10);
    g_autofree char *id = ticket_id_new("UA", year, number);
    return id[strlen(id) - 1];
}

/* Every wrong digit and every swap of neighbours changes the letter. */
static void check_all_slips(int year, uint32_t number)
{
    char digits[DIGITS + 1];
    write_digits(digits, year, number);
    char right = letter_of(digits);
    for (int i = 0; i < DIGITS; i++) {
        char digit = digits[i];
        for (char other = '0'; other <= '9'; other++) {
            digits[i] = other;
            g_assert((letter_of(digits) == right) == (other == digit));
        }
        digits[i] = digit;
    }
    for (int i = 0; i + 1 < DIGITS; i++) {
        char first = digits[i], second = digits[i + 1];
        if (first == second)
            continue;
        digits[i] = second;
        digits[i + 1] = first;
        g_assert_cmpint(letter_of(digits), !=, right);
        digits[i] = first;
        digits[i + 1] = second;
    }
}

/* The sum is linear: what a slip changes does not depend on the digits that
 * stay. So all values of each group, the others fixed, are all there are. */
static void test_slips_in_numbers(void)
{
    for (uint32_t number = 0; number < 10000; number++)
        check_all_slips(2026, number);
}

static void test_slips_at_the_high_end(void)
{
    for (uint32_t number = 0; number < 100000; number += 1000)
        check_all_slips(2026, number);
}

static void test_slips_in_years(void)
{
    for (int year = 0; year < 10000; year++)
        check_all_slips(year, 142);
}

static void test_form(void)
{
    g_autofree char *id = ticket_id_new("UA", 2026, 142);
    g_assert_cmpstr(id, ==, "UA-2026-00142-K");
    g_autofree char *large = ticket_id_new("UA", 2026, UINT32_MAX);
    g_assert_true(g_str_has_prefix(large, "UA-2026-4294967295-"));
}

typedef struct {
    const char *text;
    int year;
    uint32_t number;
} Read;

static void test_reads_what_people_type(void)
{
    static const Read READS[] = {
        {"UA-2026-00142-K", 2026, 142},  {"ua-2026-00142-k", 2026, 142},
        {"2026-00142-K", 2026, 142},     {"2026-142-k", 2026, 142},
        {"UA-2026-000142-K", 2026, 142},
    };
    for (guint i = 0; i < G_N_ELEMENTS(READS); i++) {
        int year = 0;
        uint32_t number = 0;
        g_autoptr(GError) error = NULL;
        g_assert_true(
            ticket_id_parse(READS[i].text, "UA", &year, &number, &error));
        g_assert_no_error(error);
        g_assert_cmpint(year, ==, READS[i].year);
        g_assert_cmpuint(number, ==, READS[i].number);
    }
}

static void test_refuses_the_rest(void)
{
    static const char *const BAD[] = {
        "",
        "UA",
        "UA-",
        "2026",
        "2026-",
        "2026-00142-K ",
        "-2026-1-K",
        "XX-2026-00142-K",
        "202-142-K",
        "UA-2026-99999999999-K",
        "UA2026-1-K",
        "2026-4294967296-A",
        "UA-2026--K",
        "UA-2026-00142-KK",
        "-2026-00142-K",
    };
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        int year;
        uint32_t number;
        g_autoptr(GError) error = NULL;
        g_assert_false(ticket_id_parse(BAD[i], "UA", &year, &number, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

static void test_names_the_right_letter(void)
{
    static const char *const SLIPS[] = {"UA-2026-00142-X", "2026-00142"};
    for (guint i = 0; i < G_N_ELEMENTS(SLIPS); i++) {
        int year;
        uint32_t number;
        g_autoptr(GError) error = NULL;
        g_assert_false(ticket_id_parse(SLIPS[i], "UA", &year, &number, &error));
        g_assert_nonnull(strstr(error->message, "UA-2026-00142-K"));
    }
}

static void check_found(const char *subject, const char *expected)
{
    g_autofree char *id = ticket_case_id_in(subject, "UA");
    g_assert_cmpstr(id, ==, expected);
}

static void test_finds_ids_in_subjects(void)
{
    check_found("Re: [UA-2026-00142-K] your report", "UA-2026-00142-K");
    check_found("AW: ua-2026-142-k.", "UA-2026-00142-K");
    check_found("UA-2026-00142-X, sorry: UA-2026-00142-K", "UA-2026-00142-K");
    check_found("UA-2026-00142-X", NULL);  /* wrong letter */
    check_found("UA-2026-00142", NULL);    /* no letter */
    check_found("XUA-2026-00142-K", NULL); /* inside a word */
    check_found("UA-2026-00142-KX", NULL);
    check_found("2026-00142-K", NULL); /* needs the prefix */
    check_found("", NULL);
}

static void test_long_subjects_cost_linear_time(void)
{
    g_autoptr(GString) subject = g_string_new(NULL);
    for (int i = 0; i < 200000; i++)
        g_string_append(subject, "UA-2026-");
    check_found(subject->str, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ticket/id/slips-in-numbers", test_slips_in_numbers);
    g_test_add_func("/ticket/id/slips-at-the-high-end",
                    test_slips_at_the_high_end);
    g_test_add_func("/ticket/id/slips-in-years", test_slips_in_years);
    g_test_add_func("/ticket/id/form", test_form);
    g_test_add_func("/ticket/id/reads-what-people-type",
                    test_reads_what_people_type);
    g_test_add_func("/ticket/id/refuses-the-rest", test_refuses_the_rest);
    g_test_add_func("/ticket/id/names-the-right-letter",
                    test_names_the_right_letter);
    g_test_add_func("/ticket/id/finds-ids-in-subjects",
                    test_finds_ids_in_subjects);
    g_test_add_func("/ticket/id/long-subjects",
                    test_long_subjects_cost_linear_time);
    return g_test_run();
}
