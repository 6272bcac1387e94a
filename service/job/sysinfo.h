/* sysinfo.h - the list of processes as NtQuerySystemInformation (5) writes it, read with care.
 * Pure. */
#ifndef JW_JOB_SYSINFO_H
#define JW_JOB_SYSINFO_H

#include "service/limits/usage.h"

#include <windows.h>

/* One process; its threads and its name follow.  winternl.h has a cut-down one. */
struct sysinfo {
    ULONG next; /* bytes to the next entry; 0: the last one */
    ULONG threads;
    ULONGLONG private_working_set;
    ULONG hard_faults, most_threads;
    ULONGLONG cycles;
    LARGE_INTEGER created, user, kernel;
    struct {
        USHORT bytes, room;
        const wchar_t *text; /* in the same buffer; of the file alone, without its folder */
    } image;
    LONG base_priority;
    ULONG_PTR pid, parent;
    ULONG handles, session;
    ULONG_PTR key;
    SIZE_T peak_virtual, virtual_size;
    ULONG page_faults;
    SIZE_T peak_working_set, working_set;
    SIZE_T peak_paged_pool, paged_pool, peak_nonpaged_pool, nonpaged_pool;
    SIZE_T pagefile, peak_pagefile; /* bytes of commit */
    SIZE_T private_pages;           /* the same again, in bytes whatever its name says */
    ULONGLONG read_ops, write_ops, other_ops, read_bytes, write_bytes, other_bytes;
};

#if defined _WIN64
_Static_assert(sizeof(struct sysinfo) == 256, "the threads follow at 0x100");
_Static_assert(offsetof(struct sysinfo, created) == 0x20, "CreateTime");
_Static_assert(offsetof(struct sysinfo, image) == 0x38, "ImageName");
_Static_assert(offsetof(struct sysinfo, pid) == 0x50, "UniqueProcessId");
_Static_assert(offsetof(struct sysinfo, handles) == 0x60, "HandleCount");
_Static_assert(offsetof(struct sysinfo, peak_virtual) == 0x70, "PeakVirtualSize");
_Static_assert(offsetof(struct sysinfo, page_faults) == 0x80, "PageFaultCount");
_Static_assert(offsetof(struct sysinfo, working_set) == 0x90, "WorkingSetSize");
_Static_assert(offsetof(struct sysinfo, pagefile) == 0xB8, "PagefileUsage");
_Static_assert(offsetof(struct sysinfo, private_pages) == 0xC8, "PrivatePageCount");
_Static_assert(offsetof(struct sysinfo, read_ops) == 0xD0, "ReadOperationCount");
#endif

/* Where this system keeps a process' commit: Wine leaves `private_pages` 0. */
enum commit_in { COMMIT_IN_PAGEFILE, COMMIT_IN_PRIVATE_PAGES };

/* Reads the N bytes at P, which need not be aligned: writes the first CAP processes to OUT, in
 * their order, and how many there are to *ret_n.  False when the bytes are no such list. */
bool sysinfo_read(const void *p, size_t n, enum commit_in in, struct proc *out, size_t cap,
                  size_t *ret_n);
/* By the entry of PID, which is a process that surely has memory: our own. */
enum commit_in sysinfo_commit_in(const void *p, size_t n, uint32_t pid);

#endif
