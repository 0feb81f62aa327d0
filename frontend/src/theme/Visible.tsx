import { Fragment, memo, type ReactNode } from 'react';
import { t } from '../i18n';
import { type Kind, reveal, type Sign } from './hidden';
import classes from './Visible.module.css';

// Beyond this many signs they are written into the text itself: a text made of nothing else must not freeze the window.
const mostSigns = 2000;

function explain({ kind, codes }: Sign): string {
  const texts: Record<Kind, () => string> = {
    control: () => t('frame.visible.control', { codes }),
    direction: () => t('frame.visible.direction', { codes }),
    invisible: () => t('frame.visible.invisible', { codes }),
    tags: () => t('frame.visible.tags', { codes }),
    variation: () => t('frame.visible.variation', { codes }),
    broken: () => t('frame.visible.broken', { codes }),
  };
  return texts[kind]();
}

function shown(text: string): ReactNode {
  const parts = reveal(text);
  if (!parts) return text;
  let signs = 0;
  return parts.map((part, at) => {
    if (typeof part === 'string') return part;
    if (++signs > mostSigns) return `⟦${part.label}⟧`;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity, and never move
      <span key={at} className={classes.sign} data-kind={part.kind} title={explain(part)}>
        {part.label}
      </span>
    );
  });
}

/**
 * Visible shows recorded text as text. Whatever would not be seen, or would make the rest read differently, becomes a
 * small sign; the direction of the text stays its own affair. Nothing is cut.
 */
export const Visible = memo(function Visible({ text, className }: { text: string; className?: string }) {
  return (
    <bdi className={className} dir="auto">
      {shown(text)}
    </bdi>
  );
});

interface MarkedProps {
  text: string;
  /** stretches of the text in order and without overlap, in UTF-16 units, and why each is marked */
  marks: readonly { from: number; to: number; title: string }[];
}

/** Marked is Visible with stretches of the text underlined. */
export const Marked = memo(function Marked({ text, marks }: MarkedProps) {
  const parts: ReactNode[] = [];
  let done = 0;
  for (const { from, to, title } of marks) {
    if (from > done) parts.push(<Fragment key={done}>{shown(text.slice(done, from))}</Fragment>);
    parts.push(
      <mark key={`${from} marked`} className={classes.marked} title={title}>
        {shown(text.slice(from, to))}
      </mark>,
    );
    done = to;
  }
  if (done < text.length) parts.push(<Fragment key={done}>{shown(text.slice(done))}</Fragment>);
  return <bdi dir="auto">{parts}</bdi>;
});
