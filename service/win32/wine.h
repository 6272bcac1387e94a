/* wine.h - are we on Windows?  Any thread. */
#ifndef JW_WIN32_WINE_H
#define JW_WIN32_WINE_H

#include <stdbool.h>

/* For the few places where Wine differs from Windows and nothing else tells them apart; each of
 * them says what Windows does. */
bool on_wine(void);

#endif
