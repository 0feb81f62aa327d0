import { api, raw } from '../../api';

/** assembled gives the whole text of an answer, put together from its events. */
export async function assembled(id: string): Promise<string> {
  const { answer } = await api.exchange.Chat({ id, have: '', all: false });
  const texts = answer.filter((part) => part.kind === 'text' || part.kind === 'refusal');
  const whole = await Promise.all(
    texts.map(async ({ text, more, at, size }) =>
      more === 0 ? text : (await raw(`/text/${id}?at=${at}&limit=${size}`)).text(),
    ),
  );
  return whole.join('');
}
