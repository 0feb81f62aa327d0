import { useEffect, useRef, useState } from 'react';
import { api, type go } from '../../api';
import { notifyError } from '../../frame/notify';
import { pointsBefore } from './points';

const SUGGEST_AFTER = 60;

export interface Help extends go.SuggestOut {
  /** the text it is about */
  text: string;
}

/** Ask says how a query may go on: that of exchanges is asked of Go, other lists bring their own. */
export type Ask = (input: go.SuggestIn) => Promise<go.SuggestOut>;

const ofExchanges: Ask = (input) => api.traffic.Suggest(input);

/** useSuggest asks what may follow in a query while it is typed; what it answers lags by a moment. */
export function useSuggest(text: string, cursor: number, asking: boolean, ask = ofExchanges): Help | null {
  const [help, setHelp] = useState<Help | null>(null);
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    if (!asking) return;
    const timer = setTimeout(async () => {
      try {
        const out = await ask({ text, cursor: pointsBefore(text, cursor) });
        if (mine === turn.current) setHelp({ ...out, text });
      } catch (reason) {
        notifyError(reason);
      }
    }, SUGGEST_AFTER);
    return () => clearTimeout(timer);
  }, [text, cursor, asking, ask]);
  return help;
}
