// SPDX-License-Identifier: MIT
// The search field of index.html: a row stays when it has all the words. The
// page renews itself, and the words stay meanwhile. It asks nobody.
"use strict";
const field = document.querySelector("input");
const count = document.createElement("output");
const rows = [...document.querySelectorAll("tbody tr")];
const kept = "ackfs " + location.pathname;
// a browser may keep nothing
const keep = (name, value) => {
	try {
		if (value === undefined)
			return sessionStorage.getItem(kept + name);
		sessionStorage.setItem(kept + name, value);
	} catch {}
};
const search = () => {
	const words = field.value.toLowerCase().split(/\s+/);
	for (const row of rows) {
		const text = row.textContent.toLowerCase();
		row.hidden = !words.every(word => text.includes(word));
	}
	count.value = field.value.trim() &&
		rows.filter(row => !row.hidden).length + " / " + rows.length;
};
if (field) {
	field.value = keep("") || field.value;
	field.after(count);
	field.parentElement.hidden = false;
	field.addEventListener("input", () => {
		keep("", field.value);
		search();
	});
	addEventListener("pagehide",
		() => keep("!", document.activeElement == field ? "1" : ""));
	if (keep("!"))
		field.focus();
	search();
}
