// Small things that every tab shows.
import { Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleDashed,
  IconHelpCircle,
  IconPlugConnectedX,
  IconShieldCheck,
  type TablerIcon,
} from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import classes from './parts.module.css';
import { severityWord, verdictWord } from './words';

/** verdicts in the order in which they stand everywhere. */
export const verdicts = ['vulnerable', 'resisted', 'unclear', 'errored', 'pending'] as const;

export type VerdictName = (typeof verdicts)[number];

const icons: Record<string, TablerIcon> = {
  vulnerable: IconAlertTriangle,
  resisted: IconShieldCheck,
  unclear: IconHelpCircle,
  errored: IconPlugConnectedX,
};

/** VerdictSign is a verdict as a shape. */
export function VerdictSign({ verdict, size = 14 }: { verdict: string; size?: number }) {
  const Icon = icons[verdict] ?? IconCircleDashed;
  return <Icon size={size} aria-hidden className={classes.sign} data-verdict={verdict || 'pending'} />;
}

interface VerdictProps {
  verdict: string;
  /** a guard stopped it */
  blocked?: boolean;
  /** a person said so */
  person?: boolean;
}

/** Verdict is a verdict by shape, word and colour. */
export function Verdict({ verdict, blocked = false, person = false }: VerdictProps) {
  return (
    <span className={classes.verdict} data-verdict={verdict || 'pending'}>
      <VerdictSign verdict={verdict} />
      {verdictWord(verdict)}
      {blocked && <span className={classes.tag}>{t('tests.blocked')}</span>}
      {person && <span className={classes.tag}>{t('tests.person')}</span>}
    </span>
  );
}

/** Severity is how bad it is, by word and colour. */
export function Severity({ severity }: { severity: string }) {
  return (
    <span className={classes.severity} data-severity={severity}>
      {severityWord(severity)}
    </span>
  );
}

/** spokenCounts says counts in words. */
export function spokenCounts(counts: go.CaseCounts): string {
  return verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${formatNumber(counts[verdict])} ${verdictWord(verdict)}`)
    .join(', ');
}

/** VerdictBar is how many cases came to what, as a bar. */
export function VerdictBar({ counts, tall = false }: { counts: go.CaseCounts; tall?: boolean }) {
  const all = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  const label = spokenCounts(counts) || t('tests.noCases');
  return (
    <Tooltip label={label} disabled={all === 0}>
      <span className={classes.bar} data-tall={tall || undefined} role="img" aria-label={label}>
        {verdicts.map((verdict) =>
          counts[verdict] > 0 ? (
            <span key={verdict} data-verdict={verdict} style={{ flexGrow: counts[verdict] }} />
          ) : null,
        )}
      </span>
    </Tooltip>
  );
}
