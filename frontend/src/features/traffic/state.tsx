import { IconCheck, IconClockPlay, IconLock, IconPlugX, IconShieldX, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import classes from './Row.module.css';

/** How a state is shown: by a sign, a word and a colour, never by colour alone. */
export interface Sign {
  tone: 'good' | 'warn' | 'bad' | 'info' | 'dim';
  icon: ReactNode;
  word: string;
  /** said in full, where the word alone would not do */
  long?: string;
}

// Made once: rows come and go sixty times a second.
const check = <IconCheck size={14} aria-hidden />;
const cross = <IconX size={14} aria-hidden />;
const cut = <IconPlugX size={14} aria-hidden />;
const shield = <IconShieldX size={14} aria-hidden />;
const lock = <IconLock size={14} aria-hidden />;
const clock = <IconClockPlay size={14} aria-hidden />;
const bars = (
  <span className={classes.bars} aria-hidden>
    <i />
    <i />
    <i />
  </span>
);

const reasons: Record<string, () => string> = {
  'client-tls': () => t('traffic.stage.client_tls'),
  'out-of-scope': () => t('traffic.stage.out_of_scope'),
  'passed-through': () => t('traffic.stage.passed_through'),
  'not-tls': () => t('traffic.stage.not_tls'),
  request: () => t('traffic.stage.request'),
  dns: () => t('traffic.stage.dns'),
  connect: () => t('traffic.stage.connect'),
  tls: () => t('traffic.stage.tls'),
  response: () => t('traffic.stage.response'),
  'client-gone': () => t('traffic.stage.client_gone'),
  loop: () => t('traffic.stage.loop'),
  guard: () => t('traffic.stage.guard'),
  crash: () => t('traffic.stage.crash'),
};

/** refused tells whether the client turned the certificate down. */
export function refused(row: go.Row): boolean {
  return row.stage === 'client-tls';
}

/** unread tells whether a tunnel was left unread because of the scope. */
export function unread(row: go.Row): boolean {
  return row.stage === 'out-of-scope' || row.stage === 'passed-through';
}

function failed(row: go.Row): Sign {
  if (refused(row)) {
    return {
      tone: 'bad',
      icon: shield,
      word: t('traffic.stage.client_tls'),
      long: t('traffic.stage.client_tls_long'),
    };
  }
  return { tone: 'bad', icon: cross, word: (reasons[row.stage] ?? (() => t('traffic.state.failed')))() };
}

function ended(row: go.Row, icon: ReactNode, word: string): Sign {
  if (row.lost) return { tone: 'warn', icon: cut, word: t('traffic.state.lost') };
  if (row.status >= 400)
    return { tone: 'warn', icon: cross, word: t('traffic.state.status', { n: row.status }) };
  if (row.refusal) return { tone: 'info', icon: check, word: t('traffic.state.refusal') };
  return { tone: 'good', icon, word };
}

/** signOf says in a few words how an exchange stands. */
export function signOf(row: go.Row): Sign {
  if (refused(row)) return failed(row);
  if (unread(row)) {
    return { tone: 'dim', icon: lock, word: (reasons[row.stage] ?? (() => ''))() };
  }
  switch (row.state) {
    case 'open':
      return { tone: 'info', icon: clock, word: t('traffic.state.open') };
    case 'streaming':
      return { tone: 'info', icon: bars, word: t('traffic.state.streaming') };
    case 'complete':
      return ended(row, check, t('traffic.state.complete'));
    case 'closed':
      return ended(row, cut, t('traffic.state.closed'));
    case 'unsent':
      return { tone: 'dim', icon: clock, word: t('traffic.state.unsent') };
    default:
      return failed(row);
  }
}

/** StateCell is the sign of an exchange's state. */
export function StateCell({ row }: { row: go.Row }) {
  const { tone, icon, word, long } = signOf(row);
  return (
    <span className={classes.sign} data-tone={tone} title={row.error || long || word}>
      {icon}
      <span className={classes.cut}>{word}</span>
    </span>
  );
}
