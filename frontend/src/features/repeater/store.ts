import { create } from 'zustand';
import type { View } from '../exchange/ExchangeDetail';

interface RepeaterState {
  /** the tab that is shown; empty for the first one */
  tab: string;
  raw: boolean;
  view: View;
  /** the comparison in place of the answer */
  diff: boolean;
  /** what answers are compared with */
  against: 'baseline' | 'previous';
  /** how often a request is sent, by tab */
  times: Readonly<Record<string, number>>;
  /** the answer that is shown, by tab, where it is not the latest */
  chosen: Readonly<Record<string, string>>;
}

/** useRepeater holds how the Repeater looks; what is edited is kept in the project. */
export const useRepeater = create<RepeaterState>(() => ({
  tab: '',
  raw: false,
  view: 'chat',
  diff: false,
  against: 'baseline',
  times: {},
  chosen: {},
}));

/** choose shows an answer of the history; an empty id shows the latest again. */
export function choose(tab: string, id: string): void {
  useRepeater.setState(({ chosen }) => ({ chosen: { ...chosen, [tab]: id } }));
}
