// Small things that every tab shows.
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import type { go } from '../../api';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { ExchangeMenu } from '../actions/ExchangeMenu';
import { Text } from '../traffic/Text';
import { openExchange, openTraffic } from './acts';
import base from './inventory.module.css';
import classes from './parts.module.css';
import { riskLevel, whenWord } from './words';

/** Failed says in place of content what went wrong; onRetry asks once more. */
export function Failed(props: ComponentProps<typeof ErrorState>) {
  return (
    <div className={base.state}>
      <ErrorState {...props} />
    </div>
  );
}

/** parameter finds the parameters of a template: split by it, every other part is one. */
export const parameter = /(\{[^{}]*\})/;

/** PathText is a path template; its parameters look different from what is the same in every path. */
export function PathText({ path }: { path: string }) {
  if (!path.includes('{')) return <Text text={path} />;
  return path.split(parameter).map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one path in order
      <span key={at} className={classes.param}>
        <Text text={part} />
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one path in order
      <Text key={at} text={part} />
    ),
  );
}

/** Risk is a risk of 0 to 100: a number, a sign and a word, never colour alone. */
export function Risk({ risk, why }: { risk: number; why: string }) {
  if (risk === 0) return <span className={base.dim}>{t('inventory.risk.none')}</span>;
  return (
    <span className={classes.risk} data-level={riskLevel(risk)} title={why || undefined}>
      <span className={classes.meter} aria-hidden>
        <span style={{ width: `${Math.min(100, Math.max(4, risk))}%` }} />
      </span>
      {risk}
    </span>
  );
}

/** When is a moment, in full when it is pointed at; nothing where it is not known. */
export function When({ at }: { at: string }) {
  const word = whenWord(at);
  if (!word) return null;
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {word}
    </time>
  );
}

/** Count is a number of exchanges that opens them. */
export function Count({ n, query, label }: { n: number; query: string; label?: string }) {
  const shown = label ?? formatNumber(n);
  if (!query || n === 0) return <span>{shown}</span>;
  return (
    <button
      type="button"
      className={base.link}
      title={t('inventory.count.open', { n })}
      onClick={() => openTraffic(query)}
    >
      {shown}
    </button>
  );
}

/** RowCount is the same in a row of a list, whose buttons the list itself presses. */
export function RowCount({ n, query }: { n: number; query: string }) {
  if (!query || n === 0) return formatNumber(n);
  return (
    <button
      type="button"
      tabIndex={-1}
      data-do="traffic"
      className={base.link}
      title={t('inventory.count.open', { n })}
    >
      {formatNumber(n)}
    </button>
  );
}

/** Exchange opens one exchange. */
export function Exchange({ id, label }: { id: string; label?: string }) {
  if (!id || id === '0') return null;
  return (
    <button type="button" className={base.link} onClick={() => openExchange(id)}>
      {label ?? t('inventory.exchange', { id })}
    </button>
  );
}

/** Section is a part of a detail, with what it is about above it. */
export function Section({ title, n, children }: { title: string; n?: number; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h3 id={id}>
        {title}
        {n !== undefined && n > 0 && <span className={base.n}>{formatNumber(n)}</span>}
      </h3>
      {children}
    </section>
  );
}

/** Nothing says that a part has nothing to show. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className={base.nothing}>{children}</p>;
}

/** Fact is one line of a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Words are values side by side. */
export function Words({ words, most = 40 }: { words: readonly string[]; most?: number }) {
  return (
    <span className={classes.words}>
      {words.slice(0, most).map((word) => (
        <span key={word} className={base.word}>
          <Visible text={word} />
        </span>
      ))}
      {words.length > most && (
        <span className={base.dim}>{t('inventory.more', { n: words.length - most })}</span>
      )}
    </span>
  );
}

/** Samples are exchanges, each with the menu that exchanges have everywhere. */
export function Samples({ rows }: { rows: go.Row[] }) {
  if (rows.length === 0) return <Nothing>{t('inventory.samples.none')}</Nothing>;
  return (
    <ul className={`${base.bare} ${classes.samples}`}>
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className={classes.sample} onClick={() => openExchange(row.id)}>
            <span className={base.dim}>#{row.id}</span>
            <span className={classes.said}>
              <Visible text={row.last_user || `${row.method} ${row.path}`} />
            </span>
            <span className={base.dim}>{row.status || row.state}</span>
            <span className={base.dim}>
              <When at={row.started} />
            </span>
          </button>
          <ExchangeMenu ids={[row.id]}>
            <ActionIcon variant="subtle" aria-label={t('inventory.samples.menu', { id: row.id })}>
              <IconDots size={16} />
            </ActionIcon>
          </ExchangeMenu>
        </li>
      ))}
    </ul>
  );
}

/** New marks what was found since the last visit. */
export function New() {
  return <span className={classes.new}>{t('inventory.new')}</span>;
}

interface ChipProps {
  label: string;
  n: number;
  pressed: boolean;
  title?: string;
  onPress(): void;
}

/** Chip is a count that filters when it is pressed. */
export function Chip({ label, n, pressed, title, onPress }: ChipProps) {
  const chip = (
    <button type="button" className={base.chip} aria-pressed={pressed} onClick={onPress}>
      {label} <span className={base.chipN}>{formatNumber(n)}</span>
    </button>
  );
  return title ? (
    <Tooltip label={title} multiline maw={300}>
      {chip}
    </Tooltip>
  ) : (
    chip
  );
}

interface ScrollsProps {
  label: string;
  /** F6 stops here */
  pane?: string;
  className?: string | undefined;
  children: ReactNode;
}

/** Scrolls is a part of the page with a scroll bar of its own, which the keyboard can reach. */
export function Scrolls({ label, pane, className, children }: ScrollsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section className={className} tabIndex={0} aria-label={label} data-pane={pane}>
      {children}
    </section>
  );
}
