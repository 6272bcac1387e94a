/* checks_words.c - see checks_words.h. */
#include "service/host/checks_words.h"

#include "service/win32/oserr.h"
#include "service/win32/wide.h"

#include <windows.h>
#include <winhttp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words {
    uint32_t code;
    const char *words;
};

/* Where winhttp.dll has none in English: other languages, and Wine. */
static const struct words errors[] = {
    {ERROR_WINHTTP_TIMEOUT, "no answer in time"},
    {ERROR_WINHTTP_INVALID_URL, "the URL is not valid"},
    {ERROR_WINHTTP_UNRECOGNIZED_SCHEME, "the URL begins neither with http:// nor with https://"},
    {ERROR_WINHTTP_NAME_NOT_RESOLVED, "the host's name has no address"},
    {ERROR_WINHTTP_CANNOT_CONNECT, "no connection could be made; nobody listens there"},
    {ERROR_WINHTTP_CONNECTION_ERROR, "the connection was closed or reset before the answer"},
    {ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED, "the server wants a client's certificate"},
    {ERROR_WINHTTP_SECURE_CERT_DATE_INVALID, "the certificate has expired or is not valid yet"},
    {ERROR_WINHTTP_SECURE_CERT_CN_INVALID, "the certificate is for another name"},
    {ERROR_WINHTTP_SECURE_INVALID_CA, "this machine does not trust the certificate's issuer"},
    {ERROR_WINHTTP_SECURE_CERT_REV_FAILED,
     "whether the certificate was revoked could not be found out"},
    {ERROR_WINHTTP_SECURE_CERT_REVOKED, "the certificate was revoked"},
    {ERROR_WINHTTP_SECURE_INVALID_CERT, "the certificate is not valid"},
    {ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE, "the certificate is not for a server"},
    {ERROR_WINHTTP_SECURE_CHANNEL_ERROR, "no secure connection could be set up"},
    {ERROR_WINHTTP_SECURE_FAILURE, "something is wrong with the server's certificate"},
    {ERROR_WINHTTP_INVALID_SERVER_RESPONSE, "what the server answered is not HTTP"},
    {ERROR_WINHTTP_REDIRECT_FAILED, "too many redirects, or one from https to http"},
    {ERROR_WINHTTP_HEADER_SIZE_OVERFLOW, "the answer's headers are too long"},
};

static const struct words certificates[] = {
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_REVOKED, "the certificate was revoked"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_DATE_INVALID,
     "the certificate has expired or is not valid yet"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_CN_INVALID, "the certificate is for another name"},
    {WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CA,
     "this machine does not trust the certificate's issuer"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_WRONG_USAGE, "the certificate is not for a server"},
    {WINHTTP_CALLBACK_STATUS_FLAG_INVALID_CERT, "the certificate is not valid"},
    {WINHTTP_CALLBACK_STATUS_FLAG_CERT_REV_FAILED,
     "whether the certificate was revoked could not be found out"},
    {WINHTTP_CALLBACK_STATUS_FLAG_SECURITY_CHANNEL_ERROR, "no secure connection could be set up"},
};

/* winhttp.dll's own sentence, without its end; from malloc, or NULL. */
static char *ask(uint32_t code, DWORD language)
{
    wchar_t w[256];
    DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS,
                             GetModuleHandleW(L"winhttp.dll"), code, language, w,
                             sizeof w / sizeof *w, NULL);
    for (DWORD i = 0; i < n; i++)
        if (w[i] < L' ')
            w[i] = L' ';
    while (n > 0 && (w[n - 1] == L' ' || w[n - 1] == L'.'))
        n--;
    return n > 0 ? utf8_of_n(w, n) : NULL;
}

static void of_winhttp(uint32_t code, char *buf, size_t cap)
{
    const char *ours = NULL;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == code)
            ours = errors[i].words;
    char *theirs = ask(code, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US));
    if (!theirs && !ours)
        theirs = ask(code, 0);
    snprintf(buf, cap, "%s", theirs ? theirs : ours ? ours : "WinHTTP has no words for this error");
    free(theirs);
}

void http_words(uint32_t code, uint32_t certificate, char *buf, size_t cap)
{
    char words[256] = "";
    size_t n = 0;
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++)
        if (certificate & certificates[i].code &&
            n + strlen(certificates[i].words) + sizeof " and " < sizeof words)
            n += (size_t)snprintf(words + n, sizeof words - n, "%s%s", n > 0 ? " and " : "",
                                  certificates[i].words);
    if (n == 0 && code >= WINHTTP_ERROR_BASE && code < WINHTTP_ERROR_BASE + 1000)
        of_winhttp(code, words, sizeof words);
    else if (n == 0)
        os_words(code, words, sizeof words);
    snprintf(buf, cap, "%s (Windows error %lu)", words, (unsigned long)code);
}
