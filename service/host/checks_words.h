/* checks_words.h - WinHTTP's errors in words.  Any thread. */
#ifndef JW_HOST_CHECKS_WORDS_H
#define JW_HOST_CHECKS_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* What CODE, of WinHTTP or of Windows, says, and its number, into BUF.  CERTIFICATE: the
 * WINHTTP_CALLBACK_STATUS_FLAG_* that came before it, for what is wrong with a certificate. */
void http_words(uint32_t code, uint32_t certificate, char *buf, size_t cap);

#endif
