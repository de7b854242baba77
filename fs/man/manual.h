/* SPDX-License-Identifier: MIT */
/*
 * What is made from the tables when ackfs is built: manual pages, in mdoc.
 * A page is a template; a line of it that begins with @ is replaced:
 *
 *	@option NAME	the head of an option, and its line of --help
 *	@options	all that have not been named before
 *	@options more	the names of those that --help leaves out
 *	@options ignored	the names of those that do nothing
 *	@file PATH	the head of a fixed file, with its mode
 *	@files		all that have not been named before
 *	@params TABLE	all parameters of a table
 */
#ifndef MANUAL_H
#define MANUAL_H

#include <stdbool.h>

/* Every function here that can fail says why and returns false. */
bool manual_fail(const char *what, const char *which);

/* The rest of a line behind a @word; NULL: it does not exist. */
bool manual_option(const char *name);
bool manual_options(const char *which);
bool manual_file(const char *path);
bool manual_files(const char *none);
bool manual_params(const char *table);

/* Makes a Chinese page of it. */
void manual_be_chinese(void);
bool manual_is_chinese(void);

/*
 * Text on separate lines, a sentence each; in a Chinese page it may be
 * broken between any two characters that allow it.
 */
void manual_text(const char *text);

/* An argument on a macro line, with a blank before it: taken as it stands. */
void manual_argument(const char *text);

/* The word in the language of the page. */
const char *manual_word(const char *english);

#endif
