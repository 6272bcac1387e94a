/* value_access.c - accounts that may command, and accounts that may only look. */
#include "config/value.h"

#include "common/num.h"

#include <string.h>

static const char *const roles[] = {"command", "look"};
enum { ROLES = sizeof roles / sizeof *roles, SUBAUTHORITIES_MAX = 15 };
#define ROLE_FORM "'command: ACCOUNT, ACCOUNT; look: ACCOUNT, ACCOUNT'"

/* --- one account -------------------------------------------------------------------- */

/* S-1- and the like, which no account is called. */
static bool looks_like_sid(struct str t)
{
    struct str rest = t, s = str_cut(&rest, '-'), revision = str_cut(&rest, '-');
    bool digits = rest.p && revision.n > 0;
    for (size_t i = 0; i < revision.n; i++)
        digits = digits && ascii_digit(revision.p[i]);
    return digits && str_ieq(s, STR("S"));
}

/* S-1-AUTHORITY, then one to fifteen numbers of 32 bits. */
static bool sid_valid(struct str t)
{
    uint64_t v = 0;
    struct str rest = t;
    str_cut(&rest, '-');
    if (!str_is(str_cut(&rest, '-'), "1") ||
        num_u64(str_cut(&rest, '-'), (UINT64_C(1) << 48) - 1, &v) != ST_OK)
        return false;
    size_t n = 0;
    for (; rest.p; n++)
        if (num_u64(str_cut(&rest, '-'), UINT32_MAX, &v) != ST_OK)
            return false;
    return n >= 1 && n <= SUBAUTHORITIES_MAX;
}

static bool is_role(struct str t)
{
    for (size_t i = 0; i < ROLES; i++)
        if (str_ieq(t, str_of(roles[i])))
            return true;
    return false;
}

/* What Windows lets no account be called. */
static enum st check_name(struct str t, struct err *e)
{
    char c[CLIP];
    struct str rest = t, head = str_cut(&rest, '\\');
    clip(t, c);
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] == '"')
            return err_say(e, ST_SYNTAX, "%s has quotes; leave them out, blanks need none here", c);
        else if (memchr("/[]:|=+*?<>", t.p[i], 11))
            return err_say(e, ST_SYNTAX, "'%s' is not an account: no name holds '%c'", c, t.p[i]);
    if (rest.p && (head.n == 0 || rest.n == 0 || memchr(rest.p, '\\', rest.n)))
        return err_say(e, ST_SYNTAX, "'%s' is not an account; write NAME or DOMAIN\\NAME", c);
    return ST_OK;
}

static enum st check_account(struct str t, struct err *e)
{
    char c[CLIP];
    struct str rest = t, head = str_trim(str_cut(&rest, ':'));
    if (t.n == 0)
        return err_say(e, ST_SYNTAX, "an account is missing beside a comma");
    if (rest.p && is_role(head))
        return err_say(e, ST_SYNTAX, "a ';' belongs in front of '%s:'; write " ROLE_FORM,
                       clip(head, c));
    if (!looks_like_sid(t))
        return check_name(t, e);
    if (!sid_valid(t))
        return err_say(e, ST_SYNTAX,
                       "'%s' is not a SID; it is S-1-, an authority and 1 to %d numbers, such as "
                       "S-1-5-32-544",
                       clip(t, c), (int)SUBAUTHORITIES_MAX);
    return ST_OK;
}

/* --- one part ----------------------------------------------------------------------- */
static enum st read_accounts(struct str text, struct arena *a, struct texts *ret, struct err *e)
{
    char c[CLIP];
    uint32_t n = 0;
    size_t max = 1;
    for (size_t i = 0; i < text.n; i++)
        max += text.p[i] == ',';
    const char **account = arena_alloc(a, max, sizeof *account);
    if (!account)
        return err_nomem(e);
    for (struct str rest = text; rest.p && text.n > 0; n++) {
        struct str one = list_next(&rest);
        enum st st = check_account(one, e);
        for (uint32_t i = 0; i < n && st == ST_OK; i++)
            if (str_ieq(one, str_of(account[i])))
                st = err_say(e, ST_SYNTAX, "'%s' is named twice; take one out", clip(one, c));
        if (st != ST_OK)
            return st;
        account[n] = arena_str(a, one);
        if (!account[n])
            return err_nomem(e);
    }
    *ret = (struct texts){n, account};
    return ST_OK;
}

static enum st unknown_role(struct str name, bool colon, struct err *e)
{
    char c[CLIP];
    const char *near = nearest_word(name, roles, ROLES);
    clip(name, c);
    if (!colon)
        return err_say(e, ST_SYNTAX, "nothing says what '%s' may do; write 'command: %s' or %s", c,
                       c, "'look: ...'");
    if (near)
        return err_say(e, ST_SYNTAX, "'%s' is not a role; did you mean '%s'?", c, near);
    return err_say(e, ST_SYNTAX, "'%s' is not a role; write " ROLE_FORM, c);
}

/* PART is "ROLE: ACCOUNTS". */
static enum st read_part(struct str part, struct arena *a, struct texts got[ROLES],
                         bool said[ROLES], struct err *e)
{
    struct str accounts = part, name = str_trim(str_cut(&accounts, ':'));
    size_t role = 0;
    while (role < ROLES && !str_ieq(name, str_of(roles[role])))
        role++;
    if (role == ROLES || !accounts.p)
        return unknown_role(name, accounts.p != NULL, e);
    if (said[role])
        return err_say(e, ST_SYNTAX, "'%s:' is there twice; join the two, separated by commas",
                       roles[role]);
    said[role] = true;
    return read_accounts(str_trim(accounts), a, &got[role], e);
}

/* --- the type ----------------------------------------------------------------------- */
static enum st access_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                            struct err *e)
{
    struct texts got[ROLES] = {{0}};
    bool said[ROLES] = {false};
    enum st st = text_check(f, text, e);
    for (struct str rest = text; rest.p && st == ST_OK;) {
        struct str part = str_trim(str_cut(&rest, ';'));
        if (part.n > 0)
            st = read_part(part, a, got, said, e);
    }
    if (st != ST_OK)
        return st;
    const struct access_list list = {.command = got[0], .look = got[1]};
    memcpy(dst, &list, sizeof list);
    return ST_OK;
}

static void print_part(const char *role, const struct texts *list, struct buf *out)
{
    buf_f(out, "%s:", role);
    for (uint32_t i = 0; i < list->n; i++)
        buf_f(out, "%s %s", i ? "," : "", list->text[i]);
}

static void access_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    const struct access_list *list = src;
    print_part(roles[0], &list->command, out);
    buf_z(out, "; ");
    print_part(roles[1], &list->look, out);
}

static bool same_accounts(const struct texts *a, const struct texts *b)
{
    bool same = a->n == b->n;
    for (uint32_t i = 0; same && i < a->n; i++)
        same = str_ieq(str_of(a->text[i]), str_of(b->text[i]));
    return same;
}

static bool access_equal(const void *pa, const void *pb)
{
    const struct access_list *a = pa, *b = pb;
    return same_accounts(&a->command, &b->command) && same_accounts(&a->look, &b->look);
}

const struct value_type ty_access = {
    .name = "access",
    .syntax = "command: ACCOUNT, ACCOUNT; look: ACCOUNT, ACCOUNT, where an ACCOUNT is a name that "
              "Windows knows, such as Administrators or CONTOSO\\Web Operators, or a SID; a part "
              "that is left out names nobody",
    .parse = access_parse,
    .print = access_print,
    .equal = access_equal,
};
