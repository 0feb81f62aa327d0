import type { go } from '../../api';

/** What every view is given. */
export interface PaneProps {
  id: string;
  heads: go.HeadsOut;
  /** it still arrives */
  live: boolean;
  /** grows while it arrives */
  news: number;
  answerOnly: boolean;
}

export type Side = 'request' | 'response';
