import { Button } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { type go, raw } from '../../api';
import { notifyError } from '../../frame/notify';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Marked, Visible } from '../../theme/Visible';
import { blocks } from './blocks';
import classes from './Chat.module.css';
import { type Mark, useMarks, within } from './signs';

interface TextBlockProps {
  id: string;
  part: go.ChatPart;
  /** characters that are shown before the rest is folded */
  fold: number;
  live?: boolean;
  mono?: boolean;
}

const step = 256 << 10; // bytes

/** TextBlock shows a text as text: folded when it is long, and with a way to the rest when it was cut. */
export const TextBlock = memo(function TextBlock({
  id,
  part,
  fold,
  live = false,
  mono = false,
}: TextBlockProps) {
  const [open, setOpen] = useState(false);
  const rest = useRest(id, part);
  const text = part.text + rest.text;
  const marks = useMarks(part.at);
  const beyond = marks.some(({ to }) => to > fold); // what is marked is not folded away
  const folded = !open && !live && !beyond && text.length > fold * 1.2;
  const shown = folded ? cutAt(text, fold) : text;
  return (
    <div className={classes.text} data-mono={mono || undefined}>
      {mono ? <Said text={shown} marks={marks} at={0} /> : <Prose text={shown} live={live} marks={marks} />}
      {mono && live && <Caret />}
      {folded && (
        <button type="button" className={classes.more} onClick={() => setOpen(true)}>
          {t('exchange.chat.show', { count: text.length - shown.length })}
        </button>
      )}
      {!folded && rest.more > 0 && (
        <div>
          <Button variant="default" size="compact-sm" loading={rest.asking} onClick={rest.ask}>
            {t('exchange.chat.rest', { size: formatBytes(rest.more) })}
          </Button>
        </div>
      )}
      {open && (
        <button type="button" className={classes.more} onClick={() => setOpen(false)}>
          {t('exchange.chat.less')}
        </button>
      )}
    </div>
  );
});

/** cutAt cuts a text without leaving half a character. */
function cutAt(text: string, at: number): string {
  const code = text.charCodeAt(at - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? at - 1 : at);
}

/** useRest gets the part of a text that did not come with the conversation. */
function useRest(id: string, { at, size, more }: go.ChatPart) {
  const [got, setGot] = useState({ text: '', bytes: 0, of: -1 });
  const [asking, setAsking] = useState(false);
  const mine = got.of === size - more ? got : { text: '', bytes: 0 };
  const ask = async () => {
    setAsking(true);
    try {
      const from = size - more + mine.bytes;
      const answer = await raw(`/text/${id}?at=${at}&from=${from}&limit=${step}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const whole = wholeCharacters(bytes, from + bytes.length >= size);
      const text = new TextDecoder().decode(bytes.subarray(0, whole));
      setGot({ text: mine.text + text, bytes: mine.bytes + whole, of: size - more });
    } catch (reason) {
      notifyError(reason);
    }
    setAsking(false);
  };
  return { text: mine.text, more: more - mine.bytes, asking, ask };
}

/** wholeCharacters counts the bytes before a character that was cut at the end. */
function wholeCharacters(bytes: Uint8Array, last: boolean): number {
  if (last) return bytes.length;
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return (bytes[end - 1] ?? 0) >= 0xc0 ? end - 1 : bytes.length;
}

/** Caret stands where the next word will. */
function Caret() {
  return <span className={classes.caret} aria-hidden />;
}

// A stretch of a text that begins at a place in it, with what is marked of it.
function Said({ text, marks, at }: { text: string; marks: readonly Mark[]; at: number }) {
  const mine = within(marks, at, text.length);
  return mine.length > 0 ? <Marked text={text} marks={mine} /> : <Visible text={text} />;
}

/** Prose shows text with its line breaks, and what is fenced as code in fixed pitch. */
function Prose({ text, live, marks }: { text: string; live: boolean; marks: readonly Mark[] }) {
  const parts = useMemo(() => blocks(text), [text]);
  if (parts.length === 0) return live && <Caret />;
  return parts.map(({ code, language, text: inside, start, at: from }, at) =>
    code ? (
      <pre key={start} className={classes.code} data-language={language || undefined}>
        <Said text={inside} marks={marks} at={from} />
        {live && at === parts.length - 1 && <Caret />}
      </pre>
    ) : (
      <div key={start} className={classes.paragraph}>
        <Said text={inside} marks={marks} at={from} />
        {live && at === parts.length - 1 && <Caret />}
      </div>
    ),
  );
}
