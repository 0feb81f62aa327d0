import { create } from 'zustand';
import type { View } from '../exchange/ExchangeDetail';
import { type ColumnId, columnIds } from './columnIds';
import { recall, remember } from './remember';
import { none, type Selection } from './selection';

/** Reveal asks the list to bring a line into view. */
export interface Reveal {
  index: number;
  /**
   * least: as little as needed; middle: as something new to look at; end: the newest; shift: the rows in sight moved by
   * as many places, and stay where they are on screen
   */
  how: 'least' | 'middle' | 'end' | 'shift';
}

/** Popover is what is being written about the chosen exchanges. */
export type Popover = 'colour' | 'tags' | 'note';

export interface Columns {
  shown: ColumnId[];
  widths: Partial<Record<ColumnId, number>>;
}

interface TrafficState {
  /** what stands in the filter bar */
  text: string;
  /** what was applied of it */
  query: string;
  filterOn: boolean;
  all: boolean;
  group: boolean;
  /** the end stays in view while traffic arrives */
  follow: boolean;
  /** the newest line is in view */
  end: boolean;
  /** how many lines there were when the end was last in view */
  seen: number;
  selection: Selection;
  reveal: Reveal | null;
  detail: boolean;
  view: View;
  popover: Popover | null;
  columns: Columns;
  /** part of the space that the list takes, in percent */
  split: { rows: number; columns: number };
}

/** Shown unless the person chose otherwise. */
export const usual: ColumnId[] = [
  'number',
  'time',
  'client',
  'model',
  'text',
  'tools',
  'tokens',
  'ttft',
  'duration',
  'state',
  'marks',
];

function isColumns(value: unknown): value is Columns {
  const columns = value as Columns | null;
  return (
    Array.isArray(columns?.shown) &&
    columns.shown.includes('text') &&
    columns.shown.every((id) => columnIds.includes(id)) &&
    typeof columns.widths === 'object' &&
    Object.values(columns.widths).every((width) => typeof width === 'number')
  );
}

function isSplit(value: unknown): value is TrafficState['split'] {
  const split = value as TrafficState['split'] | null;
  return typeof split?.rows === 'number' && typeof split.columns === 'number';
}

/** useTraffic is the state of the screen. It outlives the screen, so that coming back finds it as it was. */
export const useTraffic = create<TrafficState>(() => ({
  text: '',
  query: '',
  filterOn: true,
  all: false,
  group: false,
  follow: true,
  end: true,
  seen: 0,
  selection: none,
  reveal: null,
  detail: false,
  view: 'chat',
  popover: null,
  columns: recall('columns', isColumns, { shown: usual, widths: {} }),
  split: recall('split', isSplit, { rows: 45, columns: 55 }),
}));

/** place is how far the list is scrolled, in pixels of rows. No part of the state: nothing is drawn again because of it. */
export const place = { offset: 0 };

/** setColumns changes and remembers what the list shows. */
export function setColumns(columns: Columns): void {
  useTraffic.setState({ columns });
  remember('columns', columns);
}

/** setSplit changes and remembers how the space is divided. */
export function setSplit(split: TrafficState['split']): void {
  useTraffic.setState({ split });
  remember('split', split);
}
