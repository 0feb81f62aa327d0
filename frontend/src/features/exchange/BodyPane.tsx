import { Button } from '@mantine/core';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { Copy, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './Bodies.module.css';
import { type BodyWindow, type Form, step, useBody } from './body';
import type { EditorHandle } from './Editor';
import type { Side } from './pane';

const Editor = lazy(() => import('./Editor'));

interface BodyPaneProps {
  id: string;
  side: Side;
  head: go.Head;
  form: Form;
  /** the head above the body, as recorded */
  withHead: boolean;
  wrap: boolean;
  news: number;
  /** the keys for finding mean this pane */
  active: boolean;
  onActive(): void;
}

/** BodyPane is one message as text, or a window on it where it is long. */
export function BodyPane({ id, side, head, form, withHead, wrap, news, active, onActive }: BodyPaneProps) {
  const [from, setFrom] = useState(0);
  const editor = useRef<EditorHandle | null>(null);
  const asked = head.seen;
  const { data, error, refetch } = useBody(id, side, form, from, news, asked);
  useCommand('exchange.find', () => editor.current?.find(), active && asked);
  useCommand('exchange.next', () => editor.current?.next(), active && asked);
  useCommand('exchange.previous', () => editor.current?.previous(), active && asked);
  const title = side === 'request' ? t('exchange.side.request') : t('exchange.side.response');
  const shown = useMemo(
    () => data && display(data, withHead && data.from === 0 ? head : undefined),
    [data, withHead, head],
  );
  if (!head.seen) return <Section title={title} note={t('exchange.side.none')} onActive={onActive} />;
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!data || !shown) return <Loading />;
  const empty = data.total === 0;
  return (
    <Section title={title} head={withHead ? undefined : head} onActive={onActive} notes={notes(data, head)}>
      {empty && !withHead ? (
        <p className={classes.empty}>{t('exchange.body.empty')}</p>
      ) : data.shape === 'binary' && form === 'pretty' ? (
        <p className={classes.empty}>
          {t('exchange.body.binary', { size: formatBytes(head.body.kept), type: head.body.type || 'none' })}
        </p>
      ) : (
        <Suspense fallback={<Loading />}>
          <Editor
            handle={editor}
            text={shown.text}
            json={data.shape === 'json' || data.shape === 'events'}
            wrap={wrap}
            label={title}
            line={data.line}
            skip={shown.skip}
            breaks={data.breaks}
          />
        </Suspense>
      )}
      {data.next - data.from < data.total && <Steps data={data} onFrom={setFrom} />}
    </Section>
  );
}

function display(data: BodyWindow, head: go.Head | undefined): { text: string; skip: number } {
  if (!head) return { text: data.text, skip: 0 };
  const lines = [head.line, ...head.headers.map(({ name, value }) => `${name}: ${value}`), '', ''];
  return { text: lines.join('\n') + data.text, skip: lines.length - 1 };
}

function notes(data: BodyWindow, head: go.Head): string[] {
  const list: string[] = [];
  if (data.lost && data.lost !== head.body.lost) list.push(t('exchange.body.lost', { why: data.lost }));
  if (data.invalid > 0) list.push(t('exchange.body.invalid', { count: data.invalid }));
  if (data.breaks.length > 0) list.push(t('exchange.body.broken', { count: data.breaks.length }));
  return list;
}

interface SectionProps {
  title: string;
  head?: go.Head | undefined;
  note?: string;
  notes?: string[];
  onActive(): void;
  children?: React.ReactNode;
}

function Section({ title, head, note, notes = [], onActive, children }: SectionProps) {
  return (
    <section className={classes.section} onFocusCapture={onActive} aria-label={title}>
      <header className={classes.title}>
        <h2>{title}</h2>
        {head && (
          <span className={classes.glance}>
            <Visible text={head.line} />
          </span>
        )}
        {head && <Copy text={head.url || head.line} title={t('exchange.body.copyLine')} />}
      </header>
      {note && <p className={classes.empty}>{note}</p>}
      {notes.map((each) => (
        <p key={each} className={classes.note} role="note">
          <Visible text={each} />
        </p>
      ))}
      {children}
    </section>
  );
}

/** Steps says which part of a long text is shown, and goes to the others. */
function Steps({ data, onFrom }: { data: BodyWindow; onFrom(from: number): void }) {
  const { from, next, total } = data;
  return (
    <nav className={classes.steps} aria-label={t('exchange.body.steps')}>
      <Button variant="default" size="compact-xs" disabled={from === 0} onClick={() => onFrom(0)}>
        {t('exchange.body.first')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={from === 0}
        onClick={() => onFrom(Math.max(0, from - step))}
      >
        {t('exchange.body.previous')}
      </Button>
      <span role="status">
        {t('exchange.body.position', {
          from: formatNumber(Math.floor(from / 1000)),
          to: formatNumber(Math.ceil(next / 1000)),
          total: formatNumber(Math.ceil(total / 1000)),
        })}
      </span>
      <Button variant="default" size="compact-xs" disabled={next >= total} onClick={() => onFrom(next)}>
        {t('exchange.body.next')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={next >= total}
        onClick={() => onFrom(Math.max(0, total - step))}
      >
        {t('exchange.body.last')}
      </Button>
    </nav>
  );
}
