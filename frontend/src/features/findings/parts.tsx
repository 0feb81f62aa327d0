// Small things of findings.
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDot,
  IconCircleX,
  IconHandStop,
  IconInfoCircle,
  IconShieldCheck,
  IconUrgent,
  type TablerIcon,
} from '@tabler/icons-react';
import { t } from '../../i18n';
import classes from './findings.module.css';

const code = (value: string) => value.replace(/\W/g, '_');

/** severities in order, the worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** states of findings, in the order in which they are offered. */
export const states = ['new', 'verified', 'accepted', 'false_positive', 'fixed'] as const;

export type FindingState = (typeof states)[number];

/** severityWord is how bad a finding is. */
export const severityWord = (severity: string): string =>
  t('findings.word.severity', { severity: code(severity), raw: severity });

/** stateWord is what a person holds of a finding. */
export const stateWord = (state: string): string =>
  t('findings.word.state', { state: code(state), raw: state });

/** severityRank is 0 for the worst; what is no severity comes last. */
export function severityRank(severity: string): number {
  const at = (severities as readonly string[]).indexOf(severity);
  return at < 0 ? severities.length : at;
}

const severityIcons: Record<string, TablerIcon> = {
  critical: IconUrgent,
  high: IconAlertOctagon,
  medium: IconAlertTriangle,
  low: IconCircleDot,
  info: IconInfoCircle,
};

/** Severity is how bad a finding is: a sign, a word and a colour. */
export function Severity({ severity }: { severity: string }) {
  const Icon = severityIcons[severity] ?? IconInfoCircle;
  return (
    <span className={classes.word} data-severity={severity}>
      <Icon size={14} aria-hidden /> {severityWord(severity)}
    </span>
  );
}

const stateIcons: Record<string, TablerIcon> = {
  new: IconCircleDot,
  verified: IconCircleCheck,
  accepted: IconHandStop,
  false_positive: IconCircleX,
  fixed: IconShieldCheck,
};

/** State is what a person holds of a finding. */
export function State({ state }: { state: string }) {
  const Icon = stateIcons[state] ?? IconCircleDot;
  return (
    <span className={classes.word} data-state={state}>
      <Icon size={14} aria-hidden /> {stateWord(state)}
    </span>
  );
}
