import type { SpotlightActionData, SpotlightFilterFunction } from '@mantine/spotlight';

type Entry = Parameters<SpotlightFilterFunction>[1][number];

/** matching tells whether every word that was typed is somewhere in a name, in any order. */
export function matching(query: string, name: string): boolean {
  const text = name.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** findActions keeps the actions whose label or id has every word. */
export const findActions: SpotlightFilterFunction = (query, actions) => {
  const found = (action: SpotlightActionData) => matching(query, `${action.label} ${action.keywords}`);
  return actions.flatMap<Entry>((entry) => {
    if (!('actions' in entry)) return found(entry) ? [entry] : [];
    const left = entry.actions.filter(found);
    return left.length > 0 ? [{ ...entry, actions: left }] : [];
  });
};
