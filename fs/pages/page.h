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
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>

/* Every function here that can fail says why and returns false. */
bool page_fail(const char *what, const char *which);

/* The rest of a line behind a @word; NULL: there is none. */
bool page_option(const char *name);
bool page_options(const char *which);
bool page_file(const char *path);
bool page_files(const char *none);
bool page_params(const char *table);

/* Makes a Chinese page of it. */
void page_be_chinese(void);
bool page_is_chinese(void);

/*
 * Text on lines of its own, a sentence each; in a Chinese page it may be
 * broken between any two characters that allow it.
 */
void page_text(const char *text);

/* An argument on a macro line, with a blank before it: taken as it stands. */
void page_argument(const char *text);

/* The word in the language of the page. */
const char *page_word(const char *english);

#endif
