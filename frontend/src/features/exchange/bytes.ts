import { useCallback, useEffect, useRef, useState } from 'react';
import { raw } from '../../api';
import type { Side } from './pane';

const chunk = 64 << 10;
const most = 64; // chunks that are kept

/** useBytes gives bytes of a body as they are looked at: want asks for a stretch, at gives what is there of one. */
export function useBytes(id: string, side: Side, form: 'wire' | 'decoded', news: number) {
  const chunks = useRef(new Map<number, Uint8Array | 'asked'>());
  const [total, setTotal] = useState<number>();
  const [error, setError] = useState<unknown>();
  const [, draw] = useState(0);
  const ask = useCallback(
    async (n: number) => {
      chunks.current.set(n, 'asked');
      try {
        const answer = await raw(`/raw/${id}/${side}?form=${form}&from=${n * chunk}&limit=${chunk}`);
        chunks.current.set(n, new Uint8Array(await answer.arrayBuffer()));
        for (const old of [...chunks.current.keys()].slice(0, -most)) chunks.current.delete(old);
        setTotal(Number(answer.headers.get('X-Assay-Total')));
        draw((count) => count + 1);
      } catch (reason) {
        chunks.current.delete(n);
        setError(reason);
      }
    },
    [id, side, form],
  );
  const wanted = useRef({ from: 0, to: 1 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: news says that there may be more
  useEffect(() => {
    for (const [n, bytes] of chunks.current) {
      if (bytes !== 'asked' && bytes.length < chunk) chunks.current.delete(n); // the end has moved
    }
    void ask(Math.floor(wanted.current.from / chunk));
  }, [ask, news]);
  useEffect(() => {
    const { from, to } = wanted.current;
    if (total === undefined) return;
    for (let n = Math.floor(from / chunk); n * chunk < Math.min(to, total); n++) {
      if (!chunks.current.has(n)) void ask(n);
    }
  });
  return {
    total,
    error,
    retry: () => {
      setError(undefined);
      void ask(0);
    },
    want: (from: number, to: number) => {
      wanted.current = { from, to };
    },
    at: (from: number, length: number) => {
      const bytes = chunks.current.get(Math.floor(from / chunk));
      if (!bytes || bytes === 'asked') return undefined;
      return bytes.subarray(from % chunk, (from % chunk) + length);
    },
  };
}
