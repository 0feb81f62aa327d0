/** signs stand for changes where there is no room for words; colour says it too, and words are there for screen readers. */
export const signs: Record<string, string> = { same: '=', added: '+', removed: '−', changed: '≠' };

export const changeWords: Record<string, string> = {
  same: 'diff.change.same',
  added: 'diff.change.added',
  removed: 'diff.change.removed',
  changed: 'diff.change.changed',
};
