import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { raw } from '../../api';
import type { Side } from './pane';

/** A window on a body as text (app/window/raw_text.go says what the fields are). */
export interface BodyWindow {
  text: string;
  total: number;
  from: number;
  next: number;
  line: number;
  /** numbers of the lines in it that go on with the one before */
  breaks: number[];
  shape: string;
  invalid: number;
  lost: string;
}

export type Form = 'pretty' | 'text' | 'wire';

/** Bodies up to this size are shown whole, larger ones in steps. */
const whole = 1 << 20;
export const step = 256 << 10;

/** useBody gives the part of a body that begins at an offset. */
export function useBody(id: string, side: Side, form: Form, from: number, news: number, enabled = true) {
  return useQuery({
    queryKey: ['exchange', 'body', id, side, form, from, news],
    queryFn: ({ signal }) => load(id, side, form, from, signal),
    placeholderData: (before, of) =>
      of?.queryKey[2] === id && of.queryKey[4] === form ? keepPreviousData(before) : undefined,
    enabled,
    gcTime: 30_000, // texts are large
  });
}

async function load(
  id: string,
  side: Side,
  form: Form,
  from: number,
  signal: AbortSignal,
): Promise<BodyWindow> {
  const query = `form=${form}&from=${from}&limit=${step}&whole=${whole}`;
  const response = await raw(`/body/${id}/${side}?${query}`, signal);
  const number = (name: string) => Number(response.headers.get(`X-Assay-${name}`) ?? 0);
  const breaks = response.headers.get('X-Assay-Breaks') ?? '';
  return {
    text: await response.text(),
    total: number('Total'),
    from: number('From'),
    next: number('Next'),
    line: number('Line'),
    breaks: breaks ? breaks.split(',').map(Number) : [],
    shape: response.headers.get('X-Assay-Shape') ?? '',
    invalid: number('Invalid'),
    lost: decodeURIComponent(response.headers.get('X-Assay-Lost') ?? ''),
  };
}
