/* test_circle.c - jobs that wait for one another, and many that do not. */
#include "tests/config/fake.h"

#include "common/random.h"

#include <stdio.h>
#include <string.h>

#define A "[job:a]\ncommand = x\n"
#define B "[job:b]\ncommand = x\n"
#define C "[job:c]\ncommand = x\n"

/* --- circles ------------------------------------------------------------------------ */
static void circle__of_three__is_shown_whole_from_its_first_job(void **state)
{
    (void)state;
    assert_said("[job:x]\ncommand = x\nafter = c\n" A "requires = b\n" B "after = c\n" C
                "requires = a\nafter = b\n",
                "jobs.ini:6: error[order-cycle]: jobs wait for one another: a (jobs.ini:6) "
                "requires b (jobs.ini:9) after c (jobs.ini:12) requires a; take one of these "
                "out\n"
                "jobs.ini:9: error[order-cycle]: jobs wait for one another: b (jobs.ini:9) after c "
                "(jobs.ini:13) after b; take one of these out\n");
}

static void circle__by_a_group_and_a_template__names_them_and_their_places(void **state)
{
    (void)state;
    assert_said("[template:t]\nrequires = g\n[group:g]\n" A "extends = t\n" B
                "group = g\nafter = a\n",
                "jobs.ini:2: error[order-cycle]: jobs wait for one another: a (jobs.ini:2) "
                "requires b of [group:g] (jobs.ini:10) after a; take one of these out\n");
    assert_said("[group:g]\n" A "after = g, b\n" B "group = g\nafter = a\n",
                "jobs.ini:4: error[order-cycle]: jobs wait for one another: a (jobs.ini:4) after b "
                "(jobs.ini:8) after a; take one of these out\n");
}

static void circles__of_a_group_whose_members_wait_for_it__are_few(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_z(&text, "[group:g]\n[defaults]\ncommand = x\ngroup = g\nafter = g\n"
                 "[job:first]\nafter =\n");
    for (int i = 0; i < 100; i++)
        buf_f(&text, "[job:j%d]\n", i);
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_null(c);
    size_t lines = 0;
    for (const char *p = buf_text(&said); *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 21);
    assert_non_null(strstr(buf_text(&said), "jobs wait for one another: j0 (jobs.ini:5) after j1 "
                                            "of [group:g] (jobs.ini:5) after j0 of [group:g];"));
    assert_non_null(strstr(buf_text(&said), "there are more circles, with job 'j0' in one of them; "
                                            "mend those that are shown first"));
    buf_free(&said);
    buf_free(&text);
}

/* --- many --------------------------------------------------------------------------- */
enum { MANY = 10000 };

/* Each waits for the next; with RING the last for the first. */
static void write_chain(struct buf *text, bool ring)
{
    buf_z(text, "[defaults]\ncommand = x\n");
    for (int i = 0; i < MANY; i++) {
        buf_f(text, "[job:j%d]\n", i);
        if (i + 1 < MANY || ring)
            buf_f(text, "after = j%d\n", (i + 1) % MANY);
    }
}

static void chain__of_ten_thousand__loads(void **state)
{
    (void)state;
    struct buf text = {0};
    write_chain(&text, false);
    struct config *c = load_good(buf_text(&text));
    assert_int_equal(c->jobs, MANY);
    for (uint32_t i = 0; i + 1 < MANY; i++) {
        assert_int_equal(c->definition[i].deps.n, 1);
        assert_int_equal(c->definition[i].deps.dep[0].job, i + 1);
    }
    config_free(c);
    buf_free(&text);
}

static void ring__of_ten_thousand__is_shown_whole(void **state)
{
    (void)state;
    struct buf text = {0};
    write_chain(&text, true);
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_null(c);
    assert_non_null(
        strstr(buf_text(&said), "another: j0 (jobs.ini:4) after j1 (jobs.ini:6) after "));
    assert_true(str_ends(buf_view(&said), " after j9999 (jobs.ini:20002) after j0; take one of "
                                          "these out\n"));
    buf_free(&said);
    buf_free(&text);
}

/* Three each, of those before: what a large fleet may look like. */
static void jobs__of_which_each_waits_for_three__load(void **state)
{
    (void)state;
    struct buf text = {0};
    struct random r = {7};
    buf_z(&text, "[defaults]\ncommand = x\n");
    for (unsigned i = 0; i < MANY; i++) {
        buf_f(&text, "[job:j%u]\n", i);
        for (unsigned k = 0; k < 3 && i > 3; k++)
            buf_f(&text, "%s%sj%u", k < 2 ? "" : "\n",
                  k == 0   ? "after = "
                  : k == 1 ? ", "
                           : "requires = ",
                  (unsigned)random_below(&r, i));
        buf_char(&text, '\n');
    }
    struct config *c = load_good(buf_text(&text));
    size_t deps = 0;
    for (size_t i = 0; i < c->jobs; i++)
        deps += c->definition[i].deps.n;
    assert_in_range(deps, 29900, 30000);
    config_free(c);
    buf_free(&text);
}

static void members__beyond_all_reason__are_refused(void **state)
{
    (void)state;
    struct buf text = {0};
    buf_z(&text, "[group:g]\n[defaults]\ncommand = x\nenabled = no\n[template:t]\nafter = g\n");
    for (unsigned i = 0; i < 3000; i++)
        buf_f(&text, "[job:a%u]\ngroup = g\n[job:b%u]\nextends = t\n", i, i);
    buf_z(&text, "[job:c]\nenabled = yes\n");
    const struct fake_file files[] = {{"jobs.ini", buf_text(&text), 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    assert_null(c);
    assert_string_equal(buf_text(&said),
                        "jobs.ini:6: error[too-many-dependencies]: with job 'b666' the jobs wait "
                        "for more than 2000000 others, each member of a group counted; let them "
                        "wait for one job that waits for the rest\n");
    buf_free(&said);
    buf_free(&text);
}

/* --- against a simple way ----------------------------------------------------------- */
enum { NODES = 16, GRAPHS = 800 };

struct graph {
    unsigned n;
    bool edge[NODES][NODES], leads[NODES][NODES];
};

/* Warshall's closure. */
static void close_graph(struct graph *g)
{
    memcpy(g->leads, g->edge, sizeof g->leads);
    for (unsigned k = 0; k < g->n; k++)
        for (unsigned i = 0; i < g->n; i++)
            for (unsigned j = 0; j < g->n; j++)
                g->leads[i][j] = g->leads[i][j] || (g->leads[i][k] && g->leads[k][j]);
}

static void make_graph(struct graph *g, struct random *r, struct buf *text)
{
    memset(g, 0, sizeof *g);
    g->n = 2 + (unsigned)random_below(r, NODES - 1);
    /* Few edges more often than many. */
    unsigned dense = 1 + (unsigned)random_below(r, 1 + random_below(r, 8 * g->n));
    for (unsigned i = 0; i < dense; i++) {
        unsigned from = (unsigned)random_below(r, g->n), to = (unsigned)random_below(r, g->n);
        g->edge[from][to] = g->edge[from][to] || from != to;
    }
    close_graph(g);
    buf_z(text, "[defaults]\ncommand = x\n");
    for (unsigned i = 0; i < g->n; i++) {
        bool begun = false;
        buf_f(text, "[job:%u]\n", i);
        for (unsigned j = 0; j < g->n; j++) {
            if (g->edge[i][j])
                buf_f(text, "%s%u", begun ? ", " : i % 2 ? "after = " : "requires = ", j);
            begun = begun || g->edge[i][j];
        }
        buf_char(text, '\n');
    }
}

/* One line of what was said is a way along the edges from its first job, through each once, back to
 * that; takes them down in SHOWN. */
static void assert_circle(const struct graph *g, const char *line, bool shown[NODES][NODES])
{
    const char *p = strstr(line, "another: ");
    unsigned first, from, to = NODES, here = 0;
    int used = 0;
    assert_non_null(p);
    assert_int_equal(sscanf(p, "another: %u%n", &first, &used), 1);
    from = first;
    for (p += used; to != first; p += used, from = to) {
        const char *word =
            from % 2 ? " (jobs.ini:%*u) after %u%n" : " (jobs.ini:%*u) requires %u%n";
        assert_true(from >= first && !(here >> from & 1));
        here |= 1u << from;
        assert_int_equal(sscanf(p, word, &to, &used), 1);
        assert_true(to < g->n && g->edge[from][to]);
        shown[from][to] = true;
    }
    assert_memory_equal(p, ";", 1);
}

/* Each edge that leads back was shown in a circle, and no other one was. */
static void assert_all_shown(const struct graph *g, bool shown[NODES][NODES])
{
    for (unsigned i = 0; i < g->n; i++)
        for (unsigned j = 0; j < g->n; j++)
            assert_int_equal(shown[i][j], g->edge[i][j] && g->leads[j][i]);
}

static void assert_deps(const struct graph *g, const struct config *c)
{
    for (unsigned i = 0; i < g->n; i++) {
        const struct deps *deps = &c->definition[i].deps;
        uint32_t n = 0;
        for (unsigned j = 0; j < g->n; j++)
            if (g->edge[i][j]) {
                assert_true(n < deps->n && deps->dep[n].job == j);
                assert_int_equal(deps->dep[n++].required, i % 2 == 0);
            }
        assert_int_equal(n, deps->n);
    }
}

/* Whether it was refused. */
static bool check_graph(const struct graph *g, const char *text, bool *too_many)
{
    const struct fake_file files[] = {{"jobs.ini", text, 0, ST_OK}, {0}};
    struct fake f = {.file = files};
    struct config *c = NULL;
    struct buf said = fake_load(&f, &c);
    bool refused = c == NULL, shown[NODES][NODES] = {{false}};
    size_t lines = 0;
    *too_many = false;
    for (char *l = said.p ? strtok(said.p, "\n") : NULL; l; l = strtok(NULL, "\n"), lines++) {
        bool more = strstr(l, "there are more") != NULL;
        *too_many = *too_many || more;
        if (!more)
            assert_circle(g, l, shown);
    }
    if (*too_many)
        assert_int_equal(lines, 21);
    else
        assert_all_shown(g, shown);
    if (c)
        assert_deps(g, c);
    config_free(c);
    buf_free(&said);
    return refused;
}

static void graphs__made_by_chance__have_exactly_the_circles_that_are_shown(void **state)
{
    (void)state;
    struct random r = {20};
    unsigned refused = 0, full = 0;
    for (int i = 0; i < GRAPHS; i++) {
        struct graph g;
        struct buf text = {0};
        bool too_many;
        make_graph(&g, &r, &text);
        refused += check_graph(&g, buf_text(&text), &too_many);
        full += too_many;
        buf_free(&text);
    }
    assert_in_range(refused, GRAPHS / 4, GRAPHS * 3 / 4); /* both kinds are there */
    assert_in_range(full, 1, GRAPHS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circle__of_three__is_shown_whole_from_its_first_job),
        cmocka_unit_test(circle__by_a_group_and_a_template__names_them_and_their_places),
        cmocka_unit_test(circles__of_a_group_whose_members_wait_for_it__are_few),
        cmocka_unit_test(chain__of_ten_thousand__loads),
        cmocka_unit_test(ring__of_ten_thousand__is_shown_whole),
        cmocka_unit_test(jobs__of_which_each_waits_for_three__load),
        cmocka_unit_test(members__beyond_all_reason__are_refused),
        cmocka_unit_test(graphs__made_by_chance__have_exactly_the_circles_that_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
