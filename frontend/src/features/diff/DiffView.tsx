import './commands';
import { ActionIcon, SegmentedControl, Tabs, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Deltas } from './Deltas';
import classes from './diff.module.css';
import { Meaning } from './Meaning';
import { Noise } from './Noise';
import { countRuns } from './segments';
import { TextDiff } from './TextDiff';
import { kinds, type Side, useDiff } from './useDiff';

type Level = 'meaning' | 'text' | 'json';

const levels: Record<Level, string> = {
  meaning: 'diff.tab.meaning',
  text: 'diff.tab.text',
  json: 'diff.tab.json',
};

interface DiffViewProps {
  /** the exchange before, and the one after */
  a: string;
  b: string;
  side?: Side;
  /** shown between the tabs and the differences */
  children?: ReactNode;
}

/** DiffView shows how two exchanges differ: what they mean, what they say, what they hold. */
export function DiffView({ a, b, side = 'answer', children }: DiffViewProps) {
  const [level, setLevel] = useState<Level>('text');
  const [beside, setBeside] = useState(false);
  const [ignore, setIgnore] = useState(kinds);
  const [at, setAt] = useState(-1);
  const box = useRef<HTMLElement>(null);
  const { data, error, refetch } = useDiff(a, b, side, ignore);
  const counts = data ? countAll(data) : { meaning: 0, text: 0, json: 0 };
  const all = counts[level];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another comparison begins before its first change
  useEffect(() => setAt(-1), [a, b, side, level]);
  const step = (by: number) => {
    if (all === 0) return;
    const next = at < 0 ? (by > 0 ? 0 : all - 1) : (at + by + all) % all;
    setAt(next);
    box.current?.querySelector(`[data-change="${next}"]`)?.scrollIntoView({ block: 'center' });
  };
  useCommand('diff.next', () => step(1), all > 0);
  useCommand('diff.previous', () => step(-1), all > 0);
  useCommand('diff.beside', () => setBeside(!beside));
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Loading />;
  const shown = { data, level, beside, at, side, onIgnore: (path: string) => setIgnore([...ignore, path]) };
  return (
    <div className={classes.view} data-scope="viewer">
      <div className={classes.bar}>
        <Tabs value={level} onChange={(next) => next && setLevel(next as Level)}>
          <Tabs.List aria-label={t('diff.tab.label')}>
            {(Object.keys(levels) as Level[]).map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(levels[each])}
                <span className={classes.badge} data-none={counts[each] === 0 || undefined}>
                  {counts[each]}
                </span>
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <SegmentedControl
          size="xs"
          aria-label={t('diff.layout.label')}
          value={beside ? 'split' : 'inline'}
          onChange={(value) => setBeside(value === 'split')}
          data={[
            { value: 'inline', label: t('diff.layout.inline') },
            { value: 'split', label: t('diff.layout.split') },
          ]}
        />
        <Stepper at={at} all={all} onStep={step} />
      </div>
      {level !== 'text' && <Noise ignore={ignore} counted={data.noise} onChange={setIgnore} />}
      {children}
      {data.open && <p className={classes.hint}>{t('diff.open')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section ref={box} className={classes.body} tabIndex={0} aria-label={t(levels[level])}>
        <Shown {...shown} />
      </section>
    </div>
  );
}

function countAll(data: go.DiffOut): Record<Level, number> {
  return {
    meaning: data.facts.filter((fact) => fact.change !== 'same').length,
    text: countRuns(data.text.segments),
    json: data.headers.length + data.changes.length + countRuns(data.lines.segments),
  };
}

function Stepper({ at, all, onStep }: { at: number; all: number; onStep(by: number): void }) {
  return (
    <div className={classes.stepper}>
      <span role="status">{t('diff.count', { at: at < 0 ? '–' : at + 1, all })}</span>
      <Tooltip label={t('diff.command.previous')}>
        <ActionIcon
          variant="default"
          size={26}
          disabled={all === 0}
          aria-label={t('diff.command.previous')}
          onClick={() => onStep(-1)}
        >
          <IconArrowUp size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('diff.command.next')}>
        <ActionIcon
          variant="default"
          size={26}
          disabled={all === 0}
          aria-label={t('diff.command.next')}
          onClick={() => onStep(1)}
        >
          <IconArrowDown size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

interface ShownProps {
  data: go.DiffOut;
  level: Level;
  beside: boolean;
  at: number;
  side: Side;
  onIgnore(path: string): void;
}

function Shown({ data, level, beside, at, side, onIgnore }: ShownProps) {
  if (level === 'meaning') return <Meaning facts={data.facts} at={at} />;
  if (level === 'text') {
    if (data.text.segments.length === 0) return <p className={classes.same}>{t('diff.same.nothing')}</p>;
    const same = data.text.segments.every((piece) => piece.change === 'same');
    return (
      <>
        {same && <Same data={data} side={side} />}
        <TextDiff text={data.text} beside={beside} at={at} />
      </>
    );
  }
  const titles: Record<string, string> = {
    events: 'diff.json.events',
    binary: 'diff.json.binary',
  };
  const none = countAll(data).json === 0;
  return (
    <>
      {none && <p className={classes.same}>{t(data.equal ? 'diff.same.bytes' : 'diff.same.json')}</p>}
      <Deltas title={t('diff.json.headers')} deltas={data.headers} beside={beside} at={at} first={0} />
      <Deltas
        title={t(titles[data.form] ?? 'diff.json.body')}
        deltas={data.changes}
        beside={beside}
        at={at}
        first={data.headers.length}
        {...(data.form === 'binary' ? {} : { onIgnore })}
      />
      {data.more > 0 && <p className={classes.hint}>{t('diff.json.more', { n: data.more })}</p>}
      {data.lines.segments.length > 0 && (
        <TextDiff text={data.lines} beside={beside} at={at} first={data.headers.length} />
      )}
    </>
  );
}

function Same({ data, side }: { data: go.DiffOut; side: Side }) {
  const what = data.equal ? 'diff.same.bytes' : 'diff.same.text';
  return (
    <p className={classes.same}>
      <strong>{t(side === 'answer' ? 'diff.same.answer' : 'diff.same.request')}</strong> {t(what)}
    </p>
  );
}
