/* test_sysinfo.c - the list of processes, good and bad, made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/job/sysinfo.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Where Windows puts what, written down once more. */
enum {
    AT_NEXT = 0x00,
    AT_THREADS = 0x04,
    AT_CREATED = 0x20,
    AT_USER = 0x28,
    AT_KERNEL = 0x30,
    AT_NAME_BYTES = 0x38,
    AT_NAME = 0x40,
    AT_PID = 0x50,
    AT_PARENT = 0x58,
    AT_HANDLES = 0x60,
    AT_PAGE_FAULTS = 0x80,
    AT_PAGEFILE = 0xB8,
    AT_PEAK_PAGEFILE = 0xC0,
    AT_PRIVATE = 0xC8,
    AT_IO = 0xD0,
    ENTRY = 0x100,
    ROOM = 4096
};

struct list {
    unsigned char *p; /* on the heap, exactly as long as it says, so that reading on is seen */
    size_t n, last;
};

static void put(struct list *l, size_t at, uint64_t v, size_t bytes)
{
    memcpy(l->p + l->last + at, &v, bytes);
}

/* Appends an entry; the one before it is told where, even on an odd address. */
static void add(struct list *l, uint64_t pid, const wchar_t *name, size_t gap)
{
    size_t bytes = name ? wcslen(name) * sizeof *name : 0, at = l->n;
    if (at > 0)
        put(l, AT_NEXT, at - l->last, 4);
    l->last = at;
    l->n = at + ENTRY + bytes + gap;
    assert_true(l->n <= ROOM);
    memset(l->p + at, 0, ENTRY + bytes + gap);
    put(l, AT_PID, pid, 8);
    put(l, AT_NAME_BYTES, bytes, 2);
    if (name) {
        put(l, AT_NAME, (uintptr_t)(l->p + at + ENTRY), 8);
        memcpy(l->p + at + ENTRY, name, bytes);
    }
}

static int set_up(void **state)
{
    struct list *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->p = malloc(ROOM);
    assert_non_null(l->p);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    struct list *l = *state;
    free(l->p);
    free(l);
    return 0;
}

static void entry__of_every_field__comes_where_it_belongs(void **state)
{
    struct list *l = *state;
    struct proc p;
    size_t n = 0;
    add(l, 4242, L"node.exe", 0);
    put(l, AT_PARENT, 17, 8);
    put(l, AT_THREADS, 9, 4);
    put(l, AT_CREATED, 133000000000000001, 8);
    put(l, AT_USER, 11, 8);
    put(l, AT_KERNEL, 12, 8);
    put(l, AT_HANDLES, 13, 4);
    put(l, AT_PAGE_FAULTS, 14, 4);
    put(l, AT_PAGEFILE, 5000000000, 8);
    put(l, AT_PEAK_PAGEFILE, 6000000000, 8);
    put(l, AT_PRIVATE, 7000000000, 8);
    for (size_t i = 0; i < 6; i++)
        put(l, AT_IO + i * 8, 100 + i, 8);
    assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PRIVATE_PAGES, &p, 1, &n));
    assert_int_equal(n, 1);
    assert_int_equal(p.pid, 4242);
    assert_int_equal(p.parent, 17);
    assert_int_equal(p.threads, 9);
    assert_int_equal(p.created, 133000000000000001);
    assert_int_equal(p.user, 11);
    assert_int_equal(p.kernel, 12);
    assert_int_equal(p.handles, 13);
    assert_int_equal(p.page_faults, 14);
    assert_int_equal(p.commit, 7000000000);
    assert_int_equal(p.peak_commit, 6000000000);
    assert_int_equal(p.io.read_ops, 100);
    assert_int_equal(p.io.write_ops, 101);
    assert_int_equal(p.io.other_ops, 102);
    assert_int_equal(p.io.read_bytes, 103);
    assert_int_equal(p.io.write_bytes, 104);
    assert_int_equal(p.io.other_bytes, 105);
    assert_false(p.attendant);
    assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, &p, 1, &n));
    assert_int_equal(p.commit, 5000000000);
}

static void entries__on_odd_addresses__are_all_found(void **state)
{
    struct list *l = *state;
    struct proc p[3];
    size_t n = 0;
    add(l, 1, L"a.exe", 1);
    add(l, 2, NULL, 3);
    add(l, 3, L"c.exe", 0);
    assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, p, 3, &n));
    assert_int_equal(n, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(p[i].pid, i + 1);
}

static void entries__more_than_there_is_room_for__are_counted_and_not_written(void **state)
{
    struct list *l = *state;
    struct proc p[2] = {{0}, {.pid = 77}};
    size_t n = 0;
    add(l, 1, NULL, 0);
    add(l, 2, NULL, 0);
    assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, p, 1, &n));
    assert_int_equal(n, 2);
    assert_int_equal(p[0].pid, 1);
    assert_int_equal(p[1].pid, 77);
}

static void list__cut_anywhere_before_its_last_entry_is_whole__is_refused(void **state)
{
    struct list *l = *state;
    add(l, 1, L"first.exe", 0);
    add(l, 2, NULL, 0);
    for (size_t cut = 0; cut < l->n; cut++) {
        /* A copy of just that length: what lies behind it may not be looked at. */
        unsigned char *copy = malloc(cut + 1);
        size_t n = 99;
        assert_non_null(copy);
        memcpy(copy, l->p, cut);
        assert_false(sysinfo_read(copy, cut, COMMIT_IN_PAGEFILE, NULL, 0, &n));
        assert_int_equal(n, 99);
        assert_int_equal(sysinfo_commit_in(copy, cut, 2), COMMIT_IN_PAGEFILE);
        free(copy);
    }
}

static void list__with_a_next_that_leads_nowhere__is_refused(void **state)
{
    static const uint32_t bad[] = {1, 8, ENTRY - 1, ENTRY + 1, 2 * ENTRY, 0x7FFFFFFF, 0xFFFFFFFF};
    struct list *l = *state;
    size_t n;
    add(l, 1, NULL, 0);
    add(l, 2, NULL, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(l->p, &bad[i], sizeof bad[i]);
        assert_false(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, NULL, 0, &n));
    }
}

static void console_host__by_its_name__is_an_attendant(void **state)
{
    static const struct {
        const wchar_t *name;
        bool is;
    } cases[] = {
        {L"conhost.exe", true},
        {L"ConHost.EXE", true},
        {L"C:\\windows\\system32\\conhost.exe", true},
        {L"\\conhost.exe", true},
        {L"xconhost.exe", false},
        {L"conhost.exe.exe", false},
        {L"conhost", false},
        {L"", false},
        {NULL, false},
    };
    struct list *l = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct proc p;
        size_t n;
        l->n = 0;
        add(l, 1, cases[i].name, 0);
        assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, &p, 1, &n));
        assert_int_equal(p.attendant, cases[i].is);
    }
}

static void name__outside_the_list__is_not_read(void **state)
{
    struct list *l = *state;
    static const wchar_t elsewhere[] = L"conhost.exe";
    const uint64_t bad[] = {(uintptr_t)elsewhere, 8, UINT64_MAX - 3, (uintptr_t)l->p - 2,
                            (uintptr_t)l->p + ENTRY + 2};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct proc p;
        size_t n;
        l->n = 0;
        add(l, 1, L"conhost.exe", 0);
        put(l, AT_NAME, bad[i], 8);
        assert_true(sysinfo_read(l->p, l->n, COMMIT_IN_PAGEFILE, &p, 1, &n));
        assert_false(p.attendant);
    }
}

static void commit__by_the_own_entry__is_where_that_has_it(void **state)
{
    struct list *l = *state;
    add(l, 4, NULL, 0); /* the System process has next to none, whichever field is kept */
    add(l, 8, NULL, 0);
    put(l, AT_PAGEFILE, 4096, 8);
    assert_int_equal(sysinfo_commit_in(l->p, l->n, 8), COMMIT_IN_PAGEFILE);
    put(l, AT_PRIVATE, 4096, 8);
    assert_int_equal(sysinfo_commit_in(l->p, l->n, 8), COMMIT_IN_PRIVATE_PAGES);
    assert_int_equal(sysinfo_commit_in(l->p, l->n, 4), COMMIT_IN_PAGEFILE);
    assert_int_equal(sysinfo_commit_in(l->p, l->n, 5), COMMIT_IN_PAGEFILE);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(entry__of_every_field__comes_where_it_belongs),
        T(entries__on_odd_addresses__are_all_found),
        T(entries__more_than_there_is_room_for__are_counted_and_not_written),
        T(list__cut_anywhere_before_its_last_entry_is_whole__is_refused),
        T(list__with_a_next_that_leads_nowhere__is_refused),
        T(console_host__by_its_name__is_an_attendant),
        T(name__outside_the_list__is_not_read),
        T(commit__by_the_own_entry__is_where_that_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
