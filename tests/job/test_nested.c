/* test_nested.c - fleet, group and instance as jobs below one another, with real processes. */
#include "tests/job/nest.h"

static const enum spawn_way ways[] = {SPAWN_ATTRIBUTE, SPAWN_SUSPENDED};
enum { WAYS = sizeof ways / sizeof *ways, GROUPS = 2, EACH = 2 };

static struct chain make_chain(struct nest *t, DWORD root, DWORD group, DWORD instance)
{
    struct chain c;
    c.root = nest_job(t, 1, root);
    c.group = nest_job(t, 2, group);
    c.instance = nest_job(t, 3, instance);
    return c;
}

/* Two groups of two instances of two processes each. */
struct fleet {
    struct job *root, *group[GROUPS], *instance[GROUPS][EACH];
    struct family family[GROUPS][EACH];
};

static void make_fleet(struct nest *t, enum spawn_way way, struct fleet *f)
{
    f->root = nest_job(t, 1, 0);
    for (size_t g = 0; g < GROUPS; g++) {
        f->group[g] = nest_job(t, 2 + g, 0);
        for (size_t i = 0; i < EACH; i++) {
            f->instance[g][i] = nest_job(t, 10 + 10 * g + i, 0);
            const struct chain c = {f->root, f->group[g], f->instance[g][i]};
            nest_family(t, &c, way, &f->family[g][i]);
        }
    }
}

static void expect_lists(struct fleet *f)
{
    assert_int_equal(nest_count(f->root), GROUPS * EACH * 2);
    for (size_t g = 0; g < GROUPS; g++) {
        assert_int_equal(nest_count(f->group[g]), EACH * 2);
        for (size_t i = 0; i < EACH; i++) {
            assert_int_equal(nest_count(f->instance[g][i]), 2);
            assert_true(nest_has_family(f->instance[g][i], &f->family[g][i]));
            assert_true(nest_has_family(f->group[g], &f->family[g][i]));
            assert_true(nest_has_family(f->root, &f->family[g][i]));
        }
    }
}

/* Closes the fleet's families and jobs, once they are gone. */
static void end_fleet(struct nest *t, struct fleet *f)
{
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t i = 0; i < EACH; i++) {
            family_wait_gone(&f->family[g][i]);
            family_close(&f->family[g][i]);
            nest_close(t, f->instance[g][i]);
        }
    for (size_t g = 0; g < GROUPS; g++)
        nest_close(t, f->group[g]);
}

static void chain__of_every_level__lists_the_processes_of_all_below(void **state)
{
    struct nest *t = *state;
    for (int w = 0; w < WAYS; w++) {
        struct fleet f;
        make_fleet(t, ways[w], &f);
        expect_lists(&f);
        assert_int_equal(job_terminate(f.root, NULL), ST_OK);
        end_fleet(t, &f);
        nest_close(t, f.root);
    }
}

static void terminate__of_a_group__ends_its_instances_and_nobody_else(void **state)
{
    struct nest *t = *state;
    struct fleet f;
    make_fleet(t, SPAWN_BEST, &f);
    assert_int_equal(job_terminate(f.group[1], NULL), ST_OK);
    for (size_t i = 0; i < EACH; i++) {
        DWORD code = 0;
        family_wait_gone(&f.family[1][i]);
        assert_false(child_alive(&f.family[1][i].parent, &code));
        assert_int_equal(code, JOB_EXIT_CODE);
        assert_true(family_alive(&f.family[0][i]));
        assert_true(nest_has_family(f.root, &f.family[0][i]));
    }
    nest_close(t, f.root);
    end_fleet(t, &f);
}

static void close__of_the_root__ends_every_instance(void **state)
{
    struct nest *t = *state;
    struct fleet f;
    make_fleet(t, SPAWN_BEST, &f);
    nest_close(t, f.root); /* the others' handles stay open */
    end_fleet(t, &f);
}

static void close__of_an_instance__leaves_its_group_running_and_usable(void **state)
{
    struct nest *t = *state;
    struct fleet f;
    struct family again;
    make_fleet(t, SPAWN_BEST, &f);
    nest_close(t, f.instance[0][0]);
    family_wait_gone(&f.family[0][0]);
    assert_true(family_alive(&f.family[0][1]));
    assert_true(family_alive(&f.family[1][0]));
    f.instance[0][0] = nest_job(t, 99, 0); /* as a restart does */
    const struct chain c = {f.root, f.group[0], f.instance[0][0]};
    nest_family(t, &c, SPAWN_BEST, &again);
    family_close(&f.family[0][0]);
    f.family[0][0] = again;
    assert_true(nest_has_family(f.instance[0][0], &again));
    assert_true(nest_has_family(f.group[0], &again));
    assert_true(nest_has_family(f.root, &again));
    nest_close(t, f.root);
    end_fleet(t, &f);
}

static void process__put_into_the_instance_alone__is_in_all_levels(void **state)
{
    struct nest *t = *state;
    const struct chain whole = make_chain(t, 0, 0, 0), last = {.instance = whole.instance};
    struct child first, c;
    nest_start(t, &whole, SPAWN_BEST, "--hold", &first);
    for (int w = 0; w < WAYS; w++) {
        nest_start(t, &last, ways[w], "--hold", &c);
        assert_true(nest_has(whole.instance, c.pid));
        assert_true(nest_has(whole.group, c.pid));
        assert_true(nest_has(whole.root, c.pid));
        child_close(&c);
    }
    child_close(&first);
}

/* --- breakaway ---------------------------------------------------------------------- */
static void breakaway__not_allowed__is_refused(void **state)
{
    struct nest *t = *state;
    for (int w = 0; w < WAYS; w++) {
        /* The immediate job alone decides whether one may leave at all. */
        const struct chain c = make_chain(t, JOB_OBJECT_LIMIT_BREAKAWAY_OK,
                                          JOB_OBJECT_LIMIT_BREAKAWAY_OK, 0);
        struct child child;
        nest_start(t, &c, ways[w], "--breakaway --hold", &child);
        assert_int_equal(nest_said(t, "breakaway error "), ERROR_ACCESS_DENIED);
        assert_int_equal(nest_count(c.root), 1);
        child_close(&child);
    }
}

/* Leaves from the innermost outwards up to the first that forbids it, by the same rule on Windows
 * and under Wine. */
static void expect_left(struct nest *t, const struct chain *c, const char *switches,
                        const char *word, bool group, bool root)
{
    for (int w = 0; w < WAYS; w++) {
        struct child child;
        nest_start(t, c, ways[w], switches, &child);
        DWORD pid = nest_said(t, word);
        assert_true(nest_has(c->instance, child.pid));
        assert_false(nest_has(c->instance, pid));
        assert_int_equal(nest_has(c->group, pid), group);
        assert_int_equal(nest_has(c->root, pid), root);
        nest_end_process(pid);
        nest_end_process(child.pid);
        child_close(&child);
    }
}

static void breakaway__allowed_by_the_instance__leaves_it_and_stays_in_its_group(void **state)
{
    struct nest *t = *state;
    const struct chain c = make_chain(t, 0, 0, JOB_OBJECT_LIMIT_BREAKAWAY_OK);
    struct child child;
    expect_left(t, &c, "--breakaway --hold", "breakaway ok ", true, true);
    nest_start(t, &c, SPAWN_BEST, "--detach-child --hold", &child); /* does not ask for it */
    assert_true(nest_has(c.instance, nest_said(t, "child ")));
    child_close(&child);
}

static void breakaway__allowed_by_all_levels__leaves_all(void **state)
{
    const DWORD ok = JOB_OBJECT_LIMIT_BREAKAWAY_OK;
    const struct chain c = make_chain(*state, ok, ok, ok);
    expect_left(*state, &c, "--breakaway --hold", "breakaway ok ", false, false);
}

static void breakaway__silent_in_the_instance__every_child_leaves_it_and_stays_above(void **state)
{
    const struct chain c = make_chain(*state, 0, 0, JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK);
    expect_left(*state, &c, "--detach-child --hold", "child ", true, true);
    expect_left(*state, &c, "--breakaway --hold", "breakaway ok ", true, true);
}

static void breakaway__silent_in_instance_and_group__stays_in_the_root(void **state)
{
    const DWORD silent = JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    const struct chain c = make_chain(*state, 0, silent, silent);
    expect_left(*state, &c, "--detach-child --hold", "child ", false, true);
}

/* --- packets ------------------------------------------------------------------------ */
enum { KEYS = 4 };
struct seen {
    int born[KEYS][2], ended[KEYS][2], empty[KEYS];
};

/* Reads until every level is empty. */
static void read_packets(struct nest *t, const struct family *f, struct seen *seen)
{
    int empty = 0;
    while (empty < KEYS - 1) {
        DWORD n = 0;
        ULONG_PTR key = 0;
        OVERLAPPED *o = NULL;
        if (!GetQueuedCompletionStatus(t->port, &n, &key, &o, LAB_LIMIT_MS))
            fail_msg("only %d levels said that they are empty", empty);
        DWORD pid = (DWORD)(ULONG_PTR)o;
        assert_in_range(key, 1, KEYS - 1);
        if (n == JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO) {
            empty += seen->empty[key]++ == 0;
            continue;
        }
        assert_true(pid == f->parent.pid || pid == f->child);
        if (n == JOB_OBJECT_MSG_NEW_PROCESS)
            seen->born[key][pid == f->child]++;
        else if (n == JOB_OBJECT_MSG_EXIT_PROCESS || n == JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS)
            seen->ended[key][pid == f->child]++;
    }
}

static void packets__of_one_port__come_once_a_level_with_its_key(void **state)
{
    struct nest *t = *state;
    for (int w = 0; w < WAYS; w++) {
        const struct chain c = make_chain(t, 0, 0, 0);
        struct family f;
        struct seen seen = {0};
        nest_family(t, &c, ways[w], &f);
        nest_end_process(f.parent.pid);
        nest_end_process(f.child);
        read_packets(t, &f, &seen);
        for (int key = 1; key < KEYS; key++) {
            assert_int_equal(seen.empty[key], 1);
            for (int who = 0; who < 2; who++) {
                assert_int_equal(seen.born[key][who], 1);
                assert_int_equal(seen.ended[key][who], 1);
            }
        }
        family_close(&f);
    }
}

/* --- the service itself in a job ---------------------------------------------------- */
/* The last one: there is no way out of a job. */
static void fleet__inside_an_outer_job__nests_all_the_same(void **state)
{
    struct nest *t = *state;
    HANDLE outer = CreateJobObjectW(NULL, NULL);
    assert_non_null(outer);
    assert_true(AssignProcessToJobObject(outer, GetCurrentProcess()));
    for (int w = 0; w < WAYS; w++) {
        struct fleet f;
        make_fleet(t, ways[w], &f);
        expect_lists(&f);
        for (size_t g = 0; g < GROUPS; g++)
            for (size_t i = 0; i < EACH; i++) {
                assert_true(lab_in_job(outer, f.family[g][i].parent.pid));
                assert_true(lab_in_job(outer, f.family[g][i].child));
            }
        assert_int_equal(job_terminate(f.group[0], NULL), ST_OK);
        family_wait_gone(&f.family[0][1]);
        assert_true(family_alive(&f.family[1][1]));
        nest_close(t, f.root);
        end_fleet(t, &f);
    }
    CloseHandle(outer);
}

static int run_nested(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, nest_setup, nest_teardown)
    const struct CMUnitTest tests[] = {
        T(chain__of_every_level__lists_the_processes_of_all_below),
        T(terminate__of_a_group__ends_its_instances_and_nobody_else),
        T(close__of_the_root__ends_every_instance),
        T(close__of_an_instance__leaves_its_group_running_and_usable),
        T(process__put_into_the_instance_alone__is_in_all_levels),
        T(breakaway__not_allowed__is_refused),
        T(breakaway__allowed_by_the_instance__leaves_it_and_stays_in_its_group),
        T(breakaway__allowed_by_all_levels__leaves_all),
        T(breakaway__silent_in_the_instance__every_child_leaves_it_and_stays_above),
        T(breakaway__silent_in_instance_and_group__stays_in_the_root),
        T(packets__of_one_port__come_once_a_level_with_its_key),
    };
    return cmocka_run_group_tests_name("nested", tests, NULL, NULL);
}

static int run_outer(void)
{
    const struct CMUnitTest tests[] = {T(fleet__inside_an_outer_job__nests_all_the_same)};
    return cmocka_run_group_tests_name("outer", tests, NULL, NULL);
}

int main(void)
{
    return run_nested() + run_refused() + run_outer();
}
