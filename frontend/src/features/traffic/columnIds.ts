/** The columns there are, in the order in which they stand. */
export const columnIds = [
  'number',
  'time',
  'client',
  'source',
  'host',
  'model',
  'text',
  'tools',
  'tokens',
  'size',
  'ttft',
  'duration',
  'status',
  'state',
  'marks',
] as const;

export type ColumnId = (typeof columnIds)[number];
