// The library as lines of a tree: items of OWASP, and under each the templates that are about it.
import type { go } from '../../api';
import { severityRank } from './words';

/** A line of the tree. */
export type Line =
  | { kind: 'item'; id: string; item: go.FrameworkID; n: number; open: boolean }
  | { kind: 'template'; id: string; template: go.TemplateRow; under: string }
  | { kind: 'broken'; id: string; broken: go.BrokenFile };

/** words are what a template is found by. */
const words = (row: go.TemplateRow): string =>
  `${row.id} ${row.name} ${row.severity} ${row.technique} ${row.level} ${row.owasp.join(' ')} ${row.tags.join(' ')} ${row.kinds.join(' ')}`.toLowerCase();

/** found tells whether every word of a filter is in a template. */
export function found(row: go.TemplateRow, text: string): boolean {
  const all = words(row);
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** own is the branch of a person's own templates. */
export const own = 'own';

/** tree gives the lines that are shown; a filter unfolds what it finds. A template of two items stands under both. */
export function tree(
  { templates, owasp, broken }: go.LibraryOut,
  text: string,
  folded: ReadonlySet<string>,
  titles: { own: string },
): Line[] {
  const kept = text.trim() ? templates.filter((row) => found(row, text.trim())) : templates;
  const lines: Line[] = [];
  const branch = (item: go.FrameworkID, rows: go.TemplateRow[], extra: Line[] = []) => {
    if (rows.length + extra.length === 0 && text.trim()) return;
    const open = text.trim() !== '' || !folded.has(item.id);
    lines.push({ kind: 'item', id: item.id, item, n: rows.length + extra.length, open });
    if (!open) return;
    lines.push(...extra);
    for (const template of [...rows].sort(byHarm)) {
      lines.push({ kind: 'template', id: `${item.id} ${template.id}`, template, under: item.id });
    }
  };
  const mine = kept.filter((row) => row.own);
  const faults = broken
    .filter(({ file }) => !text.trim() || file.toLowerCase().includes(text.trim().toLowerCase()))
    .map((each): Line => ({ kind: 'broken', id: `broken ${each.file}`, broken: each }));
  if (mine.length + faults.length > 0) branch({ id: own, title: titles.own }, mine, faults);
  for (const item of owasp) {
    branch(
      item,
      kept.filter((row) => row.owasp.includes(item.id)),
    );
  }
  return lines;
}

function byHarm(a: go.TemplateRow, b: go.TemplateRow): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.name.localeCompare(b.name);
}
