import { IconShield, IconShieldExclamation, IconShieldFilled, IconShieldX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { severityWord } from '../findings/parts';
import classes from './ThreatMark.module.css';

const shields: Record<string, ReactNode> = {
  critical: <IconShieldFilled size={14} aria-hidden />,
  high: <IconShieldX size={14} aria-hidden />,
  medium: <IconShieldExclamation size={14} aria-hidden />,
};
const shield = <IconShield size={14} aria-hidden />;

/** threatWord says in which threats an exchange counts; empty where in none. */
export function threatWord({ threat: { n, severity, titles } }: go.Row): string {
  if (n === 0) return '';
  return t('traffic.threat', { n, severity: severityWord(severity), titles: titles.join(', ') });
}

/** ThreatMark is a small shield in the row of an exchange that counts in a threat: its form and title say how bad. */
export function ThreatMark({ row }: { row: go.Row }) {
  if (row.threat.n === 0) return null;
  return (
    <span className={classes.threat} data-severity={row.threat.severity} title={threatWord(row)}>
      {shields[row.threat.severity] ?? shield}
    </span>
  );
}
