/*
 * disk.h - a disk in memory, as an SQLite VFS, that fails when it is told to.
 *
 * It knows sector by sector what has been synced. At a power loss what was
 * not synced is gone, or there in part: each sector alone, as disks do. After
 * a failing sync the unsynced sectors are forgotten, and a later sync that
 * succeeds does not bring them down: what Linux does ("fsyncgate").
 *
 * One connection at a time: locks and shared memory are only pretended.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define DISK_VFS "exitdesk-disk"

typedef enum {
    DISK_WORKS,
    DISK_FAILS_ONCE, /* operation k fails with an I/O error, no other */
    DISK_IS_FULL,    /* writes fail from operation k until disk_make_room */
    DISK_DIES,       /* power goes at operation k: nothing works after it */
} DiskFault;

/* Make the VFS known; once a process. */
void disk_register(void);
/* Remove all files. */
void disk_erase(void);
/* Keep a copy of all files as they are, or put it back. */
void disk_save(void);
void disk_restore(void);

/* From now on count writes, syncs and truncations from 1; fail at k. */
void disk_plan(DiskFault fault, guint k);
/* How many there were since the plan; has the fault happened? */
guint disk_operations(void);
bool disk_has_failed(void);
void disk_make_room(void);

/* The power comes back: of what was not synced nothing is there (seed 0), or
 * a subset that depends on the seed. */
void disk_lose_power(guint32 seed);
