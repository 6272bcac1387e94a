/* value_url.c - TCP ports, and the URLs that are asked for. */
#include "config/value.h"

#include <string.h>

/* --- port --------------------------------------------------------------------------- */
enum st port_read(struct str text, uint32_t *ret, struct err *e)
{
    char c[CLIP];
    uint64_t v = 0;
    if (number_read(text, &v) != ST_OK)
        return err_say(e, ST_SYNTAX, "'%s' is not a port; write a number from 1 to 65535",
                       clip(text, c));
    if (v == 0 || v > 65535)
        return err_say(e, ST_RANGE, "there is no port %s; write a number from 1 to 65535",
                       clip(text, c));
    *ret = (uint32_t)v;
    return ST_OK;
}

static enum st port_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                          struct err *e)
{
    (void)f;
    (void)a;
    if (text.n == 0)
        return value_missing(e);
    if (value_none(text) || str_is(text, "0")) {
        *(uint32_t *)dst = 0;
        return ST_OK;
    }
    return port_read(text, dst, e);
}

static void port_number(uint64_t v, struct buf *out)
{
    if (v)
        number_print(v, out);
    else
        buf_z(out, "none");
}

static void port_print(const struct field *f, const void *src, struct buf *out)
{
    (void)f;
    port_number(*(const uint32_t *)src, out);
}

const struct value_type ty_port = {
    .name = "port",
    .syntax = "none, or the number of a TCP port, 1 to 65535",
    .parse = port_parse,
    .print = port_print,
    .equal = u32_equal,
};

/* --- URL ---------------------------------------------------------------------------- */

enum { URL_MAX = 2048 }; /* what every part on the way takes */

/* Takes the scheme off *rest. */
static bool take_scheme(struct str *rest)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (rest->n >= n && str_ieq((struct str){rest->p, n}, str_of(schemes[i]))) {
            *rest = (struct str){rest->p + n, rest->n - n};
            return true;
        }
    }
    return false;
}

static enum st check_letters(struct str t, struct err *e)
{
    for (size_t i = 0; i < t.n; i++) {
        unsigned char b = (unsigned char)t.p[i];
        if (b <= ' ' || b == 0x7F)
            return err_say(e, ST_SYNTAX,
                           "a URL holds no blanks or control characters; write %%%02X",
                           (unsigned)b);
        if (b > 0x7F)
            return err_say(e, ST_SYNTAX,
                           "a URL has ASCII characters only; write each byte of others as %%XX");
        if (strchr("\"<>\\^`{|}#", (char)b))
            return err_say(e, ST_SYNTAX, "a URL that is asked for holds no '%c'%s", (char)b,
                           b == '#' ? "; leave out what follows" : "");
    }
    return ST_OK;
}

/* Letters, digits, '-', '.' and '_'; of an IPv6 address in brackets also ':', '%'. */
static bool host_valid(struct str t)
{
    bool six = t.n > 2 && t.p[0] == '[' && t.p[t.n - 1] == ']';
    if (six)
        t = (struct str){t.p + 1, t.n - 2};
    for (size_t i = 0; i < t.n; i++)
        if (!ascii_alnum(t.p[i]) && !strchr(six ? ":.%" : "-._", t.p[i]))
            return false;
    return t.n > 0 && (!six || memchr(t.p, ':', t.n));
}

static enum st check_authority(struct str t, struct err *e)
{
    char c[CLIP];
    size_t end = t.n;
    uint32_t port = 0;
    if (memchr(t.p, '@', t.n))
        return err_say(e, ST_SYNTAX,
                       "a URL here holds no user or password, which everybody could read");
    while (end > 0 && t.p[end - 1] != ':' && t.p[end - 1] != ']')
        end--;
    bool has_port = end > 0 && t.p[end - 1] == ':';
    struct str host = {t.p, has_port ? end - 1 : t.n};
    if (host.n == 0)
        return err_say(e, ST_SYNTAX, "the URL has no host; write http://127.0.0.1:8080/");
    if (!host_valid(host))
        return err_say(e, ST_SYNTAX, "'%s' is not a host; write a name, 127.0.0.1 or [::1]",
                       clip(host, c));
    return has_port ? port_read((struct str){t.p + end, t.n - end}, &port, e) : ST_OK;
}

enum st url_check(struct str t, struct err *e)
{
    char c[CLIP];
    struct str rest = t;
    size_t n = 0;
    if (!take_scheme(&rest))
        return err_say(e, ST_SYNTAX,
                       "'%s' is not a URL; it begins with http:// or https://, such as "
                       "http://127.0.0.1:8080/health",
                       clip(t, c));
    if (t.n > URL_MAX)
        return err_say(e, ST_RANGE, "the URL has %zu characters, more than %d", t.n, (int)URL_MAX);
    enum st st = check_letters(rest, e);
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != '?')
        n++;
    return st == ST_OK ? check_authority((struct str){rest.p, n}, e) : st;
}

static enum st url_parse(const struct field *f, struct str text, struct arena *a, void *dst,
                         struct err *e)
{
    if (text.n == 0)
        return value_missing(e);
    if (value_none(text))
        return text_keep(STR(""), a, dst, e);
    enum st st = text_check(f, text, e);
    if (st == ST_OK)
        st = url_check(text, e);
    return st == ST_OK ? text_keep(text, a, dst, e) : st;
}

static void url_print(const struct field *f, const void *src, struct buf *out)
{
    const char *const *p = src;
    if (**p)
        text_print(f, src, out);
    else
        buf_z(out, "none");
}

const struct value_type ty_url = {
    .name = "URL",
    .syntax = "none, or http:// or https://, a host, perhaps a port, and a path: "
              "http://127.0.0.1:8080/health",
    .parse = url_parse,
    .print = url_print,
    .equal = text_equal,
};
