// SPDX-License-Identifier: MIT
// The paths of requests and answers, and what stands at their ends: once as
// the SDK's models have them, once as the tables of ackfs do.
//
//	scaling_group.data_disks[].size -> number
import { request } from './sandbox.mjs';

// Of a model of the SDK. A map, and a model that holds itself, is an object.
export function modelPaths(name) {
	const paths = new Map();

	function visit(type, at, within) {
		if (typeof type === 'string') {
			paths.set(at, type);
		} else if (type.type === 'array') {
			visit(type.itemType, `${at}[]`, within);
		} else if (type.type === 'map' || within.includes(type)) {
			paths.set(at, 'object');
		} else {
			const names = type.names(), types = type.types();

			for (const key of Object.keys(names))
				visit(types[key], (at ? `${at}.` : '') + names[key],
					[...within, type]);
		}
	}

	visit(request[name], '', []);
	return paths;
}

// The shapes of `ackfs --schema`: {key:shape,…}, [shape], or a word.
function shapePaths(shape, at, paths) {
	let i = 0;

	function visit(path) {
		if (shape[i] === '[') {
			i++;
			visit(`${path}[]`);
			i++;
		} else if (shape[i] === '{') {
			while (shape[i] !== '}') {
				const colon = shape.indexOf(':', ++i);
				const key = shape.slice(i, colon);

				i = colon + 1;
				visit(`${path}.${key}`);
			}
			i++;
		} else {
			const [word] = shape.slice(i).match(/^[a-z]+/);

			i += word.length;
			paths.set(path, word);
		}
	}

	visit(at);
	if (i !== shape.length)
		throw new Error(`${at}: a shape ends at ${shape.slice(i)}`);
}

// Of the places of one kind, of all rows of a table.
export function tablePaths(rows, place) {
	const paths = new Map();

	for (const row of rows) {
		for (const path of row.places[place]?.split(' ') ?? []) {
			const [at, member] = path.replace(/\[(0|\+|[a-z]+)\]/g, '[]')
				.split('=');

			if (at.endsWith('[*]'))
				continue;
			shapePaths(member ? 'string' : row.shape, at, paths);
		}
	}
	return paths;
}

// What is in `a` and not in `b`, or of another type there. An object covers
// whatever is below it.
export function differences(a, b) {
	const objects = [...b].filter(([, type]) => type === 'object')
		.map(([path]) => path);
	const missing = [], other = [];

	for (const [path, type] of a) {
		const covered = objects.some((o) => path === o ||
			path.startsWith(`${o}.`) || path.startsWith(`${o}[`));

		if (b.has(path) && b.get(path) !== type && !covered)
			other.push(`${path}: ${type}, not ${b.get(path)}`);
		else if (!b.has(path) && !covered && !(type === 'object' &&
			[...b.keys()].some((p) => p.startsWith(`${path}.`))))
			missing.push(path);
	}
	return { missing, other };
}
