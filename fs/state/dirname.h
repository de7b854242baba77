/* SPDX-License-Identifier: MIT */
/*
 * The names of directories. What exists in the cloud may have any name, and
 * the same one twice; a directory may not. So bytes that a file name cannot
 * hold, or a terminal should not see, are written as %XX, and so are % @ and
 * : themselves; where the name is taken, @ and the ID follow it.
 */
#ifndef DIRNAME_H
#define DIRNAME_H

#include <stdbool.h>

#define DIRNAME_MAX 240 /* a file name, with the suffixes of records */

/*
 * The name of the directory of `name`; `id` follows when it is not NULL. Too
 * long a name is cut, and has its ID in any case (so give it).
 */
void dirname_encode(char out[DIRNAME_MAX], const char *name, const char *id);

/* True for what dirname_encode() may have made. */
bool dirname_sound(const char *name);

/* True when dirname_encode() would have to cut it. */
bool dirname_too_long(const char *name);

#endif
