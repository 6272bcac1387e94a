/* request.c - see request.h.  One table says which member is what, another one whose it is. */
#include "service/control/request.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

enum { KEYS_MAX = 256 };
#define MAX_ID (UINT64_C(1) << 53)

const char *const refusal_names[REFUSALS] = {[REFUSAL_NONE] = "",
                                             [REFUSAL_BAD_REQUEST] = "bad-request",
                                             [REFUSAL_UNSUPPORTED_VERSION] = "unsupported-version",
                                             [REFUSAL_UNKNOWN_COMMAND] = "unknown-command",
                                             [REFUSAL_DENIED] = "denied",
                                             [REFUSAL_NO_SUCH_NAME] = "no-such-name",
                                             [REFUSAL_REFUSED] = "refused",
                                             [REFUSAL_STOPPING] = "stopping",
                                             [REFUSAL_BUSY] = "busy",
                                             [REFUSAL_FAILED] = "failed"};

bool say_no(struct no *n, enum refusal code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    n->code = code;
    n->why.st = ST_SYNTAX;
    n->why.os = 0;
    int length = vsnprintf(n->why.text, sizeof n->why.text, fmt, args);
    va_end(args);
    if (length >= (int)sizeof n->why.text)
        memcpy(n->why.text + sizeof n->why.text - 4, "...", 4);
    return false;
}

/* --- members ------------------------------------------------------------------------ */
enum member {
    M_PROTOCOL = 1 << 0,
    M_ID = 1 << 1,
    M_DO = 1 << 2,
    M_NAMES = 1 << 3,
    M_WAIT = 1 << 4,
    M_TIMEOUT = 1 << 5,
    M_N = 1 << 6,
    M_FOLLOW = 1 << 7,
    M_STREAM = 1 << 8,
    M_EVERY = 1 << 9,
    M_EVENTS = 1 << 10,
    M_NAME = 1 << 11,
    M_KEYS = 1 << 12,
    M_RESET = 1 << 13,
    M_DRY_RUN = 1 << 14,
    M_ALWAYS = M_PROTOCOL | M_ID | M_DO
};

struct member_row {
    const char *name;
    enum member bit;
    bool (*read)(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no);
    size_t offset;     /* of its place in struct request */
    uint64_t min, max; /* of a number */
};

static bool wrong(const struct member_row *m, const char *wanted, struct no *no)
{
    return say_no(no, REFUSAL_BAD_REQUEST, "\"%s\" is to be %s", m->name, wanted);
}

static bool read_number(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    char wanted[80];
    uint64_t n = yyjson_get_uint(v);
    if (!yyjson_is_uint(v) || n < m->min || n > m->max) {
        snprintf(wanted, sizeof wanted, "a number from %llu to %llu", (unsigned long long)m->min,
                 (unsigned long long)m->max);
        return wrong(m, wanted, no);
    }
    memcpy((char *)r + m->offset, &n, sizeof n);
    return true;
}

static bool read_flag(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    bool b = yyjson_get_bool(v);
    if (!yyjson_is_bool(v))
        return wrong(m, "true or false", no);
    memcpy((char *)r + m->offset, &b, sizeof b);
    return true;
}

/* It goes into C strings, logs and terminals. */
static bool is_plain(yyjson_val *v, size_t most)
{
    const char *p = yyjson_get_str(v);
    size_t n = yyjson_get_len(v);
    if (n > most)
        return false;
    for (size_t i = 0; p && i < n; i++)
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
            return false;
    return p != NULL;
}

static bool read_texts(const struct member_row *m, yyjson_val *v, size_t *ret_n, const char ***ret,
                       struct no *no)
{
    size_t n = yyjson_arr_size(v), at, all;
    yyjson_val *item;
    if (!yyjson_is_arr(v) || n > NAMES_MAX)
        return wrong(m, "a list of at most 64 names", no);
    const char **list = calloc(n + 1, sizeof *list);
    if (!list)
        return say_no(no, REFUSAL_FAILED, "out of memory");
    *ret = list;
    yyjson_arr_foreach(v, at, all, item)
    {
        if (!is_plain(item, NAME_BYTES_MAX))
            return wrong(m, "a list of names of at most 256 bytes without control characters", no);
        list[at] = yyjson_get_str(item);
    }
    *ret_n = n;
    return true;
}

static bool read_names(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    return read_texts(m, v, &r->names, &r->name, no);
}

static bool read_name(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    if (!is_plain(v, NAME_BYTES_MAX) || yyjson_get_len(v) == 0)
        return wrong(m, "the name of a job or group", no);
    r->target = yyjson_get_str(v);
    return true;
}

static bool read_stream(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    r->out = yyjson_equals_str(v, "stdout");
    r->err = yyjson_equals_str(v, "stderr");
    return r->out || r->err || wrong(m, "\"stdout\" or \"stderr\"", no);
}

/* Looked at before anything else: what another version says may mean anything. */
static bool check_version(yyjson_val *v, struct no *no)
{
    if (!v)
        return say_no(no, REFUSAL_BAD_REQUEST, "\"protocol\" is missing");
    if (!yyjson_is_uint(v))
        return say_no(no, REFUSAL_BAD_REQUEST, "\"protocol\" is to be a number");
    if (yyjson_get_uint(v) != PROTOCOL_VERSION)
        return say_no(no, REFUSAL_UNSUPPORTED_VERSION,
                      "this service speaks version %d of the protocol; use the jobwarden.exe that "
                      "belongs to it",
                      (int)PROTOCOL_VERSION);
    return true;
}

/* {"KEY": "VALUE"} sets, ["KEY"] is for a reset. */
static bool read_keys(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    bool set = yyjson_is_obj(v);
    size_t n = set ? yyjson_obj_size(v) : yyjson_arr_size(v), at, all;
    yyjson_val *key, *value;
    if ((!set && !yyjson_is_arr(v)) || n == 0 || n > KEYS_MAX)
        return wrong(m, "an object of keys and their values, or a list of keys", no);
    r->setting = calloc(n, sizeof *r->setting);
    if (!r->setting)
        return say_no(no, REFUSAL_FAILED, "out of memory");
    if (set) {
        yyjson_obj_foreach(v, at, all, key, value)
        {
            if (!is_plain(key, NAME_BYTES_MAX) || !is_plain(value, REQUEST_MAX))
                return wrong(m, "an object of texts without control characters", no);
            r->setting[at] = (struct setting){yyjson_get_str(key), yyjson_get_str(value)};
        }
    } else {
        yyjson_arr_foreach(v, at, all, key)
        {
            if (!is_plain(key, NAME_BYTES_MAX))
                return wrong(m, "a list of keys without control characters", no);
            r->setting[at] = (struct setting){yyjson_get_str(key), NULL};
        }
    }
    r->settings = n;
    return true;
}

static bool read_before(const struct member_row *m, yyjson_val *v, struct request *r, struct no *no)
{
    (void)m;
    (void)v;
    (void)r;
    (void)no;
    return true;
}

static const struct member_row members[] = {
    {"protocol", M_PROTOCOL, read_before, 0, 0, 0},
    {"id", M_ID, read_number, offsetof(struct request, id), 0, MAX_ID},
    {"do", M_DO, read_before, 0, 0, 0},
    {"names", M_NAMES, read_names, 0, 0, 0},
    {"name", M_NAME, read_name, 0, 0, 0},
    {"wait", M_WAIT, read_flag, offsetof(struct request, wait), 0, 0},
    {"timeout_ms", M_TIMEOUT, read_number, offsetof(struct request, timeout_ms), 1, 604800000},
    {"n", M_N, read_number, offsetof(struct request, n), 0, 10000},
    {"follow", M_FOLLOW, read_flag, offsetof(struct request, follow), 0, 0},
    {"stream", M_STREAM, read_stream, 0, 0, 0},
    {"every_ms", M_EVERY, read_number, offsetof(struct request, every_ms), 100, 60000},
    {"events", M_EVENTS, read_flag, offsetof(struct request, events), 0, 0},
    {"keys", M_KEYS, read_keys, 0, 0, 0},
    {"reset", M_RESET, read_flag, offsetof(struct request, reset), 0, 0},
    {"dry_run", M_DRY_RUN, read_flag, offsetof(struct request, dry_run), 0, 0},
};

/* --- commands ----------------------------------------------------------------------- */
struct command_row {
    const char *name;
    bool commands;
    unsigned may, must;
};

#define ORDER                                                                                      \
    {                                                                                              \
        .commands = true, .may = M_NAMES | M_WAIT | M_TIMEOUT, .must = M_NAMES                     \
    }
static const struct command_row rows[COMMANDS] = {
    [DO_CHECK] = {.may = 0},
    [DO_EVENTS] = {.may = M_NAMES | M_N | M_FOLLOW},
    [DO_KILL] = {.commands = true, .may = M_NAMES, .must = M_NAMES},
    [DO_LIMITS] = {.may = M_NAMES},
    [DO_LOGS] = {.commands = true, .may = M_NAMES | M_N | M_FOLLOW | M_STREAM},
    [DO_PS] = {.may = M_NAMES},
    [DO_RELOAD] = {.commands = true, .may = M_DRY_RUN},
    [DO_RESTART] = ORDER,
    [DO_SET] = {.commands = true, .may = M_NAME | M_KEYS | M_RESET | M_DRY_RUN, .must = M_NAME},
    [DO_START] = ORDER,
    [DO_STATUS] = {.may = M_NAMES | M_EVERY | M_EVENTS},
    [DO_STOP] = ORDER,
};

const char *const command_names[COMMANDS] = {
    [DO_CHECK] = "check", [DO_EVENTS] = "events", [DO_KILL] = "kill",     [DO_LIMITS] = "limits",
    [DO_LOGS] = "logs",   [DO_PS] = "ps",         [DO_RELOAD] = "reload", [DO_RESTART] = "restart",
    [DO_SET] = "set",     [DO_START] = "start",   [DO_STATUS] = "status", [DO_STOP] = "stop"};

bool command_commands(enum command what)
{
    return rows[what].commands;
}

/* --- a whole request ---------------------------------------------------------------- */
static const struct member_row *member_of(yyjson_val *key)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (yyjson_equals_str(key, members[i].name))
            return &members[i];
    return NULL;
}

/* Enough of a text of the client's to recognise it in a message. */
static const char *shown(yyjson_val *v, char out[64])
{
    struct str all = {yyjson_get_str(v), yyjson_get_len(v)};
    size_t n = 0;
    for (; n < all.n && n < 48; n++)
        out[n] = (unsigned char)all.p[n] < 0x20 || all.p[n] & 0x80 ? '?' : all.p[n];
    memcpy(out + n, n < all.n ? "..." : "", n < all.n ? 4 : 1);
    return out;
}

static bool find_command(yyjson_val *root, struct request *r, struct no *no)
{
    yyjson_val *v = yyjson_obj_get(root, "do");
    char text[64];
    if (!yyjson_is_str(v))
        return say_no(no, REFUSAL_BAD_REQUEST, "\"do\", the name of a command, is missing");
    for (int i = 0; i < COMMANDS; i++)
        if (yyjson_equals_str(v, command_names[i])) {
            r->what = (enum command)i;
            return true;
        }
    return say_no(no, REFUSAL_UNKNOWN_COMMAND, "there is no command '%s'", shown(v, text));
}

static bool read_members(yyjson_val *root, struct request *r, unsigned *ret_seen, struct no *no)
{
    const struct command_row *row = &rows[r->what];
    unsigned seen = 0;
    size_t at, all;
    yyjson_val *key, *v;
    char text[64];
    yyjson_obj_foreach(root, at, all, key, v)
    {
        const struct member_row *m = member_of(key);
        if (!m || !(m->bit & (row->may | M_ALWAYS)))
            return say_no(no, REFUSAL_BAD_REQUEST, "'%s' has no member \"%s\"",
                          command_names[r->what], shown(key, text));
        if (seen & m->bit)
            return say_no(no, REFUSAL_BAD_REQUEST, "\"%s\" is there twice", m->name);
        seen |= m->bit;
        if (!m->read(m, v, r, no))
            return false;
    }
    *ret_seen = seen;
    return true;
}

/* What the tables cannot say. */
static bool check_set(const struct request *r, struct no *no)
{
    bool values = r->settings > 0 && r->setting[0].value;
    if (r->what != DO_SET)
        return true;
    if (!r->reset && !values)
        return say_no(no, REFUSAL_BAD_REQUEST, "'set' needs keys and their values, or a reset");
    if (r->reset && values)
        return say_no(no, REFUSAL_BAD_REQUEST, "a reset takes keys without values");
    return true;
}

static bool read_all(yyjson_val *root, struct request *r, struct no *no)
{
    unsigned seen = 0;
    if (!yyjson_is_obj(root))
        return say_no(no, REFUSAL_BAD_REQUEST, "a request is one JSON object");
    yyjson_val *id = yyjson_obj_get(root, "id"); /* so that refusals have it too */
    r->id = yyjson_is_uint(id) && yyjson_get_uint(id) <= MAX_ID ? yyjson_get_uint(id) : 0;
    if (!check_version(yyjson_obj_get(root, "protocol"), no) || !find_command(root, r, no) ||
        !read_members(root, r, &seen, no))
        return false;
    if ((rows[r->what].must & ~seen) || (rows[r->what].must & M_NAMES && r->names == 0))
        return say_no(no, REFUSAL_BAD_REQUEST, "'%s' needs \"%s\"", command_names[r->what],
                      rows[r->what].must & M_NAMES ? "names" : "name");
    return check_set(r, no);
}

bool request_parse(struct str bytes, struct request *ret, struct no *no)
{
    struct request r = {.n = 20, .out = true, .err = true};
    yyjson_read_err bad;
    /* yyjson wants a writable pointer, but writes only where it is told to read in place. */
    yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)bytes.p, bytes.n, 0, NULL, &bad);
    *ret = (struct request){0};
    if (!doc && bad.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return say_no(no, REFUSAL_FAILED, "out of memory");
    if (!doc)
        return say_no(no, REFUSAL_BAD_REQUEST, "this is not JSON: %s at byte %zu", bad.msg,
                      bad.pos);
    r.doc = doc;
    if (read_all(yyjson_doc_get_root(doc), &r, no)) {
        *ret = r;
        return true;
    }
    request_free(&r);
    ret->id = r.id;
    return false;
}

void request_free(struct request *r)
{
    uint64_t id = r->id;
    free(r->name);
    free(r->setting);
    yyjson_doc_free(r->doc);
    *r = (struct request){.id = id};
}
