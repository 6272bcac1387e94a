/* checks_http.c - does a URL answer?  By WinHTTP in its asynchronous way.
 *
 * The loop makes every call.  WinHTTP's threads, or the loop's own inside such a call, come to
 * on_status(), which only notes what came and wakes the loop; at most one call is under way, so one
 * note is enough.  A request's last callback is HANDLE_CLOSING, which may come long after the
 * check: until then it holds the memory that it needs (checks_wire.h). */
#include "service/host/checks_impl.h"
#include "service/host/checks_words.h"
#include "service/win32/wide.h"

#include <winhttp.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The body is read so far, so that a worker is not cut off while it writes a short one. */
enum { PIECE = 4096, BODY_MAX = 64 << 10, REASON = 64 };

enum came { NOTHING, SENT, HEADERS, BODY, FAILED };

struct http {
    struct wire wire;
    enum came came;    /* under the lock, and the next two as well */
    DWORD number;      /* of BODY: bytes, 0: the end; of FAILED: the error */
    DWORD certificate; /* WINHTTP_CALLBACK_STATUS_FLAG_* */
    HINTERNET connect, request;
    DWORD status; /* 0: not known yet */
    char reason[REASON];
    DWORD read, length; /* of the body: so far, and no further than */
    char piece[PIECE]; /* WinHTTP writes to it */
};

static void http_drop(struct http *h)
{
    if (wire_drop(&h->wire))
        free(h);
}

/* --- WinHTTP's threads -------------------------------------------------------------- */
static void note(struct http *h, enum came came, DWORD number)
{
    AcquireSRWLockExclusive(&h->wire.lock);
    h->came = came;
    h->number = number;
    wire_ring(&h->wire);
    ReleaseSRWLockExclusive(&h->wire.lock);
}

static void note_certificate(struct http *h, DWORD flags)
{
    AcquireSRWLockExclusive(&h->wire.lock);
    h->certificate |= flags;
    ReleaseSRWLockExclusive(&h->wire.lock);
}

static void CALLBACK on_status(HINTERNET request, DWORD_PTR ctx, DWORD what, void *info, DWORD n)
{
    (void)request;
    struct http *h = (struct http *)ctx;
    if (what == WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE)
        note(h, SENT, 0);
    else if (what == WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE)
        note(h, HEADERS, 0);
    else if (what == WINHTTP_CALLBACK_STATUS_READ_COMPLETE)
        note(h, BODY, n);
    else if (what == WINHTTP_CALLBACK_STATUS_SECURE_FAILURE)
        note_certificate(h, *(const DWORD *)info);
    else if (what == WINHTTP_CALLBACK_STATUS_REQUEST_ERROR)
        note(h, FAILED, ((const WINHTTP_ASYNC_RESULT *)info)->dwError);
    else if (what == WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)
        http_drop(h);
}

/* --- beginning ---------------------------------------------------------------------- */
static enum st failed(struct err *e, DWORD code)
{
    char words[ERR_TEXT / 2];
    http_words(code, 0, words, sizeof words);
    enum st st = err_say(e, code == ERROR_NOT_ENOUGH_MEMORY ? ST_NOMEM : ST_OS, "%s", words);
    if (e)
        e->os = code;
    return st;
}

static enum st open_session(struct checks *c, struct err *e)
{
    BOOL yes = TRUE;
    if (c->http_session)
        return ST_OK;
    c->http_session = WinHttpOpen(L"Jobwarden", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL,
                                  WINHTTP_FLAG_ASYNC);
    if (!c->http_session)
        return failed(e, GetLastError());
    /* `localhost` is two addresses, and a port that nobody listens on takes its time to refuse:
     * both at once, where the system can (Windows 10 1903). */
    WinHttpSetOption(c->http_session, WINHTTP_OPTION_IPV6_FAST_FALLBACK, &yes, sizeof yes);
    return ST_OK;
}

struct target {
    wchar_t *host, *path; /* from malloc; path with its query */
    INTERNET_PORT port;
    bool tls;
};

static wchar_t *part(const wchar_t *first, const wchar_t *p, size_t n)
{
    size_t before = wcslen(first);
    wchar_t *w = malloc((before + n + 1) * sizeof *w);
    if (!w)
        return NULL;
    memcpy(w, first, before * sizeof *w);
    memcpy(w + before, p, n * sizeof *w);
    w[before + n] = L'\0';
    return w;
}

static enum st crack(const wchar_t *url, struct target *t, struct err *e)
{
    const DWORD whole = (DWORD)-1; /* no buffer: a pointer into URL */
    URL_COMPONENTS u = {.dwStructSize = sizeof u,
                        .dwSchemeLength = whole,
                        .dwHostNameLength = whole,
                        .dwUrlPathLength = whole,
                        .dwExtraInfoLength = whole};
    if (!WinHttpCrackUrl(url, 0, 0, &u))
        return failed(e, GetLastError());
    if (u.dwHostNameLength == 0)
        return failed(e, ERROR_WINHTTP_INVALID_URL);
    const wchar_t *path = u.lpszHostName + u.dwHostNameLength;
    path += wcscspn(path, L"/?#"); /* past the port */
    t->port = u.nPort;
    t->tls = u.nScheme == INTERNET_SCHEME_HTTPS;
    t->host = part(L"", u.lpszHostName, u.dwHostNameLength);
    t->path = part(*path == L'/' ? L"" : L"/", path, wcscspn(path, L"#"));
    return t->host && t->path ? ST_OK : err_nomem(e);
}

static bool set_up(struct http *h, uint64_t timeout_ms)
{
    /* Ours is the one that counts, these end what works on after it. */
    int ms = timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX;
    /* Neither the service's account nor a cookie goes to whoever asks for them. */
    DWORD off = WINHTTP_DISABLE_AUTHENTICATION | WINHTTP_DISABLE_COOKIES |
                WINHTTP_DISABLE_KEEP_ALIVE;
    void *ctx = h;
    if (ms < 1)
        ms = 1;
    return WinHttpSetTimeouts(h->request, ms, ms, ms, ms) &&
           WinHttpSetOption(h->request, WINHTTP_OPTION_DISABLE_FEATURE, &off, sizeof off) &&
           WinHttpSetOption(h->request, WINHTTP_OPTION_CONTEXT_VALUE, &ctx, sizeof ctx);
}

/* From here on HANDLE_CLOSING will come, even where the rest fails. */
static bool listen_to(struct http *h)
{
    const DWORD all = WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_FLAG_SECURE_FAILURE |
                      WINHTTP_CALLBACK_FLAG_HANDLES;
    wire_share(&h->wire);
    if (WinHttpSetStatusCallback(h->request, on_status, all, 0) !=
        WINHTTP_INVALID_STATUS_CALLBACK)
        return true;
    wire_drop(&h->wire);
    return false;
}

static bool request(struct http *h, HINTERNET session, const struct target *t, uint64_t timeout_ms)
{
    h->connect = WinHttpConnect(session, t->host, t->port, 0);
    if (!h->connect)
        return false;
    h->request = WinHttpOpenRequest(h->connect, L"GET", t->path, NULL, WINHTTP_NO_REFERER,
                                    WINHTTP_DEFAULT_ACCEPT_TYPES, t->tls ? WINHTTP_FLAG_SECURE : 0);
    return h->request && set_up(h, timeout_ms) && listen_to(h) &&
           WinHttpSendRequest(h->request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, WINHTTP_NO_REQUEST_DATA,
                              0, 0, (DWORD_PTR)h);
}

static void http_end(struct one *o)
{
    struct http *h = o->http;
    o->http = NULL;
    wire_cut(&h->wire);
    if (h->request)
        WinHttpCloseHandle(h->request);
    if (h->connect)
        WinHttpCloseHandle(h->connect);
    http_drop(h);
}

static enum st http_begin(struct one *o, const struct job_spec *spec, const struct check *check,
                          struct err *e)
{
    (void)spec;
    struct target t = {0};
    wchar_t *url = wide_z(check->text);
    o->http = calloc(1, sizeof *o->http);
    enum st st = url && o->http ? open_session(o->all, e) : err_nomem(e);
    if (o->http)
        wire_init(&o->http->wire, o->all->set.port, o->number);
    if (st == ST_OK)
        st = crack(url, &t, e);
    if (st == ST_OK && !request(o->http, o->all->http_session, &t, check->timeout_ms))
        st = failed(e, GetLastError());
    if (st != ST_OK && o->http)
        http_end(o);
    free(t.host);
    free(t.path);
    free(url);
    return st;
}

/* --- going on ----------------------------------------------------------------------- */
static void tell_status(struct one *o)
{
    const struct http *h = o->http;
    if (h->status >= 200 && h->status <= 399)
        check_good(o);
    else
        check_bad(o, "answered %lu%s%s", h->status, h->reason[0] ? " " : "", h->reason);
}

static void tell_error(struct one *o, DWORD code, DWORD certificate)
{
    char words[ERR_TEXT / 2];
    http_words(code, certificate, words, sizeof words);
    check_bad(o, "%s", words);
}

/* The reason is text of anybody's: only what can stand in one line of a log. */
static void read_reason(struct http *h)
{
    wchar_t w[REASON] = L"";
    DWORD bytes = sizeof w;
    if (!WinHttpQueryHeaders(h->request, WINHTTP_QUERY_STATUS_TEXT, WINHTTP_HEADER_NAME_BY_INDEX, w,
                             &bytes, WINHTTP_NO_HEADER_INDEX))
        return; /* none, or a longer one */
    for (size_t i = 0; i < REASON && w[i] != L'\0'; i++)
        h->reason[i] = w[i] >= L' ' && w[i] <= L'~' ? (char)w[i] : '?';
    h->reason[REASON - 1] = '\0';
}

static bool read_head(struct http *h)
{
    DWORD status = 0, bytes = sizeof status;
    if (!WinHttpQueryHeaders(h->request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
                             WINHTTP_HEADER_NAME_BY_INDEX, &status, &bytes,
                             WINHTTP_NO_HEADER_INDEX))
        return false;
    read_reason(h);
    h->status = status;
    DWORD length = 0;
    bytes = sizeof length;
    h->length = BODY_MAX;
    if (WinHttpQueryHeaders(h->request, WINHTTP_QUERY_CONTENT_LENGTH | WINHTTP_QUERY_FLAG_NUMBER,
                            WINHTTP_HEADER_NAME_BY_INDEX, &length, &bytes,
                            WINHTTP_NO_HEADER_INDEX) &&
        length < BODY_MAX)
        h->length = length;
    return true;
}

/* Whether there is more to come. */
static bool go_on(struct http *h, enum came came, DWORD number)
{
    if (came == SENT)
        return WinHttpReceiveResponse(h->request, NULL);
    if (came == HEADERS && !read_head(h))
        return false;
    if (came == BODY)
        h->read += number;
    if (h->read >= h->length || (came == BODY && number == 0))
        return false;
    return WinHttpReadData(h->request, h->piece, PIECE, NULL);
}

static void http_step(struct one *o)
{
    struct http *h = o->http;
    AcquireSRWLockExclusive(&h->wire.lock);
    enum came came = h->came;
    DWORD number = h->number, certificate = h->certificate;
    h->came = NOTHING;
    ReleaseSRWLockExclusive(&h->wire.lock);
    if (came == NOTHING || (came != FAILED && go_on(h, came, number)))
        return;
    if (came != FAILED)
        number = GetLastError();
    if (h->status != 0)
        tell_status(o); /* the body, or the rest of it, does not matter */
    else
        tell_error(o, number, certificate);
}

static void http_over(struct one *o)
{
    if (o->http->status != 0)
        tell_status(o);
    else
        check_bad(o, "no answer in %llu ms", (unsigned long long)o->timeout_ms);
}

/* Requests that are still being closed hold the session by themselves. */
void http_shut(struct checks *c)
{
    if (c->http_session)
        WinHttpCloseHandle(c->http_session);
    c->http_session = NULL;
}

const struct check_way check_http = {http_begin, http_step, http_over, http_end};
