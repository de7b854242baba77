/* SPDX-License-Identifier: MIT */
/*
 * The texts that a person reads, in the language of the mount. The tables are
 * keyed by the English text, as gettext's are; gettext itself would need a
 * locale that is generated, which a container or a rescue system lacks.
 */
#ifndef ACK_TEXT_H
#define ACK_TEXT_H

#include <stdbool.h>

/*
 * Chooses it for the whole process: "zh", "zh_CN.UTF-8" and the like is
 * Chinese, all else is English, another encoding too. NULL: by LC_ALL,
 * LC_MESSAGES and LANG, of which the first that is set counts.
 */
void ack_text_language(const char *locale);

bool ack_text_is_chinese(void);

/*
 * The text in that language; `english` itself where the tables lack it. A
 * format stays one for the same arguments. NULL is NULL.
 */
const char *ack_text(const char *english) __attribute__((format_arg(1)));

/* A row of the tables, for tests; false: there are no more. */
bool ack_text_row(unsigned row, const char **english, const char **chinese);

#endif
