#include "base/wire.h"

#include "base/errors.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static GBytes *sample_record(void)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_u8(&out, 7);
    wire_put_u32(&out, 0xdeadbeef);
    wire_put_i64(&out, INT64_MIN);
    wire_put_bytes(&out, "a\0b", 3);
    wire_put_text(&out, "Grüße");
    wire_put_text(&out, NULL);
    wire_put_text(&out, "");
    return wire_out_steal(&out);
}

static bool read_sample(const void *data, size_t length)
{
    WireIn in = wire_in(data, length);
    size_t size;
    uint8_t u8 = wire_get_u8(&in);
    uint32_t u32 = wire_get_u32(&in);
    int64_t i64 = wire_get_i64(&in);
    const uint8_t *bytes = wire_get_bytes(&in, &size, 10);
    g_autofree char *text = wire_get_text(&in, 100);
    g_autofree char *none = wire_get_text(&in, 100);
    g_autofree char *empty = wire_get_text(&in, 100);
    if (!wire_in_finish(&in))
        return false;
    g_assert_cmpuint(u8, ==, 7);
    g_assert_cmpuint(u32, ==, 0xdeadbeef);
    g_assert_cmpint(i64, ==, INT64_MIN);
    g_assert_cmpmem(bytes, size, "a\0b", 3);
    g_assert_cmpstr(text, ==, "Grüße");
    g_assert_null(none);
    g_assert_cmpstr(empty, ==, "");
    return true;
}

static void test_round_trip(void)
{
    g_autoptr(GBytes) record = sample_record();
    gsize length;
    const uint8_t *data = g_bytes_get_data(record, &length);
    g_assert_true(read_sample(data, length));
}

/* A record cut anywhere, or with a byte too many, is never believed. */
static void test_cut(void)
{
    g_autoptr(GBytes) record = sample_record();
    gsize length;
    const uint8_t *data = g_bytes_get_data(record, &length);
    for (gsize cut = 0; cut < length; cut++) {
        g_autofree uint8_t *copy = g_memdup2(data, MAX(cut, 1));
        g_assert_false(read_sample(copy, cut));
    }
    g_autofree uint8_t *longer = g_malloc0(length + 1);
    memcpy(longer, data, length);
    g_assert_false(read_sample(longer, length + 1));
}

/* After the first bad field everything is zero and stays broken. */
static void test_broken(void)
{
    static const uint8_t HUGE_TEXT[] = {0xfe, 0xff, 0xff, 0xff, 'a', 'b'};
    WireIn in = wire_in(HUGE_TEXT, sizeof HUGE_TEXT);
    g_assert_null(wire_get_text(&in, UINT32_MAX - 2));
    g_assert_true(in.broken);
    g_assert_cmpuint(wire_get_u8(&in), ==, 0);
    g_assert_cmpuint(wire_get_u32(&in), ==, 0);
    g_assert_cmpint(wire_get_i64(&in), ==, 0);
    size_t size = 9;
    g_assert_null(wire_get_bytes(&in, &size, 10));
    g_assert_cmpuint(size, ==, 0);
    g_assert_false(wire_in_finish(&in));
}

static bool takes_text(const char *bytes, uint32_t length, size_t max)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_bytes(&out, bytes, length);
    g_autoptr(GBytes) record = wire_out_steal(&out);
    gsize size;
    const void *data = g_bytes_get_data(record, &size);
    WireIn in = wire_in(data, size);
    g_autofree char *text = wire_get_text(&in, max);
    return wire_in_finish(&in);
}

static void test_hostile_texts(void)
{
    g_assert_true(takes_text("abc", 3, 3));
    g_assert_false(takes_text("abc", 3, 2));           /* over the limit */
    g_assert_false(takes_text("a\0c", 3, 10));         /* NUL */
    g_assert_false(takes_text("a\xff", 2, 10));        /* not UTF-8 */
    g_assert_false(takes_text("\xed\xa0\x80", 3, 10)); /* a surrogate */
    g_assert_false(takes_text("\xc0\xaf", 2, 10));     /* overlong "/" */
}

static void test_hostile_numbers(void)
{
    static const uint8_t COUNT[] = {5, 0, 0, 0};
    WireIn in = wire_in(COUNT, sizeof COUNT);
    g_assert_cmpuint(wire_get_count(&in, 4), ==, 0);
    g_assert_true(in.broken);
    in = wire_in(COUNT, sizeof COUNT);
    g_assert_cmpuint(wire_get_count(&in, 5), ==, 5);
    g_assert_true(wire_in_finish(&in));
    in = wire_in(COUNT, 1);
    g_assert_cmpuint(wire_get_choice(&in, 5), ==, 0);
    g_assert_true(in.broken);
    in = wire_in(COUNT, 1);
    g_assert_cmpuint(wire_get_choice(&in, 6), ==, 5);
}

static void test_frames(void)
{
    int pair[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) record = sample_record();
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    g_assert_true(wire_send(pair[0], record, &error));
    g_assert_true(wire_send(pair[0], empty, &error));
    g_autoptr(GBytes) got = wire_receive(pair[1], 1000, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(got, record));
    g_autoptr(GBytes) nothing = wire_receive(pair[1], 1000, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(nothing), ==, 0);

    g_assert_true(wire_send(pair[0], record, &error));
    g_assert_null(wire_receive(pair[1], 10, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
    g_clear_error(&error);
    close(pair[0]);
    close(pair[1]);
}

/* The other side is gone before, or in the middle of, a frame. */
static void test_gone(void)
{
    static const char *const SENT[] = {"", "\5", "\5\0\0\0ab"};
    static const size_t LENGTHS[] = {0, 1, 6};
    for (size_t i = 0; i < G_N_ELEMENTS(SENT); i++) {
        int pair[2];
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
        g_assert_cmpint(write(pair[0], SENT[i], LENGTHS[i]), ==,
                        (int)LENGTHS[i]);
        close(pair[0]);
        g_assert_null(wire_receive(pair[1], 10, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
        g_clear_error(&error);
        g_autoptr(GBytes) record = sample_record();
        g_assert_false(wire_send(pair[1], record, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY);
        close(pair[1]);
    }
}

/* Random bytes read as anything never read past their end. */
static void test_nonsense(void)
{
    g_autoptr(GRand) sequence = g_rand_new_with_seed(7);
    for (int round = 0; round < 20000; round++) {
        gsize length = (gsize)g_rand_int_range(sequence, 1, 64);
        g_autofree uint8_t *data = g_malloc(length);
        for (gsize i = 0; i < length; i++)
            data[i] = (uint8_t)(g_rand_int(sequence) & 0x8f);
        WireIn in = wire_in(data, length);
        for (int field = 0; field < 12; field++) {
            size_t size;
            g_autofree char *text = wire_get_text(&in, 32);
            wire_get_bytes(&in, &size, 32);
            g_assert_cmpuint(size, <=, 32);
            wire_get_u32(&in);
        }
        g_assert_true(in.at <= in.end);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wire/round-trip", test_round_trip);
    g_test_add_func("/wire/cut", test_cut);
    g_test_add_func("/wire/broken", test_broken);
    g_test_add_func("/wire/hostile-texts", test_hostile_texts);
    g_test_add_func("/wire/hostile-numbers", test_hostile_numbers);
    g_test_add_func("/wire/frames", test_frames);
    g_test_add_func("/wire/gone", test_gone);
    g_test_add_func("/wire/nonsense", test_nonsense);
    return g_test_run();
}
