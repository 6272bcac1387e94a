/* test_value_up.c - readiness, ports, URLs, causes and the rungs of a ladder: what they read, what
 * they refuse, what they print, and what of them a run is born with. */
#include "tests/config/values.h"

#include <string.h>

static const struct field ready = {.key = "k", .type = &ty_ready, .max = 100};
static const struct field port = {.key = "k", .type = &ty_port, .max = 65535};
static const struct field url = {.key = "k", .type = &ty_url, .max = 3000};
static const struct field causes = {.key = "k", .type = &ty_causes};
static const struct field ladder = {.key = "k", .type = &ty_ladder, .min = 1, .max = 86400000};
static const struct field hook = {.key = "k", .type = &ty_hook, .max = 30};

static const struct good goods[] = {
    {&ready, "started", "started"},
    {&ready, "Started", "started"},
    {&ready, "event", "event"},
    {&ready, "port:8080", "port:8080"},
    {&ready, "port : 1", "port:1"},
    {&ready, "port:65535", "port:65535"},
    {&ready, "http://127.0.0.1:8080/ready", "http://127.0.0.1:8080/ready"},
    {&ready, "http:http://localhost/", "http://localhost/"},
    {&ready, "http:https://localhost/", "https://localhost/"},
    {&ready, "https://localhost:8443", "https://localhost:8443"},
    {&ready, "file:run/web.ready", "file:run/web.ready"},
    {&ready, "file:C:\\a b\\up", "file:C:\\a b\\up"},
    {&port, "none", "none"},
    {&port, "0", "none"},
    {&port, "1", "1"},
    {&port, "65535", "65535"},
    {&url, "none", "none"},
    {&url, "http://127.0.0.1:8080/health?deep=1&x=%20",
     "http://127.0.0.1:8080/health?deep=1&x=%20"},
    {&url, "HTTPS://Host_1.example-2.org", "HTTPS://Host_1.example-2.org"},
    {&url, "http://[::1]:1/", "http://[::1]:1/"},
    {&url, "http://[fe80::1%25eth0]?q", "http://[fe80::1%25eth0]?q"},
    {&causes, "", ""},
    {&causes, "crash", "crash"},
    {&causes, "HEALTH, exit", "exit, health"},
    {&causes, "guard_commit,limit,crash,crash", "crash, limit, guard_commit"},
    {&causes, "exit, crash, not-started, hook, not-ready, limit, watchdog, health, max-runtime",
     "exit, crash, not-started, hook, not-ready, limit, watchdog, health, max-runtime"},
    {&causes, "guard_cpu, process_memory_limit", "process_memory_limit, guard_cpu"},
    {&ladder, "close-window:5s, stdin-eof:1s,event:2s", "close-window:5s, stdin-eof:1s, event:2s"},
    {&hook, "none", "none"},
    {&hook, "", "none"},
};

static void value__that_is_good__is_read_printed_and_read_again_as_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
        assert_good(&goods[i]);
}

#define READY_FORMS                                                                                \
    "started, port:8080, http://127.0.0.1:8080/ready (or https), file:PATH, or event"
#define URL_FORMS "it begins with http:// or https://, such as http://127.0.0.1:8080/health"
#define CAUSE_WORDS                                                                                \
    "causes separated by commas: exit, crash, not-started, hook, not-ready, limit, watchdog, "     \
    "health, max-runtime, or the key of one limit that can be reached"

static const struct bad bads[] = {
    {&ready, "", ST_SYNTAX, "no value is given"},
    {&ready, "8080", ST_SYNTAX, "'8080' tells no readiness; for a port write 'port:8080'"},
    {&ready, "prot:80", ST_SYNTAX, "'prot:80' tells no readiness; did you mean 'port'?"},
    {&ready, "soon", ST_SYNTAX, "'soon' tells no readiness; write " READY_FORMS},
    {&ready, "port", ST_SYNTAX, "'' is not a port; write a number from 1 to 65535"},
    {&ready, "port:http", ST_SYNTAX, "'http' is not a port; write a number from 1 to 65535"},
    {&ready, "port:0", ST_RANGE, "there is no port 0; write a number from 1 to 65535"},
    {&ready, "port:65536", ST_RANGE, "there is no port 65536; write a number from 1 to 65535"},
    {&ready, "started:5s", ST_SYNTAX, "nothing follows 'started'; leave the ':' and the rest out"},
    {&ready, "event:x", ST_SYNTAX, "nothing follows 'event'; leave the ':' and the rest out"},
    {&ready, "http:8080", ST_SYNTAX, "'8080' is not a URL; " URL_FORMS},
    {&ready, "http://", ST_SYNTAX, "the URL has no host; write http://127.0.0.1:8080/"},
    {&ready, "file:", ST_SYNTAX, "'file' names no file; write file:PATH"},
    {&ready, "file:a*", ST_SYNTAX, "a path cannot hold '*'"},
    {&port, "", ST_SYNTAX, "no value is given"},
    {&port, "http", ST_SYNTAX, "'http' is not a port; write a number from 1 to 65535"},
    {&port, "65536", ST_RANGE, "there is no port 65536; write a number from 1 to 65535"},
    {&port, "99999999999999999999", ST_RANGE,
     "there is no port 99999999999999999999; write a number from 1 to 65535"},
    {&url, "", ST_SYNTAX, "no value is given"},
    {&url, "localhost:8080", ST_SYNTAX, "'localhost:8080' is not a URL; " URL_FORMS},
    {&url, "ftp://a/", ST_SYNTAX, "'ftp://a/' is not a URL; " URL_FORMS},
    {&url, "http:///x", ST_SYNTAX, "the URL has no host; write http://127.0.0.1:8080/"},
    {&url, "http://:80/", ST_SYNTAX, "the URL has no host; write http://127.0.0.1:8080/"},
    {&url, "http://a,b/", ST_SYNTAX, "'a,b' is not a host; write a name, 127.0.0.1 or [::1]"},
    {&url, "http://::1/", ST_SYNTAX, "':' is not a host; write a name, 127.0.0.1 or [::1]"},
    {&url, "http://[1.2.3.4]/", ST_SYNTAX,
     "'[1.2.3.4]' is not a host; write a name, 127.0.0.1 or [::1]"},
    {&url, "http://a:/", ST_SYNTAX, "'' is not a port; write a number from 1 to 65535"},
    {&url, "http://a:0/", ST_RANGE, "there is no port 0; write a number from 1 to 65535"},
    {&url, "http://a:65536/", ST_RANGE, "there is no port 65536; write a number from 1 to 65535"},
    {&url, "http://me:secret@a/", ST_SYNTAX,
     "a URL here holds no user or password, which everybody could read"},
    {&url, "http://a/b c", ST_SYNTAX, "a URL holds no blanks or control characters; write %20"},
    {&url, "http://a/\x7F", ST_SYNTAX, "a URL holds no blanks or control characters; write %7F"},
    {&url, "http://a/\xC3\xBC", ST_SYNTAX,
     "a URL has ASCII characters only; write each byte of others as %XX"},
    {&url, "http://a/#top", ST_SYNTAX,
     "a URL that is asked for holds no '#'; leave out what follows"},
    {&url, "http://a\\b", ST_SYNTAX, "a URL that is asked for holds no '\\'"},
    {&causes, "crash,", ST_SYNTAX, "an entry is missing beside a comma"},
    {&causes, "heath", ST_SYNTAX, "'heath' is not a cause; did you mean 'health'?"},
    {&causes, "job_memory", ST_SYNTAX,
     "'job_memory' is not a cause; did you mean 'job_memory_limit'?"},
    {&causes, "anything", ST_SYNTAX, "'anything' is not a cause; write " CAUSE_WORDS},
    {&causes, "affinity", ST_SYNTAX, "affinity just holds and never ends a run; leave it out"},
    {&causes, "none", ST_SYNTAX,
     "'none' cannot stand here: for no cause at all leave the value empty"},
    {&causes, "schedule", ST_SYNTAX,
     "'schedule' cannot stand here: what restart_schedule ends always comes up again"},
    {&causes, "crash, Operator", ST_SYNTAX,
     "'operator' cannot stand here: what was asked to stop stays stopped until it is asked to "
     "start"},
    {&causes, "change", ST_SYNTAX,
     "'change' cannot stand here: what ends for its new definition always comes up again with it"},
    {&causes, "dependency", ST_SYNTAX,
     "'dependency' cannot stand here: it comes up again with the job that it requires"},
    {&causes, "shutdown", ST_SYNTAX, "'shutdown' cannot stand here: the whole service stops then"},
    {&ladder, "stdin-eof", ST_SYNTAX, "the rung 'stdin-eof' has no time; write 'stdin-eof:10s'"},
    {&ladder, "stdin:5s", ST_SYNTAX,
     "'stdin' is not a rung; write ctrl-c, ctrl-break, close-window, stdin-eof, event or command, "
     "such as 'ctrl-c:10s, command:30s'"},
    {&hook, "\"x", ST_SYNTAX, "the quote at character 1 is not closed; add the other one"},
};

static void value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        assert_bad(&bads[i]);
}

static void url__longer_than_every_part_on_the_way_takes__is_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b = {0};
    struct err e = {0};
    const char *got = NULL;
    buf_z(&b, "http://a/");
    while (b.n < 2048)
        buf_char(&b, 'x');
    assert_int_equal(url.type->parse(&url, buf_view(&b), a, &got, &e), ST_OK);
    buf_char(&b, 'x');
    assert_int_equal(url.type->parse(&url, buf_view(&b), a, &got, &e), ST_RANGE);
    assert_string_equal(e.text, "the URL has 2049 characters, more than 2048");
    buf_free(&b);
    arena_free(a);
}

static union value read_value(const struct field *f, const char *text, struct arena *a)
{
    union value v = {0};
    assert_int_equal(f->type->parse(f, str_of(text), a, &v, NULL), ST_OK);
    return v;
}

static void values__that_differ__are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const struct field *f;
        const char *a, *b;
    } rows[] = {{&ready, "started", "event"},
                {&ready, "port:80", "port:81"},
                {&ready, "file:a", "file:b"},
                {&ready, "http://a/", "https://a/"},
                {&port, "none", "1"},
                {&url, "none", "http://a"},
                {&causes, "", "exit"},
                {&causes, "limit", "guard_cpu"},
                {&causes, "guard_cpu", "guard_commit"}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value x = read_value(rows[i].f, rows[i].a, a),
                    y = read_value(rows[i].f, rows[i].b, a);
        assert_false(rows[i].f->type->equal(&x, &y));
    }
    arena_free(a);
}

static void ready__of_each_kind__has_what_it_needs(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct ready r = read_value(&ready, "port:808", a).ready;
    assert_int_equal(r.kind, READY_PORT);
    assert_int_equal(r.port, 808);
    assert_string_equal(r.text, "");
    r = read_value(&ready, "https://a:1/b", a).ready;
    assert_int_equal(r.kind, READY_HTTP);
    assert_string_equal(r.text, "https://a:1/b");
    r = read_value(&ready, "http:http://a", a).ready;
    assert_string_equal(r.text, "http://a");
    r = read_value(&ready, "file: a:b ", a).ready;
    assert_int_equal(r.kind, READY_FILE);
    assert_string_equal(r.text, "a:b");
    arena_free(a);
}

static void causes__that_are_read__are_had_and_no_others(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct causes c = read_value(&causes, "crash, guard_cpu", a).causes;
    assert_true(causes_have(&c, CAUSE_CRASH, LIMIT_NONE));
    assert_false(causes_have(&c, CAUSE_EXIT, LIMIT_NONE));
    assert_true(causes_have(&c, CAUSE_LIMIT, LIMIT_GUARD_CPU));
    assert_false(causes_have(&c, CAUSE_LIMIT, LIMIT_GUARD_COMMIT));
    c = read_value(&causes, "limit", a).causes;
    assert_true(causes_have(&c, CAUSE_LIMIT, LIMIT_GUARD_COMMIT));
    arena_free(a);
}

static void ladder__that_gains_what_a_run_is_born_with__costs_a_respawn(void **state)
{
    (void)state;
    static const struct {
        const char *was, *is;
        bool respawns;
    } rows[] = {{"ctrl-c:1s", "event:1s", true},
                {"event:1s", "ctrl-c:1s", false}, /* what it has does no harm */
                {"ctrl-c:1s", "ctrl-c:1s, stdin-eof:1s", true},
                {"stdin-eof:1s", "terminate", false},
                {"stdin-eof:1s", "event:1s", true},
                {"event:1s, ctrl-c:1s", "ctrl-c:5s, event:2s", false},
                {"ctrl-c:1s", "close-window:1s, command:1s", false}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        union value was = read_value(&ladder, rows[i].was, a);
        union value is = read_value(&ladder, rows[i].is, a);
        assert_int_equal(ty_ladder.respawns(&was, &is), rows[i].respawns);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value__that_is_good__is_read_printed_and_read_again_as_the_same),
        cmocka_unit_test(value__that_is_bad__is_refused_with_the_reason_and_leaves_its_place_alone),
        cmocka_unit_test(url__longer_than_every_part_on_the_way_takes__is_refused),
        cmocka_unit_test(values__that_differ__are_told_apart),
        cmocka_unit_test(ready__of_each_kind__has_what_it_needs),
        cmocka_unit_test(causes__that_are_read__are_had_and_no_others),
        cmocka_unit_test(ladder__that_gains_what_a_run_is_born_with__costs_a_respawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
