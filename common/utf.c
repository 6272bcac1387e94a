/* utf.c - UTF-8 and UTF-16. */
#include "common/utf.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

/* Decodes one character at P (N > 0 bytes); returns its length, 0 when it is not valid. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *ret)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = p[0];
    size_t len = c < 0x80 ? 1 : c >> 5 == 6 ? 2 : c >> 4 == 14 ? 3 : c >> 3 == 30 ? 4 : 0;
    if (len == 0 || len > n)
        return 0;
    if (len > 1)
        c &= 0x7Fu >> len;
    for (size_t i = 1; i < len; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *ret = c;
    return len;
}

size_t utf8_valid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t i = 0;
    uint32_t c;
    while (i < s.n) {
        size_t len = p[i] < 0x80 ? 1 : decode(p + i, s.n - i, &c);
        if (len == 0)
            return i;
        i += len;
    }
    return s.n;
}

size_t utf8_next(struct str s, uint32_t *ret)
{
    size_t len = decode((const unsigned char *)s.p, s.n, ret);
    if (len > 0)
        return len;
    *ret = REPLACEMENT;
    return 1;
}

size_t utf8_to_16(struct str s, uint16_t *out)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t units = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = REPLACEMENT;
        size_t len = decode(p + i, s.n - i, &c);
        i += len ? len : 1;
        if (c < 0x10000) {
            if (out)
                out[units] = (uint16_t)c;
            units++;
            continue;
        }
        if (out) {
            out[units] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
            out[units + 1] = (uint16_t)(0xDC00 + ((c - 0x10000) & 0x3FF));
        }
        units += 2;
    }
    return units;
}

size_t utf8_put(uint32_t c, char out[4])
{
    unsigned char b[4];
    size_t n;
    if (c < 0x80) {
        b[0] = (unsigned char)c;
        n = 1;
    } else if (c < 0x800) {
        b[0] = (unsigned char)(0xC0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        b[0] = (unsigned char)(0xE0 | c >> 12);
        n = 3;
    } else {
        b[0] = (unsigned char)(0xF0 | c >> 18);
        n = 4;
    }
    for (size_t i = 1; i < n; i++)
        b[i] = (unsigned char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3F));
    memcpy(out, b, n);
    return n;
}

size_t utf16_to_8(const uint16_t *p, size_t n, char *out)
{
    char one[4];
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = p[i];
        if (c >= 0xD800 && c <= 0xDBFF && i + 1 < n && p[i + 1] >= 0xDC00 && p[i + 1] <= 0xDFFF) {
            c = 0x10000 + ((c - 0xD800) << 10) + (p[i + 1] - 0xDC00u);
            i++;
        } else if (c >= 0xD800 && c <= 0xDFFF) {
            c = REPLACEMENT;
        }
        size_t len = utf8_put(c, one);
        if (out)
            memcpy(out + bytes, one, len);
        bytes += len;
    }
    return bytes;
}
