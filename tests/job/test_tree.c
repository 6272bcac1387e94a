/* test_tree.c - who is whose child: by hand, and with real processes. */
#include "tests/job/crew.h"

#include "service/job/kin.h"
#include "service/job/tree.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 8 };

/* Processes as {pid, parent, created}, and the tree as it should be: "1 .2 ..3 4". */
#define P(a, b, c)                                                                                 \
    {                                                                                              \
        .pid = (a), .parent = (b), .created = (c)                                                  \
    }
static const struct {
    const char *what;
    struct proc proc[MOST];
    const char *tree;
} cases[] = {
    {"nobody", {{0}}, ""},
    {"one", {P(1, 99, 10)}, "1"},
    {"a line, given from its end", {P(3, 2, 12), P(2, 1, 11), P(1, 99, 10)}, "1 .2 ..3"},
    {"brothers by age, not by pid",
     {P(1, 99, 10), P(5, 1, 11), P(3, 1, 13), P(4, 1, 12)},
     "1 .5 .4 .3"},
    {"brothers of one age by pid", {P(1, 99, 10), P(5, 1, 11), P(3, 1, 11)}, "1 .3 .5"},
    {"back up by two levels",
     {P(1, 99, 10), P(2, 1, 11), P(3, 2, 12), P(4, 3, 13), P(5, 1, 14), P(6, 99, 15)},
     "1 .2 ..3 ...4 .5 6"},
    {"the parent has ended", {P(1, 99, 10), P(3, 2, 12), P(4, 3, 13)}, "1 3 .4"},
    {"the parent's pid is used again by a younger one",
     {P(1, 99, 10), P(3, 2, 11), P(2, 1, 12)},
     "1 .2 3"},
    {"two that are older than each other cannot be: one of them is",
     {P(1, 2, 10), P(2, 1, 11)},
     "1 .2"},
    {"its own parent", {P(7, 7, 10), P(0, 0, 9)}, "0 7"},
    {"parent and child of one tick of the clock", {P(9, 99, 10), P(2, 9, 10)}, "9 .2"},
    {"a circle of one tick", {P(1, 3, 10), P(2, 1, 10), P(3, 2, 10)}, "1 .2 ..3"},
    {"no times at all", {P(1, 99, 0), P(2, 1, 0), P(3, 2, 0), P(4, 99, 0)}, "1 .2 ..3 4"},
};

static void kin__of_the_cases__is_as_drawn(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kin kin[MOST];
        char got[128] = "";
        size_t n = 0;
        while (n < MOST && cases[i].proc[n].pid + cases[i].proc[n].created > 0)
            n++;
        assert_int_equal(kin_order(cases[i].proc, n, kin), ST_OK);
        for (size_t k = 0; k < n; k++) {
            char *at = got + strlen(got);
            at += k > 0 ? (*at = ' ', 1) : 0;
            memset(at, '.', kin[k].depth);
            at[kin[k].depth] = (char)('0' + cases[i].proc[kin[k].index].pid);
            at[kin[k].depth + 1] = '\0';
        }
        if (strcmp(got, cases[i].tree) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].what, got, cases[i].tree);
    }
}

/* Whatever the parents, everybody is there once and nobody is below a younger one. */
static void kin__of_any_parents__has_everybody_once_and_parents_first(void **state)
{
    enum { N = 60 };
    uint32_t seed = 12345;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct proc p[N];
        struct kin kin[N];
        size_t place[N];
        for (uint32_t i = 0; i < N; i++) {
            seed = seed * 1664525 + 1013904223;
            p[i] = (struct proc){.pid = i, .parent = (seed >> 8) % N, .created = (seed >> 20) % 9};
        }
        memset(place, 0xFF, sizeof place);
        assert_int_equal(kin_order(p, N, kin), ST_OK);
        for (size_t k = 0; k < N; k++) {
            assert_true(kin[k].index < N && place[kin[k].index] == SIZE_MAX);
            place[kin[k].index] = k;
            if (k == 0 || kin[k].depth == 0)
                assert_int_equal(kin[k].depth, 0);
            else
                assert_true(kin[k].depth <= kin[k - 1].depth + 1);
            size_t up = k;
            while (kin[k].depth > 0 && kin[up].depth >= kin[k].depth)
                up--;
            if (kin[k].depth > 0) {
                assert_int_equal(p[kin[k].index].parent, p[kin[up].index].pid);
                assert_true(p[kin[up].index].created <= p[kin[k].index].created);
            }
        }
    }
}

static struct tree read_tree(struct crew *c)
{
    struct tree t = {0};
    struct err e = {0};
    if (tree_read(c->job, crew_snapshot(c), true, &t, &e) != ST_OK)
        fail_msg("%s", e.text);
    return t;
}

/* Its processes without those that attend them. */
static size_t people(const struct tree *t, const struct tree_node *ret[MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!t->node[i].proc.attendant && n < MOST)
            ret[n++] = &t->node[i];
    return n;
}

static void assert_shows(const struct tree_node *n, size_t depth, const char *switches)
{
    assert_int_equal(n->depth, depth);
    assert_non_null(n->image);
    assert_non_null(strstr(n->image, "\\worker.exe"));
    assert_non_null(n->command);
    assert_non_null(strstr(n->command, switches));
    assert_true(n->proc.commit > 0);
    assert_true(n->proc.threads > 0);
}

static void tree__of_three_generations__has_their_programs_and_command_lines(void **state)
{
    struct crew *c = *state;
    const struct tree_node *n[MOST];
    struct hand h;
    crew_start(c, "--echo \"na\xC3\xAFve path\" --spawn 1 --spawn-depth 2 --hold", &h);
    DWORD child = (DWORD)strtoul(crew_wait(&h, "child "), NULL, 10);
    struct tree t = {0};
    ULONGLONG until = GetTickCount64() + CREW_LIMIT_MS;
    while (t = read_tree(c), people(&t, n) < 3 || !n[2]->command) {
        tree_free(&t); /* the grandchild is still being made */
        assert_true(GetTickCount64() < until);
    }
    assert_int_equal(people(&t, n), 3);
    assert_shows(n[0], 0, "worker.exe\" --echo \"na\xC3\xAFve path\" --spawn 1");
    assert_shows(n[1], 1, "--spawn 1 --spawn-depth 1 --hold");
    assert_shows(n[2], 2, "--hold");
    assert_int_equal(n[0]->proc.pid, h.pid);
    assert_int_equal(n[1]->proc.pid, child);
    assert_int_equal(n[2]->proc.parent, child);
    tree_free(&t);
    assert_null(t.node);
    crew_dismiss(&h);
}

static void tree__of_a_long_command_line__is_not_cut(void **state)
{
    struct crew *c = *state;
    static char switches[20000];
    struct hand h;
    memcpy(switches, "--echo ready --hold -- ", 23);
    memset(switches + 23, 'x', sizeof switches - 24);
    crew_start(c, switches, &h);
    crew_wait(&h, "ready");
    struct tree t = read_tree(c);
    assert_int_equal(t.n, 1);
    assert_non_null(strstr(t.node[0].command, switches));
    tree_free(&t);
    crew_dismiss(&h);
}

static void tree__of_an_empty_job__is_empty(void **state)
{
    struct tree t = read_tree(*state);
    assert_int_equal(t.n, 0);
    tree_free(&t);
}

static void tree__with_an_older_snapshot__shows_who_was_there_then(void **state)
{
    struct crew *c = *state;
    struct tree t = {0};
    struct hand h, late;
    crew_start(c, "--echo ready --hold", &h);
    crew_wait(&h, "ready");
    const struct snapshot *s = crew_snapshot(c);
    crew_start(c, "--echo ready --hold", &late);
    crew_wait(&late, "ready");
    assert_int_equal(tree_read(c->job, s, true, &t, NULL), ST_OK);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.node[0].proc.pid, h.pid);
    tree_free(&t);
    crew_dismiss(&h);
    crew_dismiss(&late);
}

static void tree__of_a_pid_used_again_since_the_snapshot__takes_no_name_of_the_new_one(void **state)
{
    struct crew *c = *state;
    struct tree t = {0};
    struct hand h;
    crew_start(c, "--echo ready --hold", &h);
    crew_wait(&h, "ready");
    struct proc other = crew_proc(c, h.pid);
    struct snapshot s = {1, 1, &other};
    other.created -= 10000000;
    assert_int_equal(tree_read(c->job, &s, true, &t, NULL), ST_OK);
    assert_int_equal(t.n, 1);
    assert_null(t.node[0].image);
    assert_null(t.node[0].command);
    tree_free(&t);
    crew_dismiss(&h);
}

static void trees__a_hundred__leave_no_handle_behind(void **state)
{
    struct crew *c = *state;
    const struct tree_node *n[MOST];
    struct hand h;
    crew_start(c, "--fork 3 --hold", &h);
    crew_wait(&h, "fork ok 3");
    unsigned before = crew_handles();
    for (int i = 0; i < 100; i++) {
        struct tree t = read_tree(c);
        /* A console host that is just being made has no name yet. */
        assert_true(people(&t, n) >= 4);
        tree_free(&t);
    }
    assert_int_equal(crew_handles(), before);
    crew_dismiss(&h);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, crew_setup, crew_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kin__of_the_cases__is_as_drawn),
        cmocka_unit_test(kin__of_any_parents__has_everybody_once_and_parents_first),
        T(tree__of_three_generations__has_their_programs_and_command_lines),
        T(tree__of_a_long_command_line__is_not_cut),
        T(tree__of_an_empty_job__is_empty),
        T(tree__with_an_older_snapshot__shows_who_was_there_then),
        T(tree__of_a_pid_used_again_since_the_snapshot__takes_no_name_of_the_new_one),
        T(trees__a_hundred__leave_no_handle_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
