/* test_enforce.h - the groups of this program. */
#ifndef JW_TESTS_ENFORCE_H
#define JW_TESTS_ENFORCE_H

int enforce_use(void);
int enforce_share(void);
int enforce_tell(void);
int enforce_ui(void);
/* What this program does as a restricted child. */
int enforce_child(const char *what);

#endif
