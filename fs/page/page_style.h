/* SPDX-License-Identifier: MIT */
/* How the page looks and searches: the lines of page.css and page.js, which the
 * build puts here. */
#ifndef PAGE_STYLE_H
#define PAGE_STYLE_H

extern const char *const page_style[], *const page_script[]; /* NULL ends */

#endif
