/* tree.h - the processes of a job as a tree, for people.  Loop thread only. */
#ifndef JW_JOB_TREE_H
#define JW_JOB_TREE_H

#include "service/job/job.h"
#include "service/limits/usage.h"

struct tree_node {
    struct proc proc;
    size_t depth;  /* 0: its parent is not in the job, or has ended */
    char *image;   /* full path; NULL when it cannot be asked */
    char *command; /* its command line; NULL when it cannot be read (another account's) */
};

/* Parents before their children, children by their time of creation. */
struct tree {
    struct tree_node *node;
    size_t n;
};

/* The members of J that are in S, joined with their names, and their command lines if COMMANDS.  A
 * parent that was created after its child is none: pids are used again.  The caller gives *ret back
 * with tree_free(). */
enum st tree_read(struct job *j, const struct snapshot *s, bool commands, struct tree *ret,
                  struct err *e);
void tree_free(struct tree *t);

#endif
