// SPDX-License-Identifier: MIT
// What a browser shows of index.html, as the title of the page: the rows that
// are not filtered out, the least contrast of a text, whether it has to be
// scrolled sideways, and which of the two looks it is.
function luminance(colour)
{
	const [r, g, b] = colour.match(/[\d.]+/g).map(v => (v /= 255) <= 0.03928
		? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function behind(element)
{
	for (;; element = element.parentElement) {
		const colour = getComputedStyle(element).backgroundColor;

		if (!/, 0\)$/.test(colour))
			return colour;
	}
}

function contrast(element)
{
	const [a, b] = [getComputedStyle(element).color, behind(element)].map(
		luminance).sort((x, y) => y - x);

	return (a + 0.05) / (b + 0.05);
}

// which rows the address picks is known when all has come
addEventListener('load', () => {
	const texts = [...document.body.querySelectorAll('*')].filter(
		e => e.tagName != 'SCRIPT' && [...e.childNodes].some(n =>
			n.nodeType == Node.TEXT_NODE && n.data.trim()));

	document.title = JSON.stringify({
		shown: [...document.querySelectorAll('tbody tr')].filter(
			row => row.offsetHeight).length,
		texts: texts.length,
		least: Math.min(...texts.map(contrast)),
		wide: document.documentElement.scrollWidth > innerWidth,
		dark: matchMedia('(prefers-color-scheme: dark)').matches,
	});
});
